"""What the worker holds in memory to tell at once what a new telling is like. A hint: the rows say which telling has which topic."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import F

from siqian.kernel.permits import OFFICE
from siqian.spine.learn import queries as teach, rules as learn
from siqian.spine.matters import queries as matters
from siqian.spine.remit import queries as remit

from . import rules
from .models import Voice

PAGE, MOST_PAGES = 2000, 60
# Held beyond those that count any more: then everything is read anew.
STALE = 1000
# What is left round a place that was cut out; greetings and calls before the first comma, which say nothing yet.
GAP = re.compile(r"[，,：:、\s]*[，,：:、][，,：:、\s]+")
OPENS = re.compile(
    r"^(?:(?:您好|你好|急|打扰了?|麻烦看一下|在不在|在吗|有人管吗|反映一下|请问|不知道该找谁|群里说找你们)[啊吗]?[，,：:]+)+(?=.{4})"
)
_held: list[rules.nearest.Index] = []


def unknown(at: datetime) -> list[int]:
    """Tellings of the window that nobody looked at yet, the oldest first.

    No "id > last": page by page back from the newest, until a page holds nothing new.
    """
    since, before, found = at - rules.WINDOW, 0, []
    for _ in range(MOST_PAGES):
        page = matters.newest_voices(before=before, most=PAGE)
        wanted = [telling for telling, when in page if when >= since]
        known = set(Voice.objects.filter(telling__among=wanted).values_list("telling", flat=True))
        new = [telling for telling in wanted if telling not in known]
        found += new
        if len(page) < PAGE or (wanted and not new):
            break
        before = page[-1][0]
    return sorted(found)


def leaders(at: datetime) -> tuple[dict[int, int], dict[int, str]]:
    """Of every telling of the window that is compared with new ones its topic, 0 where it stands alone, and what it is about."""
    rows = list(Voice.objects.filter(at__gte=at - rules.WINDOW, leader=F("telling")).values_list("telling", "topic", "item"))
    return {telling: topic or 0 for telling, topic, _ in rows}, {telling: group_of(item) for telling, _, item in rows}


def group_of(item: str) -> str:
    return rules.same.group(item, remit.unsure().code)


def index_of(wanted: Mapping[int, int]) -> rules.nearest.Index:
    """The index of this process, with at least these tellings in it."""
    index = _held[0] if _held and len(_held[0]) <= 2 * len(wanted) + STALE else rules.nearest.Index()
    _held[:] = [index]
    missing = [telling for telling in wanted if telling not in index]
    add(index, matters.voices(missing, seen_by=OFFICE).values())
    return index


def forget() -> None:
    """Hold nothing any more, as a process that has just begun."""
    _held.clear()


def add(index: rules.nearest.Index, voices: Iterable[matters.Voice]) -> None:
    voices = list(voices)
    words = [words_of(voice) for voice in voices]
    index.add([voice.telling for voice in voices], [title for title, _ in words], [body for _, body in words])


def words_of(voice: matters.Voice) -> tuple[str, str]:
    """(title, whole text) to compare by: without the place, which is told beside, or all that is said of one house would be one topic."""
    body, end = [], 0
    for begin, until in sorted(voice.spans):
        body.append(voice.text[end:begin])
        end = max(end, until)
    text = GAP.sub("，", "".join([*body, voice.text[end:]])).strip("，,。；;：: \n")
    return learn.title(text), text


def title_of(text: str) -> str:
    """What a topic is called after a message: without personal data, and without what only opens it."""
    return teach.title(OPENS.sub("", text) or text)
