"""What import-linter cannot see. Each rule holds in the house, and turns red where it is broken on purpose."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import doors, shape
from tests.architecture.plan import House

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("sklearn", "numba", "pyarrow", "duckdb")
SLOW_TO_IMPORT = ("numpy", "shapely", "pyproj", "pyogrio", "httpx", "typst")

RULES = (
    doors.floors_are_known,
    doors.modules_are_entered_by_their_doors,
    doors.events_are_plain,
    doors.siblings_hear_events_only,
    doors.reactions_only_react,
    doors.foreign_keys_point_down_and_say_nothing,
    doors.nobody_reaches_round_the_imports,
    doors.templates_are_ones_own,
    shape.only_verbs_write,
    shape.files_and_functions_are_short,
    shape.names_say_what_is_inside,
    shape.people_are_accounts_from_the_first_migration,
)

KEY = "from django.db import models\nfrom siqian.town.places.models import Area\nclass Bin(models.Model):\n    area = "
# rule: (file, text that breaks it) — one planted violation each, more where a rule has several eyes.
PLANTED = [
    (doors.floors_are_known, "siqian/cellar/actions.py", ""),
    (doors.modules_are_entered_by_their_doors, "siqian/trades/tasks/actions.py", "from siqian.town.people.models import Post\n"),
    (doors.modules_are_entered_by_their_doors, "siqian/trades/tasks/models.py", "from siqian.town.people.receiving import x\n"),
    (doors.modules_are_entered_by_their_doors, "siqian/trades/tasks/queries.py", "from siqian.town import people\n"),
    (doors.modules_are_entered_by_their_doors, "siqian/trades/tasks/rules.py", "from ...town.places import index\n"),
    (doors.modules_are_entered_by_their_doors, "siqian/intake/actions.py", "import siqian.spine.matters.receiving\n"),
    (doors.modules_are_entered_by_their_doors, "siqian/web/urls.py", "from siqian.town.people.models import Account\n"),
    (doors.modules_are_entered_by_their_doors, "siqian/trades/tasks/actions.py", "from siqian.kernel.models import Entry\n"),
    (doors.events_are_plain, "siqian/trades/tasks/events.py", "from siqian.town.people.events import LeaveTaken\n"),
    (doors.events_are_plain, "siqian/trades/tasks/events.py", "import msgspec\n"),
    (doors.events_are_plain, "siqian/trades/tasks/events.py", "from .rules import STEPS\n"),
    (doors.siblings_hear_events_only, "siqian/services/eyes/reactions.py", "from siqian.services.care import actions\n"),
    (doors.siblings_hear_events_only, "siqian/services/eyes/actions.py", "from siqian.services.care.events import X\n"),
    (doors.reactions_only_react, "siqian/trades/tasks/actions.py", "@on(LeaveTaken)\ndef go(event, *, by, at): ...\n"),
    (doors.reactions_only_react, "siqian/trades/tasks/reactions.py", "@on(LeaveTaken)\ndef go(event): ...\n"),
    (
        doors.foreign_keys_point_down_and_say_nothing,
        "siqian/trades/tasks/models.py",
        KEY + "models.ForeignKey(Area, on_delete=models.PROTECT)\n",
    ),
    (
        doors.foreign_keys_point_down_and_say_nothing,
        "siqian/trades/tasks/models.py",
        KEY + 'models.ForeignKey("matters.Matter", related_name="+")\n',
    ),
    (
        doors.nobody_reaches_round_the_imports,
        "siqian/kernel/files.py",
        'from django.apps import apps\napps.get_model("matters", "Matter")\n',
    ),
    (doors.nobody_reaches_round_the_imports, "siqian/kernel/files.py", 'import importlib\nimportlib.import_module("siqian.spine")\n'),
    (doors.templates_are_ones_own, "siqian/trades/tasks/views.py", '@page("matters/thread.html")\ndef show(request): ...\n'),
    (doors.templates_are_ones_own, "siqian/trades/tasks/templates/tasks/list.html", '{% extends "web/frame.html" %}'),
    (doors.templates_are_ones_own, "siqian/trades/tasks/templates/ui/list.html", ""),
    (shape.only_verbs_write, "siqian/trades/tasks/views.py", "Task.objects.create(about=1)\n"),
    (shape.only_verbs_write, "siqian/trades/tasks/jobs.py", "Task.objects.filter(id=1).exclude(id=2).update(level=1)\n"),
    (shape.only_verbs_write, "siqian/trades/tasks/queries.py", "row = Task.objects.get(id=1)\nrow.level = 2\nrow.save()\n"),
    (shape.only_verbs_write, "siqian/trades/tasks/queries.py", "for row in Task.objects.all():\n    row.delete()\n"),
    (shape.only_verbs_write, "siqian/trades/tasks/receiving.py", "Task.objects.bulk_create([])\n"),
    (shape.only_verbs_write, "siqian/trades/tasks/queries.py", 'cursor.execute("select 1")\n'),
    (shape.only_verbs_write, "siqian/web/keeping.py", 'cursor.execute("delete from kernel_entry")\n'),
    (shape.files_and_functions_are_short, "siqian/kernel/files.py", "x = 1\n" * 401),
    (shape.files_and_functions_are_short, "tests/test_long.py", "def test_long():\n" + "    x = 1\n" * 40),
    (shape.names_say_what_is_inside, "siqian/trades/tasks/utils.py", ""),
    (shape.names_say_what_is_inside, "siqian/trades/services/views.py", ""),
    (shape.people_are_accounts_from_the_first_migration, "siqian/town/people/migrations/0001_initial.py", "operations = []\n"),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps(rule):
    assert list(rule(House(ROOT))) == []


@pytest.mark.parametrize(("rule", "file", "text"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_violation_turns_red(rule, file, text, tmp_path):
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert list(rule(House(tmp_path))) != []


def test_every_rule_has_a_planted_violation():
    assert {rule for rule, _, _ in PLANTED} == set(RULES)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "siqian/trades/tasks/actions.py",
            "from siqian.town.people import rules as duty\nfrom . import models\nTask.objects.create(about=1)\n",
        ),
        ("siqian/trades/tasks/models.py", KEY + 'models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")\n'),
        ("siqian/trades/tasks/queries.py", "found = {}\nfound.update(a=1)\nhash_.update(b'')\nimage.save(out)\n"),
        (
            "siqian/services/eyes/reactions.py",
            "from siqian.services.care.events import CareGiven\n@on(CareGiven)\ndef go(event, *, by, at): ...\n",
        ),
        ("siqian/web/urls.py", "from siqian.spine.matters import reactions, views\n"),
        ("siqian/kernel/files.py", 'cursor.execute("select 1")\n'),
    ],
)
def test_what_is_lawful_stays_green(file, text, tmp_path):
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    account = tmp_path / "siqian/town/people/migrations/0001_initial.py"
    account.parent.mkdir(parents=True)
    account.write_text('CreateModel(\n name="Account"', encoding="utf-8")
    assert [fault for rule in RULES for fault in rule(House(tmp_path))] == []


def loaded(modules, home):
    """Which of these a fresh process has loaded after importing the server's modules."""
    set_up = "" if modules == "siqian.web.settings" else "import django; django.setup()"
    code = f"{set_up}\nimport sys, {modules}\nprint(*sys.modules)"
    env = os.environ | {"PYTHONPATH": str(ROOT), "SIQIAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "siqian.web.settings"}
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return {name.split(".")[0] for name in ran.stdout.split()}


def test_server_processes_load_no_heavy_library(tmp_path):
    assert loaded("siqian.web.urls", tmp_path) & set(HEAVY) == set()


def test_settings_load_nothing_slow(tmp_path):
    assert loaded("siqian.web.settings", tmp_path) & {*HEAVY, *SLOW_TO_IMPORT} == set()


# import-linter's contracts: (file, line that breaks one, words of the contract that must turn red)
BREAKS = [
    ("siqian/kernel/clock.py", "import siqian.town.places.rules", "Floors"),
    ("siqian/ui/words.py", "import siqian.town.places.rules", "Floors"),
    ("siqian/trades/tasks/rules.py", "import siqian.spine.remit.rules", "Floors"),
    ("siqian/spine/matters/rules/__init__.py", "import siqian.intake.rules", "Floors"),
    ("siqian/cellar/__init__.py", "", "Floors"),
    ("siqian/spine/learn/rules.py", "import siqian.spine.matters.rules", "Spine"),
    ("siqian/spine/remit/rules.py", "import siqian.spine.learn.rules", "Spine"),
    ("siqian/town/places/rules.py", "import siqian.town.people.rules", "Town"),
    ("siqian/trades/notices/queries.py", "import siqian.trades.tasks.rules", "Trades"),
    ("siqian/insight/brain/views.py", "import siqian.insight.workbench.views", "Insight"),
    ("siqian/spine/matters/rules/__init__.py", "import django.db", "Decisions"),
    ("siqian/town/people/rules.py", "import siqian.town.people.models", "Decisions"),
]


def lint(root):
    code = "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=os.environ | {"PYTHONPATH": str(root), "COLUMNS": "200"}, capture_output=True, text=True
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    root = tmp_path_factory.mktemp("house")
    shutil.copytree(
        ROOT / "siqian",
        root / "siqian",
        ignore=lambda folder, names: [name for name in names if name in ("__pycache__", "static", "templates", "locale")],
    )
    shutil.copy(ROOT / ".importlinter", root)
    return root


def test_the_contracts_are_kept():
    code, said = lint(ROOT)
    assert code == 0, said


@pytest.mark.parametrize(("file", "line", "contract"), BREAKS)
def test_a_planted_import_turns_its_contract_red(copy, file, line, contract):
    path = copy / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        code, said = lint(copy)
    finally:
        path.write_text(before, encoding="utf-8") if before is not None else shutil.rmtree(path.parent)
    assert code == 1 and any(text.startswith(contract) and "BROKEN" in text for text in said.splitlines()), said
