"""What came from outside is shown as the text it is: in the window, on paper, on headquarters' pages.

Rules over the tree, read from the syntax trees and the templates, each with a violation it must find.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ui.widgets.label import plain_tip

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "resources" / "headquarters" / "templates"

Rule = Callable[[ast.AST], Iterator[str]]
# Qt classes and calls that read markup, or guess whether it is there.
_RICH = {"QTextBrowser", "QMessageBox", "QErrorMessage", "QToolTip", "QWhatsThis"}
_RICH_CALLS = {"setHtml", "insertHtml", "appendHtml", "setMarkdown", "insertMarkdown", "setWhatsThis"}
_RICH_FORMATS = {"RichText", "AutoText", "MarkdownText"}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            target = node.func
            name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
            yield name, node


def window(tree: ast.AST) -> Iterator[str]:
    """The window shows plain text alone; a tool tip is words of ours, or made plain first."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _RICH_FORMATS:
            yield f"{node.lineno}: {node.attr}"
        if isinstance(node, ast.Name) and node.id in _RICH:
            yield f"{node.lineno}: {node.id}"
    made = {name for name, _node in calls(tree)}
    for name, node in calls(tree):
        if name in _RICH_CALLS:
            yield f"{node.lineno}: {name}"
        if name == "QLabel" and "setTextFormat" not in made:
            yield f"{node.lineno}: a QLabel whose format is left to Qt"
        if name == "setToolTip" and not _ours(node.args[0], tree):
            yield f"{node.lineno}: a tool tip that may be markup"


def _ours(given: ast.expr, tree: ast.AST) -> bool:
    """Say whether a tool tip's words are the catalogue's, a key's name, or went through plain_tip."""
    if isinstance(given, ast.IfExp):
        return _ours(given.body, tree) and _ours(given.orelse, tree)
    if isinstance(given, ast.Constant):
        return True
    if isinstance(given, ast.Call):
        name = given.func.attr if isinstance(given.func, ast.Attribute) else getattr(given.func, "id", "")
        return name in ("say", "_say", "plain_tip")
    if isinstance(given, ast.JoinedStr):
        return all(_ours(part, tree) for part in given.values)
    if isinstance(given, ast.FormattedValue):
        return _ours(given.value, tree)
    # A plain name: a parameter called `words` is what the catalogue said.
    return isinstance(given, ast.Name) and given.id in ("words", "key")


def paper(tree: ast.AST) -> Iterator[str]:
    """reportlab's paragraphs parse their text as XML and load what it names; the press draws strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            for name in names:
                if name.startswith(("reportlab.platypus", "reportlab.rl_xslt", "svglib")):
                    yield f"{node.lineno}: {name}"
    for name, node in calls(tree):
        if name in ("Paragraph", "XPreformatted"):
            yield f"{node.lineno}: {name}"


def pages(tree: ast.AST) -> Iterator[str]:
    """Headquarters' pages escape everything; nothing is declared safe, nothing rendered from a string."""
    for name, node in calls(tree):
        if name == "Environment":
            escaped = [key.value for key in node.keywords if key.arg == "autoescape"]
            if not (escaped and isinstance(escaped[0], ast.Constant) and escaped[0].value is True):
                yield f"{node.lineno}: templates without autoescape"
        if name in ("Markup", "from_string", "HTMLString"):
            yield f"{node.lineno}: {name}"


def anywhere(tree: ast.AST) -> Iterator[str]:
    """Nothing runs what it reads."""
    for name, node in calls(tree):
        direct = isinstance(node.func, ast.Name)
        if direct and name in ("eval", "exec", "compile", "__import__"):
            yield f"{node.lineno}: {name}"
        if ast.unparse(node.func) == "os.system" or any(
            key.arg == "shell" and getattr(key.value, "value", False) for key in node.keywords
        ):
            yield f"{node.lineno}: a shell"
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            for name in names:
                if name.split(".")[0] in ("pickle", "marshal", "shelve", "dill"):
                    yield f"{node.lineno}: {name}"


# Looked at and let stand: our own drawings from the shelf, and `doctor`, which tries a list of its own.
ALLOWED = {("sync/headquarters/words.py", "Markup"), ("fieldapp/verbs/doctor.py", "__import__")}

PLACES: tuple[tuple[str, Rule, str], ...] = (
    ("ui", window, "from x import y\nlabel = QLabel(name)\n"),
    ("fieldapp/report", paper, "from reportlab.platypus import Paragraph\nParagraph(finding)\n"),
    ("sync/headquarters", pages, "import jinja2\nenv = jinja2.Environment(loader=x)\nMarkup(name)\n"),
    ("fieldapp", anywhere, "import pickle\neval(text)\n"),
    ("sync", anywhere, "import subprocess\nsubprocess.run(x, shell=True)\n"),
    ("ui", anywhere, "exec(text)\n"),
)


@pytest.mark.parametrize(
    ("folder", "rule", "_bad"), PLACES, ids=lambda value: getattr(value, "__name__", None)
)
def test_the_tree_keeps_the_rule(folder: str, rule: Rule, _bad: str):
    found = [
        f"{file.relative_to(ROOT)}:{fault}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        for fault in rule(ast.parse(file.read_text("utf-8")))
        if (file.relative_to(ROOT).as_posix(), fault.split(": ")[1]) not in ALLOWED
    ]
    assert found == []


@pytest.mark.parametrize(
    ("folder", "rule", "bad"), PLACES, ids=lambda value: getattr(value, "__name__", None)
)
def test_the_rule_finds_what_it_forbids(folder: str, rule: Rule, bad: str):
    assert list(rule(ast.parse(bad)))


@pytest.mark.parametrize(
    "bad",
    ["x.setToolTip(photo.caption)", "x.setHtml(a)", "box = QMessageBox()", "a.setTextFormat(Qt.RichText)"],
)
def test_the_window_rule_finds_each_of_its_kinds(bad: str):
    assert list(window(ast.parse(bad)))


_UNSAFE = re.compile(
    r"\|\s*safe\b|autoescape\s+false|hx-on|javascript:|<script(?![^>]*\bsrc=)", re.IGNORECASE
)


def test_no_template_lets_anything_through():
    found = [
        f"{file.name}: {match.group(0)}"
        for file in sorted(TEMPLATES.rglob("*"))
        if file.is_file()
        for match in _UNSAFE.finditer(file.read_text("utf-8"))
    ]
    assert found == []
    assert _UNSAFE.search("{{ name | safe }}")


@pytest.mark.parametrize("name", ["<img src=/etc/passwd>", "<b>ACME</b>", "A & B <Ltd>", "plain"])
def test_a_tool_tip_shows_markup_as_text(name: str):
    tip = plain_tip(name)
    assert "<img" not in tip
    assert "<b>" not in tip
    assert tip.startswith("<qt>") == ("<" in name)
