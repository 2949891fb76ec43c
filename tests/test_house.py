"""The house's own rules: what keeps it readable is tested, not hoped for."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from PySide6.QtCore import QObject, QTimer, Signal

import fieldapp
import resources
import sync
import ui
from fieldapp import text, worker

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("fieldapp", "ui", "sync", "resources")
SOURCES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))


def test_the_four_packages_are_ours():
    for package in (fieldapp, ui, sync, resources):
        assert Path(str(package.__file__)).resolve().is_relative_to(ROOT)


def test_every_module_opens_with_a_paragraph():
    silent = [str(file) for file in SOURCES if not ast.get_docstring(ast.parse(file.read_text("utf-8")))]
    assert silent == []


def test_no_file_is_a_room_everyone_walks_through():
    assert [str(file) for file in SOURCES if len(file.read_text("utf-8").splitlines()) > 450] == []


def test_no_class_has_more_than_thirty_methods():
    heavy = [
        f"{file}:{node.name}"
        for file in SOURCES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and sum(isinstance(item, ast.FunctionDef) for item in node.body) > 30
    ]
    assert heavy == []


def test_names_say_what_things_are():
    banned = re.compile(r"class \w*(Manager|Helper|Utils?|Handler)\b|class \w+Data\b")
    assert [str(file) for file in SOURCES if banned.search(file.read_text("utf-8"))] == []


def test_catalogues_are_complete_and_agree_on_their_places():
    for domain in text.DOMAINS:
        books = {
            language: {
                entry.msgid: entry
                for entry in polib.pofile(
                    str(resources.path("text", language, f"{domain}.po")), encoding="utf-8"
                )
            }
            for language in text.LANGUAGES
        }
        english, hindi = books["en"], books["hi"]
        assert english.keys() == hindi.keys(), (domain, english.keys() ^ hindi.keys())
        for key, entry in english.items():
            for words in (entry, hindi[key]):
                forms = [words.msgstr] if words.msgstr else list(words.msgstr_plural.values())
                assert forms, (domain, key)
                assert all(form.strip() for form in forms), (domain, key)
            places = re.compile(r"{(\w+)}")
            one = set(places.findall(entry.msgstr or "".join(entry.msgstr_plural.values())))
            two = set(places.findall(hindi[key].msgstr or "".join(hindi[key].msgstr_plural.values())))
            assert one == two, (domain, key)


def test_no_key_stands_in_two_catalogues():
    seen: dict[str, str] = {}
    for domain in text.DOMAINS:
        for entry in polib.pofile(str(resources.path("text", "en", f"{domain}.po")), encoding="utf-8"):
            assert entry.msgid not in seen, (entry.msgid, seen.get(entry.msgid), domain)
            seen[entry.msgid] = domain


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_error_has_words(language: str):
    coded = re.compile(r'^    code = "([a-z0-9-]+)"$', re.MULTILINE)
    codes = {code for file in SOURCES for code in coded.findall(file.read_text("utf-8"))}
    assert "vault-damaged" in codes
    assert {code for code in codes if not text.has(f"error.{code}", language)} == set()


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_literal_key_in_the_code_has_words(language: str):
    pattern = re.compile(
        r"""["']((?:verdict|reason|error|role|document|hq|state|disposition)\.[a-z0-9_.-]+)["']"""
    )
    known = {
        entry.msgid
        for domain in text.DOMAINS
        for entry in polib.pofile(str(resources.path("text", language, f"{domain}.po")), encoding="utf-8")
    }
    groups = {key.rpartition(".")[0] for key in known}  # a literal may also be the beginning of keys
    used = {key for file in SOURCES for key in pattern.findall(file.read_text("utf-8"))}
    assert used - known - groups == set()


def test_actions_are_listed_and_named_once():
    names = [worker.name_of(action) for actions in worker.ROOMS.values() for action in actions]
    assert len(names) == len(set(names))
    for actions in worker.ROOMS.values():
        for action in actions:
            command, result = worker.types_of(action)
            assert command is not None
            assert result is not None


def test_the_headless_door_needs_no_window():
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "fieldapp", "doctor", "--help"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert "PySide6" not in ran.stderr
    assert "sqlcipher3" not in ran.stderr


class _Emitter(QObject):
    fired = Signal(int)


def test_qt_leaks_no_reference_of_true_or_none(qapp: object):
    """PySide6 6.12.0 drops one on every emit and void call, and kills Python 3.11 after some hundreds."""
    emitter, timer = _Emitter(), QTimer()
    emitter.fired.connect(lambda _number: None)
    before = sys.getrefcount(True), sys.getrefcount(None)
    for number in range(2000):
        emitter.fired.emit(number)
        timer.stop()
    assert abs(sys.getrefcount(True) - before[0]) <= 50
    assert abs(sys.getrefcount(None) - before[1]) <= 50


def test_nothing_names_this_machine_or_a_package_host():
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False).stdout
    hosts = re.compile(
        r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian|" + re.escape(str(ROOT.parent)) + "/"
    )
    named = [
        name
        for name in listed.splitlines()
        if name.endswith((".py", ".md", ".toml", ".txt", ".yaml", ".po", "Makefile", ".spec"))
        and name != "tests/test_house.py"
        and (ROOT / name).exists()
        and hosts.search((ROOT / name).read_text("utf-8"))
    ]
    assert named == []


def test_the_window_loads_no_engine_before_it_is_shown():
    engines = {
        "cv2",
        "numpy",
        "zxingcpp",
        "pypdfium2",
        "reportlab",
        "uharfbuzz",
        "httpx",
        "rdkit",
        "sqlalchemy",
    }
    asked = "import sys, ui.window; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    assert engines & set(ran.stdout.split()) == set()
