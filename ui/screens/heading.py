"""What the header says: the open inspection, the clock in doubt, the list, what waits, who is here."""

from fieldapp import clock
from fieldapp.actions.provisioning import Unlocked
from fieldapp.text import say, say_n
from ui.models.desk import Desk
from ui.models.moments import age
from ui.widgets.frame import Header


def show_heading(header: Header, desk: Desk, language: str) -> None:
    """Show what lies on the desk."""
    session, inspection = desk.session, desk.inspection
    header.show_session(session is not None)
    if session is None:
        header.show_titles(say("window.title", language), say("window.locked", language))
        return
    direction = say(f"direction.{inspection.consignment.direction}", language) if inspection else ""
    number = inspection.number if inspection else say("window.no-inspection", language)
    header.show_titles(number, " · ".join(part for part in (session.site, direction) if part))
    header.officer.show_fact(
        session.officer.name, "user", says=say("window.officer", language, name=session.officer.name)
    )
    header.clock.setVisible(session.clock_suspect)
    _show_list(header, session, language)
    _show_waiting(header, session, desk, language)


def _show_list(header: Header, session: Unlocked, language: str) -> None:
    used = session.watchlist
    if used.issued is None:
        header.watchlist.show_fact(say("window.no-list", language), "triangle-alert", "warn")
        return
    words = say("window.list-age", language, age=age(used.issued, language))
    fresh = clock.age_hours(used.issued, clock.now()) <= session.policy.list_amber_hours
    header.watchlist.show_fact(words, "shield-check", "ok" if fresh else "warn")


def _show_waiting(header: Header, session: Unlocked, desk: Desk, language: str) -> None:
    waiting = desk.outbox.waiting if desk.outbox is not None else 0
    count = say_n("window.unsent", language, waiting)
    if not session.enrolled:
        header.waiting.show_fact(say("window.not-enrolled", language), "key-round", "warn")
    elif desk.offline:
        header.waiting.show_fact(say("window.offline", language, count=count), "cloud-off", "warn")
    else:
        header.waiting.show_fact(count, "cloud", "warn" if waiting else "ok")
