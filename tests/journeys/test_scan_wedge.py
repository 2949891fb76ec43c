"""A scanner gun at the real window: what it types becomes a remembered verdict, whatever has the cursor."""

from collections.abc import Callable

import pytest

from fieldapp import settings as stored
from fieldapp.scan.calibration import CODE
from tests.support.keys import LAYOUT, type_on, under
from tests.support.window import Desktop, settle, until
from ui.screens.calibration import Calibration
from ui.screens.screen import close_dialogs

GS = "\x1d"
DRUM = f"]d201095212340000131728113010KX-2291{GS}210007"
PALLET = "]C100095212340000000013"


def at_work(desktop: Desktop, consignment: str = "1-intermediate") -> Desktop:
    desktop.unlock()
    desktop.open(consignment)
    return desktop


def test_a_gun_with_ctrl_bracket_separators(desk: Callable[..., Desktop]):
    desktop = at_work(desk())
    window = desktop.window
    window.show_screen("inspection")
    findings = window.screens["inspection"]
    findings.note_field.setFocus()  # type: ignore[attr-defined]
    handle = window.windowHandle()
    type_on(handle, DRUM)
    until(lambda: len(desktop.scans) == 1)
    type_on(handle, PALLET, start=60_000)
    until(lambda: len(desktop.scans) == 2)
    drum, pallet = desktop.scans
    assert bytes.fromhex(drum.symbol.hex).decode() == DRUM[3:]
    assert drum.identified.identifiers["serial"] == "0007"
    assert drum.identified.identifiers["batch"] == "KX-2291"
    assert drum.identified.confidence == "read"
    assert drum.verdict.word == "hold"
    assert pallet.identified.identifiers["sscc"] == "095212340000000013"
    assert (drum.source, drum.picture, drum.anomalies) == ("gun", "", ())
    assert window.name == "scan"
    assert findings.note_field.toPlainText() == ""  # type: ignore[attr-defined]


def test_a_foreign_layout_after_calibration(desk: Callable[..., Desktop]):
    desktop = desk().unlock()
    window = desktop.window
    window.show_screen("settings")
    window.screens["settings"].calibrate()  # type: ignore[attr-defined]
    settle()
    (dialog,) = window.findChildren(Calibration)
    until(lambda: not dialog.picture.pixmap().isNull())  # the reader process drew it
    dialog.name.setText("Gate 3")
    type_on(dialog.windowHandle(), under("]d1" + CODE, LAYOUT))
    until(lambda: stored.load().settings.scanner == "Gate 3")
    close_dialogs()
    settle()
    desktop.open()
    garbled = under(DRUM, LAYOUT)
    assert garbled != DRUM
    type_on(window.windowHandle(), garbled, start=90_000)
    until(lambda: len(desktop.scans) == 1)
    (scan,) = desktop.scans
    assert bytes.fromhex(scan.symbol.hex).decode() == DRUM[3:]
    assert scan.symbol.confirmed
    assert scan.device == "Gate 3"
    assert scan.anomalies == ("keys-turned-back",)
    assert bytes.fromhex(scan.typed).decode() == garbled, "what the keys gave is kept for ever"


@pytest.mark.parametrize("lost", [GS])
def test_a_gun_that_drops_the_separator_is_only_inferred(desk: Callable[..., Desktop], lost: str):
    desktop = at_work(desk(), "2-tablets")
    type_on(desktop.window.windowHandle(), DRUM.replace(lost, ""))
    until(lambda: len(desktop.scans) == 1)
    (scan,) = desktop.scans
    if scan.identified.identifiers.get("serial") == "0007":
        assert scan.identified.confidence == "inferred"
    assert scan.verdict.word in ("hold", "check", "cannot_check"), "never passed in silence"


def test_caps_lock_is_undone_noticed_and_said(desk: Callable[..., Desktop]):
    desktop = at_work(desk())
    type_on(desktop.window.windowHandle(), DRUM.swapcase(), caps=True)
    until(lambda: len(desktop.scans) == 1)
    (scan,) = desktop.scans
    assert "caps-lock" in scan.anomalies
    assert scan.identified.identifiers["batch"] == "KX-2291"
    assert desktop.window.screens["scan"].banner.isVisible()
