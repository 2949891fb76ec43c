"""Taking a scan out of the count: a mistyped code, a label of another consignment. It stays, with why."""

from fieldapp.actions import scanning
from fieldapp.actions.scanning import WithdrawScan
from fieldapp.inspection.scan import Scan
from ui.screens.screen import Screen
from ui.widgets.ask import Ask


def ask(screen: Screen, scan: Scan | None) -> None:
    """Ask for the reason and withdraw; a scan that hit something is refused by the action, which says why."""
    inspection = screen.desk.inspection
    if inspection is None or inspection.state != "draft" or scan is None or scan.withdrawn:
        return
    Ask(
        screen.window(),
        title=screen.say("withdraw.title"),
        words=screen.say("withdraw.words"),
        yes=screen.say("withdraw.do"),
        no=screen.say("do.cancel"),
        icon="undo",
        reason=screen.say("decide.reason"),
    ).ask(
        lambda reason: screen.run(
            scanning.withdraw,
            WithdrawScan(inspection=inspection.id, scan=scan.id, reason=reason),
            screen.desk.put_inspection,
        )
    )
