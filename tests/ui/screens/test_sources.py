"""The wizard over a stranger's CSV: guessed columns, ten rows, what is wrong, writing and stopping."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from fieldapp.actions import collecting
from fieldapp.actions.collecting import CollectingStopped, LookAtColumns, Mapping, TryMapping, WriteList
from fieldapp.scan.reader import Reader
from fieldapp.settings import Settings
from fieldapp.watchlist.release import open_release
from fieldapp.watchlist.sources import csv_mapping
from fieldapp.watchlist.sources.refusal import SourceRefused
from tests.support.window import Desktop, settle, until
from ui.screens.search import SearchScreen
from ui.screens.sources import ListWizard

ROWS = [f"{at};Firm {at} Trading;Old firm {at};AE;<b>x</b>" for at in range(1, 26)]
TEXT = "\n".join(["Case No;Firm Name;Alias;Country;Order", *ROWS]) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "seizures.csv"
    path.write_text(TEXT, "utf-8")
    return path


def test_the_fields_are_those_of_the_source():
    assert collecting.FIELDS == csv_mapping.FIELDS


def test_ten_rows_are_shown_under_a_guessed_mapping(file: Path):
    seen = collecting.look_at_columns(Reader(), LookAtColumns(path=str(file)))
    assert seen.titles == ("Case No", "Firm Name", "Alias", "Country", "Order")
    assert seen.mapping.columns["name"] == "Firm Name"
    assert len(seen.rows) == collecting.ROWS
    first = seen.rows[0].entry
    assert first is not None
    assert (first.primary, first.countries) == ("Firm 1 Trading", ("ae",))


def test_a_row_that_would_be_refused_says_so_and_nothing_is_written(file: Path, tmp_path: Path):
    file.write_text(TEXT.replace("Firm 3 Trading", ""), "utf-8")
    seen = collecting.look_at_columns(Reader(), LookAtColumns(path=str(file)))
    assert [row.line for row in seen.rows if row.entry is None] == [4]
    out = tmp_path / "list.release"
    with pytest.raises(SourceRefused):
        collecting.write_list(
            Reader(), WriteList(path=str(file), mapping=seen.mapping, out=str(out), name="x")
        )
    assert not out.exists()


def test_what_is_written_is_a_release_with_every_row(file: Path, tmp_path: Path):
    seen = collecting.try_mapping(
        Reader(),
        TryMapping(
            path=str(file), mapping=Mapping(columns={"name": "Firm Name", "id": "Case No"}, delimiter=";")
        ),
    )
    assert seen.issue == ""
    out, steps = tmp_path / "list.release", []
    made = collecting.write_list(
        Reader(),
        WriteList(path=str(file), mapping=seen.mapping, out=str(out), name="seizures"),
        lambda done, total: steps.append((done, total)),
    )
    header, entries = open_release(out)
    assert (made.entries, header.name) == (25, "seizures")
    assert [entry.id for entry in entries] == [str(at) for at in range(1, 26)]
    assert steps
    assert all(0 <= done <= total == file.stat().st_size for done, total in steps)


def test_stopped_it_leaves_nothing(file: Path, tmp_path: Path):
    stop, out = tmp_path / "stop", tmp_path / "list.release"
    stop.touch()
    mapping = Mapping(columns={"name": "Firm Name"}, delimiter=";")
    with pytest.raises(CollectingStopped):
        collecting.write_list(
            Reader(), WriteList(path=str(file), mapping=mapping, out=str(out), name="x", stop=str(stop))
        )
    assert not out.exists()


@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_wizard_is_offered_in_practice_only(desk: Callable[..., Desktop], language: str):
    for practice in (False, True):
        desktop = desk(settings=Settings(language=language), practice=practice).unlock()
        desktop.window.show_screen("search")
        settle()
        search = desktop.window.screens["search"]
        assert isinstance(search, SearchScreen)
        assert search.collect.isVisible() is practice


@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_wizard_from_guess_to_file(
    desk: Callable[..., Desktop], language: str, file: Path, tmp_path: Path
):
    desktop = desk(settings=Settings(language=language), practice=True).unlock()
    desktop.window.show_screen("search")
    wizard = ListWizard(desktop.window.screens["search"], str(file))
    wizard.open()
    until(lambda: wizard.rows.rowCount() == 10)
    assert wizard.boxes["name"].currentData() == "Firm Name"
    assert wizard.write.isEnabled()
    wizard.boxes["name"].setCurrentIndex(0)
    wizard.boxes["name"].activated.emit(0)
    until(lambda: not wizard.write.isEnabled())
    at = wizard.boxes["name"].findData("Alias")
    wizard.boxes["name"].setCurrentIndex(at)
    wizard.boxes["name"].activated.emit(at)
    until(wizard.write.isEnabled)
    assert wizard.rows.values()[0].entry.primary == "Old firm 1"  # type: ignore[union-attr]
    out = tmp_path / "list.release"
    wizard.write_to(str(out))
    until(lambda: wizard.banner.tone == "note" and wizard.banner.isVisible())
    assert open_release(out)[0].entries == 25
    assert any("25" in label.text() for label in wizard.banner.findChildren(QLabel))
    wizard.close()
