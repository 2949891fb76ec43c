"""Deciding about the goods, from the scan station or the inspection: the question and the action.

What cannot be decided is refused before a reason is asked for. Of several goods lines it is asked which; a
paper whose amount is not enough, or has ended, is told of before a release.
"""

from fieldapp.actions import disposing, sanctioning
from fieldapp.actions.disposing import Decide
from fieldapp.actions.sanctioning import Balances, ShowBalances
from fieldapp.inspection.disposition import Disposition
from fieldapp.inspection.inspection import Inspection, open_hits, standing_verdict
from fieldapp.screening.verdict import list_unfit
from fieldapp.worker import Failure
from ui.models.naming import printable
from ui.models.sections import balance_words, goods_standing
from ui.screens.screen import Screen
from ui.widgets.ask import Ask
from ui.widgets.picker import Picker

_ICONS = {"hold": "hand", "refer": "users", "release": "circle-check", "seize": "gavel"}
_WHOLE = "all"
_SERIOUS = ("short", "exhausted", "expired")


def ask(screen: Screen, disposition: Disposition, prefilled: str = "") -> None:
    """Ask of which line, where there are several; all of them is the first answer."""
    inspection = screen.desk.inspection
    if inspection is None:
        return
    if len(inspection.consignment.goods) < 2:
        ask_line(screen, disposition, None, prefilled)
        return
    options = [(_WHOLE, screen.say("decision.all-lines"))]
    for each in goods_standing(inspection):
        now = screen.say(f"disposition.{each.now}") if each.now else screen.say("findings.undecided")
        options.append((str(each.line.seq), f"{each.line.seq}. {printable(each.line.description)} · {now}"))
    title = screen.say(f"decide.{disposition}.title", number=inspection.number)
    Picker(screen.window(), title, options, screen.say("do.cancel")).pick(
        lambda line: ask_line(screen, disposition, None if line == _WHOLE else int(line), prefilled)
    )


def ask_line(screen: Screen, disposition: Disposition, line: int | None, prefilled: str = "") -> None:
    """Refuse what is not possible, look at the papers' amounts before a release, then ask for the reason."""
    inspection = screen.desk.inspection
    if inspection is None:
        return
    refused = disposing.refusal(inspection, disposition, line)
    if refused is not None:
        screen.complain(Failure("inspector", refused.code, dict(refused.facts)))
        return
    if disposition == "release":
        command = ShowBalances(inspection=inspection.id)
        screen.run(
            sanctioning.show_balances,
            command,
            lambda found: _ask_reason(screen, inspection, disposition, line, "", found),
        )
    else:
        _ask_reason(screen, inspection, disposition, line, prefilled, None)


def _ask_reason(
    screen: Screen,
    inspection: Inspection,
    disposition: Disposition,
    line: int | None,
    prefilled: str,
    balances: Balances | None,
) -> None:
    """Ask for the reason. Seizing, and releasing despite a hit or without a paper, is asked as what it is."""
    session = screen.desk.session
    if session is None:
        return
    key = _danger(inspection, disposition)
    warned = _warnings(screen, balances)
    words = [screen.say(key or f"decide.{disposition}.words"), *warned]
    if line is not None:
        words.insert(0, screen.say("role.goods-line", seq=line) + ".")
    danger = bool(key or warned) or disposition == "seize"
    second = disposing.needs_second(inspection, disposition, session.policy)

    def decide(reason: str) -> None:
        command = Decide(inspection=inspection.id, disposition=disposition, reason=reason, line=line)
        screen.run(disposing.decide, command, lambda after: _decided(screen, after))

    Ask(
        screen.window(),
        title=screen.say(f"decide.{disposition}.title", number=inspection.number),
        words=" ".join(words),
        yes=screen.say(f"decide.{disposition}.do"),
        no=screen.say("do.cancel"),
        icon=_ICONS[disposition],
        reason=screen.say("decide.reason"),
        prefilled="" if danger else prefilled,
        hint=screen.say("decide.needs-second") if second else "",
        danger=danger,
        least=screen.say("ask.least", least="{least}", missing="{missing}") if danger else "",
    ).ask(decide)


def _danger(inspection: Inspection, disposition: Disposition) -> str:
    """Return the key of what speaks against a release, "" when nothing does."""
    if disposition != "release":
        return ""
    verdict = standing_verdict(inspection)
    if open_hits(inspection) or verdict in ("hold", "check"):
        return "decide.release.despite"
    if any(list_unfit(scan.verdict) for scan in inspection.scans if not scan.withdrawn):
        return "decide.release.stale"
    return "decide.release.unchecked" if verdict == "cannot_check" else ""


def _warnings(screen: Screen, balances: Balances | None) -> list[str]:
    """Return a sentence for each paper whose amount does not do, and each that lacks."""
    if balances is None:
        return []
    told = []
    for row in balances.rows:
        if row.state in _SERIOUS:
            state = screen.say(f"balance.{row.state}")
            paper = f"{screen.say(f'document.{row.kind}')} {printable(row.number)}"
            told.append(f"{paper}: {state}. {balance_words(row, screen.language)}.")
    told += [
        screen.say(
            "balance.lacking",
            paper=screen.say(f"document.{each.kind}"),
            state=screen.say(f"lacking.{each.state}"),
        )
        for each in balances.lacking
    ]
    return told


def _decided(screen: Screen, after: Inspection) -> None:
    screen.desk.put_inspection(after)
    last = after.decisions[-1]
    words = screen.say(f"disposition.{last.disposition}")
    if last.line is not None:
        words = f"{screen.say('role.goods-line', seq=last.line)}: {words}"
    if last.needs_second:
        screen.note(screen.say("decide.waits", what=words), screen.say("decide.waits-words"))
    else:
        screen.note(screen.say("decide.done", what=words), screen.say("decide.done-words"))
