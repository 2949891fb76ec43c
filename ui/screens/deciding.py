"""Deciding about the goods, from the scan station or the inspection: the question and the action."""

from fieldapp.actions import disposing
from fieldapp.actions.disposing import Decide
from fieldapp.inspection.disposition import Disposition
from fieldapp.inspection.inspection import Inspection, open_hits, standing_verdict
from fieldapp.screening.verdict import list_unfit
from ui.screens.screen import Screen
from ui.widgets.ask import Ask

_ICONS = {"hold": "hand", "refer": "users", "release": "circle-check", "seize": "gavel"}


def ask(screen: Screen, disposition: Disposition, prefilled: str = "") -> None:
    """Ask for the reason. Seizing, and releasing despite a hit, is asked as what it is."""
    inspection = screen.desk.inspection
    session = screen.desk.session
    if inspection is None or session is None:
        return
    despite = disposition == "release" and (
        bool(open_hits(inspection)) or standing_verdict(inspection) in ("hold", "check")
    )
    unchecked = disposition == "release" and standing_verdict(inspection) == "cannot_check"
    stale = disposition == "release" and any(
        list_unfit(scan.verdict) for scan in inspection.scans if not scan.withdrawn
    )
    danger = despite or unchecked or stale or disposition == "seize"
    words = screen.say(f"decide.{disposition}.words")
    if despite:
        words = screen.say("decide.release.despite")
    elif stale:
        words = screen.say("decide.release.stale")
    elif unchecked:
        words = screen.say("decide.release.unchecked")
    second = disposing.needs_second(inspection, disposition, session.policy)
    Ask(
        screen.window(),
        title=screen.say(f"decide.{disposition}.title", number=inspection.number),
        words=words,
        yes=screen.say(f"decide.{disposition}.do"),
        no=screen.say("do.cancel"),
        icon=_ICONS[disposition],
        reason=screen.say("decide.reason"),
        prefilled="" if danger else prefilled,
        hint=screen.say("decide.needs-second") if second else "",
        danger=danger,
        least=screen.say("ask.least", least="{least}", missing="{missing}") if danger else "",
    ).ask(lambda reason: _decide(screen, inspection, disposition, reason))


def _decide(screen: Screen, inspection: Inspection, disposition: Disposition, reason: str) -> None:
    command = Decide(inspection=inspection.id, disposition=disposition, reason=reason)
    screen.run(disposing.decide, command, lambda after: _decided(screen, after))


def _decided(screen: Screen, after: Inspection) -> None:
    screen.desk.put_inspection(after)
    last = after.decisions[-1]
    words = screen.say(f"disposition.{last.disposition}")
    if last.needs_second:
        screen.note(screen.say("decide.waits", what=words), screen.say("decide.waits-words"))
    else:
        screen.note(screen.say("decide.done", what=words), screen.say("decide.done-words"))
