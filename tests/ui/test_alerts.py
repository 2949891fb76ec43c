"""Errors in words, and crash files without case material."""

import sys
from pathlib import Path

import pytest

from fieldapp import paths, text
from fieldapp.errors import FieldappError
from fieldapp.worker import Failure
from ui import alerts, app
from ui.jobs import LOST, TOO_SLOW


def known_errors() -> list[type[FieldappError]]:
    assert app  # its imports bring the errors in
    todo, found = [FieldappError], []
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        found.append(kind)
    return found


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_error_has_a_title_and_a_whole_sentence(language: str):
    for kind in known_errors():
        for family in ("inspector", "situation", "trust", "bug"):
            alert = alerts.explain(Failure(family, kind.code), language)
            assert alert.title.strip()
            assert alert.sentence.strip()
            assert "{" not in alert.sentence, kind.code


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("failure", [LOST, TOO_SLOW], ids=lambda failure: failure.code)
def test_the_windows_own_failures_have_words(failure: Failure, language: str):
    assert text.has(f"error.{failure.code}", language)
    assert alerts.explain(failure, language).sentence == text.say(f"error.{failure.code}", language)


def test_codes_among_the_facts_become_words():
    refused = Failure("inspector", "cannot-seal", {"why": "open-hits"})
    assert text.say("why.open-hits", "en") in alerts.explain(refused, "en").sentence


def test_only_trust_stops_everything():
    assert alerts.explain(Failure("trust", "ledger-broken", {"seq": 1, "why": "gap"}), "en").stop
    assert not alerts.explain(Failure("situation", "disk-full"), "en").stop


def _go_wrong(listed_name: str) -> None:
    raise ValueError(f"cannot parse {listed_name}")


def test_a_crash_file_says_where_and_never_what(home: Path):
    seen: list[Failure] = []
    alerts.watch_for_bugs(seen.append)
    try:
        try:
            _go_wrong("Shanghai Boyle")
        except ValueError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.excepthook = sys.__excepthook__
    (file,) = paths.crash().glob("*.txt")
    written = file.read_text("utf-8")
    assert "ValueError" in written
    assert "_go_wrong" in written
    assert "Boyle" not in written
    assert str(home.parent) not in written
    assert seen[0].family == "bug"
    assert seen[0].facts == {"file": file.name}


def test_old_crash_files_make_room(tmp_path: Path):
    for _ in range(alerts.KEPT + 5):
        alerts.crash_file(ValueError, None, tmp_path)
    assert len(list(tmp_path.glob("*.txt"))) == alerts.KEPT


def test_a_bug_in_a_worker_leaves_a_crash_file_too(tmp_path: Path):
    where = "/home/somebody/fieldapp/actions/finding.py:12 record"
    alerts.keep_trace(Failure("bug", "bug", {"type": "KeyError"}, where), tmp_path)
    alerts.keep_trace(Failure("inspector", "reason-missing"), tmp_path)
    [file] = tmp_path.iterdir()
    told = file.read_text("utf-8")
    assert "KeyError" in told
    assert "actions/finding.py:12 record" in told
    assert "somebody" not in told
