"""A sentence that is said later, in the reader's language: `said("灯不亮")` is the sentence itself, marked where it stands.

Pure rules say why in Chinese without knowing about languages; whoever compiles the English finds what is marked.
"""


def said(sentence: str) -> str:
    return sentence


class Both(str):
    """A word of a catalogue, which has a name in both languages: Chinese as it stands, English beside it."""

    en: str

    def __new__(cls, zh: str, en: str) -> "Both":
        made = super().__new__(cls, zh)
        made.en = en
        return made
