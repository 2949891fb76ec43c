"""The outbox: a list carried here by hand. What a good one does is tested where it is taken in."""

from collections.abc import Callable
from pathlib import Path

from tests.support.window import Desktop, until

Make = Callable[..., Desktop]


def test_a_file_that_is_no_list_is_refused_with_a_sentence_and_the_list_stays(desk: Make, tmp_path: Path):
    desktop = desk().unlock()
    desktop.window.show_screen("outbox")
    outbox = desktop.window.screens["outbox"]
    assert outbox.load.isEnabled()
    before = desktop.window.desk.session.watchlist
    (tmp_path / "list").write_bytes(b"no list at all")
    for file in (tmp_path / "list", tmp_path / "gone"):
        outbox.banner.hide()
        outbox.take_list(str(file))
        until(lambda: outbox.load.isEnabled() and outbox.banner.tone in ("warn", "error"))
        assert outbox.banner.sentence.text()
    assert desktop.window.desk.session.watchlist == before


def test_a_vault_without_headquarters_takes_none(desk: Make):
    desktop = desk(enrolled=False).unlock()
    assert not desktop.window.screens["outbox"].load.isEnabled()
