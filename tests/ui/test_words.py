"""Every key the window says has words, and every word of its catalogue is said."""

import ast
from pathlib import Path

import polib
import pytest

import resources
import ui
from fieldapp import text
from fieldapp.screening.verdict import WORDS
from ui.screens.keys import KEYS
from ui.window import ENTRIES, FOOT

SOURCES = sorted(Path(ui.__file__).parent.rglob("*.py"))
# Words the window finds by a key put together from a code; the other packages' tests know the codes.
BY_CODE = ("qt.", "error.", "source.", "card.say.", "fact.", "scan.of.", "source-of-scan.", "role.goods-line")


def keys() -> tuple[set[str], set[str]]:
    """Return the keys said as they stand, and the beginnings of those put together."""
    whole: set[str] = {words for _key, words in KEYS}
    whole |= {f"nav.{name}" for name, _icon, _key in (*ENTRIES, *FOOT)}
    begun: set[str] = set()
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
    return whole, {each for each in begun if each.count(".") >= 1 and " " not in each}


def said() -> set[str]:
    """Return the literal first arguments of `say` and `say_n`."""
    found = set()
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if name in ("say", "say_n", "_say", "_complain_create"):
                    found.add(str(node.args[0].value))
    return found


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_key_that_is_said_has_words(language: str):
    assert len(said()) > 150
    silent = {key for key in said() if not text.has(key, language)}
    assert silent == set()


def test_every_word_of_the_catalogue_is_said():
    whole, begun = keys()
    unsaid = [
        entry.msgid
        for entry in polib.pofile(str(resources.path("text", "en", "ui.po")), encoding="utf-8")
        if entry.msgid not in whole
        and not entry.msgid.startswith(BY_CODE)
        and not any(entry.msgid.startswith(start) for start in begun)
    ]
    assert unsaid == []


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_the_four_verdicts_have_their_next_steps(language: str):
    steps = {text.say(f"card.step.{word}", language) for word in WORDS}
    assert len(steps) == 4


def test_hindi_is_hindi():
    same = [
        entry.msgid
        for entry in polib.pofile(str(resources.path("text", "hi", "ui.po")), encoding="utf-8")
        for words in ([entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values()))
        if not any("\u0900" <= mark <= "\u097f" for mark in words)
    ]
    assert set(same) <= {"fact.gtin", "fact.sscc", "fact.cas"}
