"""Pages about reports: the queue with its filters, one report, what reviewers decide, files to save."""

from collections.abc import Callable
from datetime import date
from itertools import zip_longest
from urllib.parse import urlencode

from sqlalchemy import delete, insert, select
from starlette.responses import Response

from fieldapp.inspection import position
from fieldapp.inspection.review import Remark
from fieldapp.report.paper import Language
from fieldapp.screening.verdict import WORDS
from sync.headquarters import (
    examined,
    exports,
    pack,
    places,
    reading,
    reports,
    review,
    spreadsheet,
    stix,
    store,
    story,
    tables,
)
from sync.headquarters.door import Form, Page, redirect
from sync.headquarters.reports import ReportLine, Sought

MOST = 100_000  # lines in a file
MOST_AT_ONCE = 50
AGES = (24, 48, 96, 168)  # hours


def sought(page: Page, default: str = "waiting") -> Sought:
    """Read what the address asks for; what it cannot mean asks for nothing."""
    standing, age = page.query("standing") or default, page.query("age")
    return Sought(
        standing=standing if standing in reports.STANDINGS else "",
        verdict=_known(page.query("verdict"), WORDS),
        severity=_known(page.query("severity"), reports.SEVERITIES),
        site=page.query("site")[:200],
        substance=page.query("substance")[:100],
        age=int(age) if age.isascii() and age.isdigit() and int(age[:6]) in AGES else 0,
        clock=_known(page.query("clock"), reports.CLOCKS),
        text=page.query("q")[:100],
        since=_day(page.query("since")),
        until=_day(page.query("until")),
    )


def _day(written: str) -> str:
    """Return a day as a browser sends it; nothing for anything else, or a year no report can be of."""
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        return ""
    return day.isoformat() if 2000 <= day.year <= 2200 else ""


def _known(text: str, words: tuple[str, ...]) -> str:
    return text if text in words else ""


def query(asked: Sought) -> str:
    """Return the address part that asks for the same again, without the standing."""
    named = {
        "verdict": asked.verdict, "severity": asked.severity, "site": asked.site,
        "substance": asked.substance, "age": str(asked.age or ""), "clock": asked.clock, "q": asked.text,
        "since": asked.since, "until": asked.until,
    }  # fmt: skip
    return urlencode({name: value for name, value in named.items() if value})


def queue(page: Page) -> Response:
    """List the reports of one realm."""
    return _queue(page)


def _queue(page: Page, error: str = "", status: int = 200) -> Response:
    asked = sought(page)
    now = page.office.clock()
    kept = tables.view
    views = select(kept.c.name, kept.c.query).where(
        kept.c.account == page.person.name, kept.c.practice == page.practice
    )
    with store.reading(page.office.engine) as connection:
        counts = reports.counts(connection, page.practice)
        rows = reports.queue(connection, page.practice, asked, now=now)
        sites = reports.sites(connection, page.practice)
        saved = connection.execute(views.order_by(kept.c.name)).all()
    return page.render(
        "queue.html",
        status,
        error=error,
        rows=rows,
        counts=counts,
        total=sum(counts.values()),
        asked=asked,
        standing=asked.standing or "all",
        narrowed=bool(query(asked)),
        query=query(asked),
        standings=(*reports.STANDINGS, "all"),
        verdicts=WORDS,
        severities=reports.SEVERITIES,
        clocks=reports.CLOCKS,
        ages=AGES,
        sites=sites,
        views=saved,
        now=now,
        soon=now + reports.SOON,
    )


def keep_view(page: Page, form: Form) -> Response:
    """Keep the filters under a name, or forget them."""
    name, query = form.text("name", 60).strip(), form.text("query", 1000)
    kept = tables.view
    owner = {"account": page.person.name, "practice": page.practice, "name": name}
    with store.writing(page.office.engine) as connection:
        connection.execute(
            delete(kept).where(*(getattr(kept.c, column) == value for column, value in owner.items()))
        )
        if name and form.text("forget", 3) != "yes":
            connection.execute(insert(kept).values(**owner, query=query))
    return redirect(f"{page.realm_path}/reports?{query}" if name else f"{page.realm_path}/reports")


def decide_many(page: Page, form: Form) -> Response:
    """Approve or return several reports: first they are shown once more, then each is decided by itself."""
    records = tuple(dict.fromkeys(form.texts("record")))[:MOST_AT_ONCE]
    if not records:
        return _queue(page, page.say("hq.bulk.none"), 409)
    outcome = review.outcome_of(form.text("outcome", 20))
    remark = form.text("remark", review.MAX_REMARK).strip()
    with store.reading(page.office.engine) as connection:
        found = [reports.one(connection, record, page.practice) for record in records]
    lines = [line for line in found if line is not None]
    confirmed = form.text("confirm", 3) == "yes"
    told = [(line, _decide_one(page, line, outcome, remark)) for line in lines] if confirmed else []
    return page.render("bulk.html", lines=lines, outcome=outcome, remark=remark, told=told)


def _decide_one(page: Page, line: ReportLine, outcome: review.Outcome, remark: str) -> str:
    """Decide on one of several; return what became of it, in words."""
    command = review.Decide(
        id=review.new_id(page.office),
        record=line.record,
        practice=page.practice,
        outcome=outcome,
        remarks=(Remark(text=remark),) if remark else (),
    )
    try:
        made = review.decide(page.office, command, page.person.name)
    except review.ReviewRefused as error:
        return page.words.error(error)
    first = isinstance(made, review.Opinion)
    return page.say("hq.standing.second" if first else f"hq.standing.{outcome}")


def _saved(
    page: Page, make: Callable[[tuple[ReportLine, ...]], bytes], ending: str, kind: str, most: int = MOST
) -> Response:
    """Give what the filters leave as a file."""
    with store.reading(page.office.engine) as connection:
        asked = sought(page, default="all")
        rows = reports.queue(connection, page.practice, asked, now=page.office.clock(), limit=most)
    name = f"{'practice-' if page.practice else ''}reports.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(make(rows), media_type=kind, headers=headers)


def listing(page: Page) -> Response:
    """Give the list as CSV."""
    return _saved(page, lambda rows: exports.reports_csv(rows, page.words), "csv", "text/csv; charset=utf-8")


def workbook(page: Page) -> Response:
    """Give the list as a workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _saved(page, lambda rows: spreadsheet.reports_xlsx(rows, page.words), "xlsx", kind)


def mapped(page: Page) -> Response:
    """Give the list for a map."""
    return _saved(page, places.geojson, "geojson", "application/geo+json")


def shared(page: Page) -> Response:
    """Give approved reports for a partner agency, as STIX; TLP:AMBER unless green is asked for."""
    tlp: stix.Tlp = "green" if page.query("tlp") == "green" else "amber"
    with store.reading(page.office.engine) as connection:
        founded = store.founded(connection)
    name = page.office.keyring.name
    return _saved(
        page, lambda rows: stix.bundle(rows, name, founded, tlp), "stix.json", "application/stix+json"
    )


def papers(page: Page) -> Response:
    """Give the first reports of the list as PDF files in a ZIP."""
    language: Language = "hi" if page.words.language == "hi" else "en"

    def make(rows: tuple[ReportLine, ...]) -> bytes:
        return pack.pack(page.office, rows, page.practice, language)

    return _saved(page, make, "zip", "application/zip", pack.MOST)


def paper(page: Page) -> Response:
    """Give one report as the PDF that headquarters makes of it."""
    with store.reading(page.office.engine) as connection:
        line = reports.one(connection, page.path("record"), page.practice)
    if line is None:
        raise reading.ReportUnknown
    language: Language = "hi" if page.words.language == "hi" else "en"
    headers = {"Content-Disposition": f'attachment; filename="{pack.name(line)}"'}
    content = pack.paper(page.office, line, page.practice, language)
    return Response(content, media_type="application/pdf", headers=headers)


def report(page: Page) -> Response:
    """Show one report."""
    return _report(page, "", "")


def _report(page: Page, error: str, kept: str, status: int = 200) -> Response:
    found = reading.read(page.office, page.path("record"), page.practice)
    with store.reading(page.office.engine) as connection:
        spoken = {past.record: review.opinions(connection, past.record) for past in found.revisions}
        waiting = reports.queue(connection, page.practice, Sought(standing="waiting"))
    made, opinions = found.record.inspection, spoken[found.line.record]
    order = [line.record for line in waiting]
    here = order.index(found.line.record) if found.line.record in order else -1
    name = page.person.name.casefold()
    return page.render(
        "revision.html",
        status,
        reading=found,
        made=made,
        located=position.words(made.located, page.words.language) if made.located else "",
        examined=examined.examine(found.record, page.words, page.office.clock()),
        opinions=opinions,
        judgements=story.judgements(made),
        events=story.events(found, spoken),
        review_id=review.new_id(page.office),
        error=error,
        kept=kept,
        pictures=reading.PICTURES,
        own=found.line.officer.casefold() == name,
        spoke=any(one.by.casefold() == name for one in opinions),
        earlier=order[here - 1] if here > 0 else "",
        later=order[here + 1] if here + 1 < len(order) else "",
    )


def _command(page: Page, form: Form, outcome: review.Outcome) -> review.Decide:
    texts, parts = form.texts("remark"), form.texts("part")
    written = zip_longest(texts, parts[: len(texts)], fillvalue="")  # a remark without a pin is a remark
    remarks = tuple(Remark(text=text.strip(), path=part[:60]) for text, part in written if text.strip())
    return review.Decide(
        id=form.text("id", 40),
        record=page.path("record"),
        practice=page.practice,
        outcome=outcome,
        remarks=remarks,
    )


def decide(page: Page, form: Form) -> Response:
    """Approve or return one report, or say so as the first of two."""
    try:
        command = _command(page, form, review.outcome_of(form.text("outcome", 20)))
        review.decide(page.office, command, page.person.name)
    except review.ReviewRefused as error:
        return _report(page, page.words.error(error), form.text("remark", review.MAX_REMARK), 409)
    return redirect(f"{page.realm_path}/reports/{command.record}#decided")


def escalate(page: Page, form: Form) -> Response:
    """Pass one report on to another reviewer."""
    try:
        command = _command(page, form, "approved")
        review.escalate(page.office, command, page.person.name)
    except review.ReviewRefused as error:
        return _report(page, page.words.error(error), form.text("remark", review.MAX_REMARK), 409)
    return redirect(f"{page.realm_path}/reports/{command.record}#decided")


def rule(page: Page, form: Form) -> Response:
    """Rule which of two records of one revision stands."""
    record, note = page.path("record"), form.text("note", review.MAX_REMARK)
    try:
        review.rule(page.office, record, page.practice, note, page.person.name)
    except review.ReviewRefused as error:
        return _report(page, page.words.error(error), "", 409)
    return redirect(f"{page.realm_path}/reports/{record}")


def evidence(page: Page) -> Response:
    """Give one piece of evidence: a picture to look at, anything else to save."""
    number = int(page.path("number"))
    item, plain = reading.open_evidence(page.office, page.path("record"), page.practice, number)
    if item.mime in reading.PICTURES and page.query("save") == "":
        return Response(plain, media_type=item.mime)
    name = f"evidence-{number}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(plain, media_type="application/octet-stream", headers=headers)
