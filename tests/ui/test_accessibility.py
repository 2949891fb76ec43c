"""Every screen, in both languages and three themes: names, reach by Tab, sizes, nothing cut, plain text."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

import resources
from fieldapp.actions.rescreening import LaterRows
from fieldapp.settings import Settings
from tests.support.window import SIZE, Desktop, settle
from ui import theme
from ui.screens.rescreen import show_later
from ui.screens.screen import close_dialogs
from ui.screens.sources import ListWizard
from ui.widgets.label import Elided

SCREENS = ("home", "scan", "search", "inspection", "report", "outbox", "settings", "health", "about")
CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QListView)
LOOKS = [(look, tongue) for look in ("light", "dark", "outdoor") for tongue in ("en", "hi")]


@pytest.fixture(scope="module", params=LOOKS, ids=["-".join(each) for each in LOOKS])
def dressed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, qapp: object
) -> Iterator[Desktop]:
    """An inspector in the middle of his work, in one look and language. Shared: the tests only look."""
    look, tongue = request.param
    made = Desktop(tmp_path_factory.mktemp("desk"), settings=Settings(theme=look, language=tongue)).unlock()
    made.take_in("2-tablets")
    made.open()
    made.scan_label("drum-7-of-12.png")
    yield made
    made.close()


@pytest.fixture
def desktop(dressed: Desktop) -> Desktop:
    """The shared desktop at its usual size."""
    dressed.window.resize(*SIZE)
    settle()
    return dressed


def controls(root: QWidget) -> list[QWidget]:
    """What can be used on a screen now; the inner field of a spin box is the box itself."""
    return [
        each
        for each in root.findChildren(QWidget)
        if isinstance(each, CONTROLS)
        and each.isVisible()
        and not isinstance(each.parent(), QAbstractSpinBox)
        and not isinstance(each, QScrollBar)
    ]


def walked(desktop: Desktop) -> Iterator[tuple[str, QWidget]]:
    for name in SCREENS:
        desktop.window.show_screen(name)
        settle(10)
        yield name, desktop.window


def described(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()!r}"


def test_there_is_something_to_look_at(desktop: Desktop):
    for name, window in walked(desktop):
        assert len(controls(window)) >= 13, name  # the rail and the chips alone are twelve


def test_every_control_has_a_name(desktop: Desktop):
    nameless = [
        (name, described(each))
        for name, window in walked(desktop)
        for each in controls(window)
        if not QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name).strip()
    ]
    assert nameless == []


def test_every_control_is_large_enough_to_press(desktop: Desktop):
    small = [
        (name, described(each), each.width(), each.height())
        for name, window in walked(desktop)
        for each in controls(window)
        if each.height() < theme.TARGET or each.width() < theme.TARGET
    ]
    assert small == []


def test_every_control_is_reached_by_tab(desktop: Desktop):
    for name, window in walked(desktop):
        wanted = {each for each in controls(window) if each.isEnabled()}
        # Of a group of choices Tab reaches the pressed one, and arrows the rest.
        grouped = {each for each in wanted if isinstance(each, QAbstractButton) and each.group() is not None}
        reached: set[QWidget] = set()
        for _ in range(len(wanted) * 2 + 10):
            QTest.keyClick(window, Qt.Key.Key_Tab)
            focused = window.focusWidget()
            if focused is not None:
                reached.add(focused)
        missed = {described(each) for each in wanted - reached - grouped}
        assert missed == set(), name
        groups = {each.group() for each in grouped if isinstance(each, QAbstractButton)}
        for group in groups:
            assert {button for button in group.buttons() if button.isVisible()} & reached, name


def test_nothing_is_cut(desktop: Desktop):
    cut: list[tuple[str, str]] = []
    for name, window in walked(desktop):
        labels = [each for each in window.findChildren(QLabel) if each.isVisible() and each.text()]
        cut += [(name, each.text()) for each in labels if not isinstance(each, Elided) and _is_cut(each)]
        buttons = [each for each in window.findChildren(QAbstractButton) if each.isVisible()]
        cut += [(name, described(each)) for each in buttons if each.width() < each.minimumSizeHint().width()]
    assert cut == []


def _is_cut(label: QLabel) -> bool:
    metrics = QFontMetrics(label.font())
    room = label.contentsRect()
    flags = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextSingleLine
    if "\n" in label.text():
        flags = Qt.TextFlag.TextWordWrap
    needed = metrics.boundingRect(QRect(0, 0, max(1, room.width()), 10_000), int(flags), label.text())
    return needed.width() > room.width() + 2 or needed.height() > room.height() + 4


def test_the_window_fits_a_small_laptop(desktop: Desktop):
    for name, window in walked(desktop):
        least = window.minimumSizeHint()
        assert least.width() <= 1280, name
        assert least.height() <= 690, name
        window.resize(1280, 690)
        settle()
        assert window.size().toTuple() == (1280, 690), name


def test_the_window_can_be_used_on_a_very_small_one(desktop: Desktop):
    desktop.window.resize(1024, 600)
    settle(20)
    for name, window in walked(desktop):
        assert window.size().toTuple() == (1024, 600), name
        for each in controls(window):
            place = QRect(each.mapTo(window, each.rect().topLeft()), each.size())
            assert place.left() >= 0, (name, described(each))
            assert place.right() <= 1024, (name, described(each))
    scan = desktop.window.screens["scan"]
    desktop.window.show_screen("scan")
    settle(20)
    for button in (scan.hold, scan.refer, scan.release, scan.photo, scan.field):  # type: ignore[attr-defined]
        bottom = button.mapTo(desktop.window, button.rect().bottomLeft()).y()
        assert bottom <= 600, described(button)


def test_all_text_is_plain(desktop: Desktop):
    for name, window in walked(desktop):
        rich = [
            each.text()
            for each in window.findChildren(QLabel)
            if each.textFormat() != Qt.TextFormat.PlainText
        ]
        assert rich == [], name


def test_dialogs_name_their_controls_too(desktop: Desktop):
    window = desktop.window
    scan = window.screens["scan"]
    openings = (
        lambda: window._navigate("keys"),
        lambda: scan.decide("release"),  # type: ignore[attr-defined]
        lambda: scan.decide("hold"),  # type: ignore[attr-defined]
        lambda: scan._open_entry(),  # type: ignore[attr-defined]
        lambda: window.screens["inspection"]._judge(scan.scans.values()[0].screening.hits[0]),  # type: ignore[attr-defined]
        lambda: window.screens["inspection"]._seal(),  # type: ignore[attr-defined]
        lambda: show_later(window.screens["home"], LaterRows(rows=())),
        lambda: ListWizard(window.screens["search"], str(resources.path("practice", "watchlist.csv"))).open(),
    )
    for number, opening in enumerate(openings):
        opening()
        settle(10)
        dialog = window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)[-1]
        assert dialog.isVisible(), number
        for each in controls(dialog):
            assert each.accessibleName().strip(), (number, described(each))
            assert each.height() >= theme.TARGET, (number, described(each))
        for label in dialog.findChildren(QLabel):
            assert label.textFormat() == Qt.TextFormat.PlainText
        close_dialogs()
        settle()


@pytest.mark.parametrize("tongue", ["en", "hi"])
@pytest.mark.parametrize("exists", [True, False], ids=["unlock", "create"])
def test_before_unlocking(desk: Callable[..., Desktop], tongue: str, exists: bool):
    made = desk(settings=Settings(language=tongue), made=exists)  # type: ignore[arg-type]
    for each in controls(made.window):
        assert each.accessibleName().strip(), described(each)
        assert each.height() >= theme.TARGET, described(each)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", theme.THEMES)
def test_text_stands_out(look: str):
    worn = theme.THEMES[look]  # type: ignore[index]
    grounds = (worn.bg, worn.surface, worn.sunken)
    for ground, words in itertools.product(grounds, (worn.text, worn.muted)):
        assert contrast(ground, words) >= 7, (look, ground, words)
    for words, ground in (
        (worn.on_highlight, worn.highlight), (worn.header_text, worn.header),
        (worn.header_muted, worn.header),
        (worn.chip_text, worn.chip), (worn.chip_ok_text, worn.chip_ok), (worn.chip_warn_text, worn.chip_warn),
        (worn.on_accent, worn.accent), (worn.text, worn.accent_soft), (worn.text, worn.error_soft),
        (worn.hold, worn.surface), (worn.muted, worn.accent_soft),
    ):  # fmt: skip
        assert contrast(ground, words) >= 7, (look, ground, words)
    assert contrast(worn.accent, worn.accent_soft) >= 5.5
    for edge in (worn.line_strong, worn.focus, worn.accent, worn.check, worn.cannot_check, worn.no_match):
        for ground in grounds:
            assert contrast(edge, ground) >= 3, (look, edge, ground)


@pytest.mark.parametrize("word", theme.VERDICTS)
def test_the_bands_stand_out_and_differ_in_shape(word: str):
    look = theme.VERDICTS[word]  # type: ignore[index]
    assert contrast(look.band, look.on_band) >= 7
    assert len({each.icon for each in theme.VERDICTS.values()}) == len(theme.VERDICTS)


def test_no_style_is_set_but_by_the_one_sheet():
    sources = Path(theme.__file__).resolve().parents[1]
    named = [str(file) for file in sources.rglob("*.py") if ".setStyleSheet(" in file.read_text("utf-8")]
    assert named == [str(Path(theme.__file__).resolve())]


def test_scroll_areas_take_no_focus_away(desktop: Desktop):
    for name, window in walked(desktop):
        for area in window.findChildren(QAbstractScrollArea):
            if area.isVisible() and area.focusPolicy() != Qt.FocusPolicy.NoFocus:
                assert area.accessibleName().strip(), (name, type(area).__name__)
