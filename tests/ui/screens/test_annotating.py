"""Marking a copy of a photo with keyboard and mouse; claims, doubts and re-use said in the window."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fieldapp.actions import opening
from fieldapp.inspection.inspection import Inspection
from tests.support.laptops import consignment
from tests.support.photos import photo
from tests.support.window import Desktop, desks, settle, until
from ui.screens import photographing
from ui.screens.annotating import Annotating
from ui.screens.findings import FindingsScreen
from ui.widgets.label import Label


@pytest.fixture
def desk(tmp_path: Path, qapp: QApplication) -> Iterator[Callable[..., Desktop]]:
    with desks(tmp_path) as make:
        yield make


def held(laptop: Desktop) -> Inspection:
    assert laptop.window.desk.inspection is not None
    return laptop.window.desk.inspection


def findings(laptop: Desktop) -> FindingsScreen:
    laptop.window.show_screen("inspection")
    screen = laptop.window.screens["inspection"]
    assert isinstance(screen, FindingsScreen)
    return screen


def take(laptop: Desktop, screen: FindingsScreen, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    count = len(held(laptop).evidence)
    photographing.take(screen, str(file))
    until(lambda: len(held(laptop).evidence) == count + 1)
    settle(50)


def annotating() -> Annotating:
    until(lambda: isinstance(QApplication.activeModalWidget(), Annotating))
    found = QApplication.activeModalWidget()
    assert isinstance(found, Annotating)
    return found


def told(screen: FindingsScreen) -> str:
    return "\n".join(label.text() for label in screen.banner.findChildren(Label))


def test_a_box_and_words_are_set_without_a_mouse(desk: Callable[..., Desktop], tmp_path: Path) -> None:
    laptop = desk().unlock()
    laptop.open()
    screen = findings(laptop)
    take(laptop, screen, tmp_path / "a.jpg", photo())
    original = held(laptop).evidence[0]
    (thumb,) = screen.photos._thumbs
    QTest.keyClick(thumb, Qt.Key.Key_Return)
    dialog = annotating()
    QTest.keyClick(dialog.canvas, Qt.Key.Key_B)
    for key, modifier in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier),
    ):
        QTest.keyClick(dialog.canvas, key, modifier)
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Return)
    (box,) = dialog.canvas.strokes
    assert (box.shape, box.x1, box.y1, box.x2, box.y2) == ("box", 4090, 4000, 6090, 6100)
    QTest.keyClick(dialog.canvas, Qt.Key.Key_X)
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Return)
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(dialog.canvas.strokes) == 1
    QTest.keyClick(dialog.canvas, Qt.Key.Key_T)
    dialog.words.setText("Seal बदली")
    QTest.keyClick(dialog.words, Qt.Key.Key_Return)
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Return)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: len(held(laptop).evidence) == 2)
    copy = held(laptop).evidence[1]
    assert held(laptop).evidence[0] == original
    assert copy.derived_from == original.plain_sha256
    assert [(stroke.shape, stroke.text) for stroke in copy.strokes] == [("box", ""), ("text", "Seal बदली")]
    settle(50)
    assert screen.photos._thumbs[1].photo.caption == "a.jpg (copy)"


def test_a_cover_is_dragged_and_a_slip_of_the_mouse_draws_nothing(
    desk: Callable[..., Desktop], tmp_path: Path
) -> None:
    laptop = desk().unlock()
    laptop.open()
    screen = findings(laptop)
    take(laptop, screen, tmp_path / "a.jpg", photo())
    screen.exhibits.annotate.click()
    dialog = annotating()
    dialog.choose("redact")
    canvas, left = dialog.canvas, Qt.MouseButton.LeftButton
    middle = canvas.rect().center()
    QTest.mouseClick(canvas, left, pos=middle)
    assert canvas.strokes == ()
    assert canvas.pending is None
    QTest.mousePress(canvas, left, pos=middle)
    QTest.mouseMove(canvas, middle + QPoint(90, 60))
    QTest.mouseRelease(canvas, left, pos=middle + QPoint(90, 60))
    settle()
    (cover,) = canvas.strokes
    assert cover.shape == "redact"
    assert 4900 <= cover.x1 <= 5100 < cover.x2
    dialog.keep.click()
    until(lambda: len(held(laptop).evidence) == 2)
    assert held(laptop).evidence[1].redacted
    until(lambda: "trader" in told(screen))


def test_escape_lets_a_begun_shape_go_then_leaves_and_nothing_is_kept(
    desk: Callable[..., Desktop], tmp_path: Path
) -> None:
    laptop = desk().unlock()
    laptop.open()
    screen = findings(laptop)
    take(laptop, screen, tmp_path / "a.jpg", photo())
    screen.exhibits.annotate.click()
    dialog = annotating()
    QTest.keyClick(dialog.canvas, Qt.Key.Key_C)
    assert dialog.canvas.pending is not None
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Escape)
    assert dialog.canvas.pending is None
    assert dialog.isVisible()
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Escape)
    settle()
    assert QApplication.activeModalWidget() is None
    assert len(held(laptop).evidence) == 1


def test_a_shape_never_leaves_the_picture(desk: Callable[..., Desktop], tmp_path: Path) -> None:
    laptop = desk().unlock()
    laptop.open()
    screen = findings(laptop)
    take(laptop, screen, tmp_path / "a.jpg", photo())
    screen.exhibits.annotate.click()
    canvas = annotating().canvas
    for _ in range(80):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.pending is not None
    assert (canvas.pending.x1, canvas.pending.x2) == (8000, 10_000)
    for _ in range(80):
        QTest.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.pending.y2 == 0


def test_what_a_photo_claims_is_said_and_an_old_one_is_to_be_looked_at(
    desk: Callable[..., Desktop], tmp_path: Path
) -> None:
    laptop = desk().unlock()
    laptop.open()
    screen = findings(laptop)
    take(laptop, screen, tmp_path / "a.jpg", photo(taken="2020:01:01 10:00:00", camera="Phone 7"))
    assert "The file itself says: 2020-01-01 10:00:00 · Phone 7" in told(screen)
    assert "a day or more before" in told(screen)


def test_a_photo_used_before_is_said_in_the_window(desk: Callable[..., Desktop], tmp_path: Path) -> None:
    laptop = desk().unlock()
    first = laptop.open().number
    screen = findings(laptop)
    take(laptop, screen, tmp_path / "a.jpg", photo())
    assert screen.seen.isHidden()
    command = opening.OpenInspection(consignment=consignment("2-tablets"))
    laptop.jobs.run(opening.open_inspection, command, done=laptop.window.desk.put_inspection)
    until(lambda: held(laptop).number != first)
    take(laptop, screen, tmp_path / "b.jpg", photo())
    assert screen.seen.text() == f"The same photo was used in {first}."


def bomb() -> bytes:
    """Return a small file that unpacks to 81 megapixels."""
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.jpg", b"not a photo", "not a picture"),
        ("b.jpg", b"\xff\xd8\xff\xe0" + bytes(60), "damaged"),
        ("c.png", bomb(), "over the limit of 40"),
        ("d.png", b"", "not a picture"),
    ],
)
def test_a_photo_that_is_none_is_one_sentence_and_what_was_typed_stays(
    desk: Callable[..., Desktop], tmp_path: Path, name: str, content: bytes, part: str
) -> None:
    laptop = desk().unlock()
    laptop.open()
    screen = findings(laptop)
    screen.note_field.setPlainText("Drum 4 leaks")
    file = tmp_path / name
    file.write_bytes(content)
    photographing.take(screen, str(file))
    until(screen.banner.isVisible)
    assert part in told(screen)
    assert held(laptop).evidence == ()
    assert screen.note_field.toPlainText() == "Drum 4 leaks"
