"""Pages about what laptops are told: list, checklists and policy in force, what waits, what was decided."""

import shutil
import tempfile
from pathlib import Path

from starlette.responses import Response

from fieldapp.errors import FieldappError
from fieldapp.inspection import checklist
from sync.headquarters import notices, officers, ordering, policies, publish, store
from sync.headquarters.door import Form, Page, redirect
from sync.headquarters.notices import Notice

_SIGNED = publish.MAX_PROPOSAL


def at(page: Page) -> str:
    """Return the address of these pages."""
    return f"{page.realm_path}/notices"


def show(page: Page) -> Response:
    """Show what is in force and what waits."""
    return _notices(page)


def _notices(page: Page, error: str = "", status: int = 200, kept: str = "") -> Response:
    with store.reading(page.office.engine) as connection:
        waiting = notices.listed(connection, page.practice, waiting=True)
        decided = notices.listed(connection, page.practice, waiting=False)
        policy = ordering.policy_in_force(connection, page.practice)
        held = notices.checklists(connection, page.practice)
    return page.render(
        "notices.html",
        status,
        error=error,
        kept=kept,
        waiting=waiting,
        decided=decided,
        policy=policy,
        fields=[(field, policies.written(policy, field)) for field in policies.FIELDS],
        slots=policies.OFFERED_SLOTS,
        checklists=sorted(held.values(), key=lambda one: one.id),
        newest=publish.newest(page.office, page.practice),
        may_change=page.may(f"{at(page)}/policy", "POST"),
    )


def notice(page: Page) -> Response:
    """Show one proposal with all that it changes."""
    return _notice(page)


def _notice(page: Page, error: str = "", status: int = 200) -> Response:
    with store.reading(page.office.engine) as connection:
        found = notices.one(connection, page.path("notice"), page.practice)
    count, needed = _signatures(page, found)
    name = page.person.name.casefold()
    return page.render(
        "notice.html",
        status,
        found=found,
        told=found.told,
        text=found.content.decode("utf-8") if found.kind == "checklist" else "",
        count=count,
        needed=needed,
        own=found.by.casefold() == name,
        spoke=any(one.casefold() == name for one in found.signed_by),
        error=error,
        may_change=page.may(f"{at(page)}/{{notice}}", "POST"),
    )


def _signatures(page: Page, found: Notice) -> tuple[int, int]:
    """Return how many officers' signatures a real list has, and how many it needs."""
    if not found.needs_signatures:
        return 0, 0
    if found.outcome == "published":
        return officers.OFFICERS, officers.OFFICERS
    _, count, needed = publish.merge(page.office, found.content, found.content, practice=page.practice)
    return count, needed


def proposal(page: Page) -> Response:
    """Give a list's proposal as the file that an officer signs on a machine of his own."""
    with store.reading(page.office.engine) as connection:
        found = notices.one(connection, page.path("notice"), page.practice)
    if found.kind != "list":
        raise notices.NoticeRefused(why="notice-gone")
    headers = {"Content-Disposition": f'attachment; filename="list-{found.told.number}.proposal"'}
    return Response(found.content, media_type="application/octet-stream", headers=headers)


def propose_policy(page: Page, form: Form) -> Response:
    """Keep a proposal of other rules for laptops."""
    with store.reading(page.office.engine) as connection:
        before = ordering.policy_in_force(connection, page.practice)
    try:
        wanted = policies.read(before, lambda name: form.text(name, 50_000), form.texts)
        own = notices.propose_policy(page.office, wanted, practice=page.practice, by=page.person.name)
    except policies.PolicyRefused as refused:
        field = page.say(f"hq.policy.{refused.facts['field']}")
        named = policies.PolicyRefused(**{**refused.facts, "field": field})
        return _notices(page, page.words.error(named), 409)
    except FieldappError as error:
        return _notices(page, page.words.error(error), 409)
    return redirect(f"{at(page)}/{own}")


def propose_checklist(page: Page, form: Form) -> Response:
    """Keep a proposal of a checklist: a file, or the text itself."""
    text = form.text("text", checklist.LARGEST + 1)
    upload = form.upload("file")
    if upload is not None:
        text = upload.file.read(4 * checklist.LARGEST).decode("utf-8-sig", "replace")
    try:
        own = notices.propose_checklist(page.office, text, practice=page.practice, by=page.person.name)
    except FieldappError as error:
        return _notices(page, page.words.error(error), 409, kept=text[: checklist.LARGEST])
    return redirect(f"{at(page)}/{own}")


def propose_list(page: Page, form: Form) -> Response:
    """Keep a proposal to publish a watchlist release."""
    upload = form.upload("file")
    if upload is None:
        return _notices(page, page.say("hq.notice.no-file"), 409)
    try:
        with tempfile.TemporaryDirectory(dir=page.office.home, prefix=".upload-") as folder:
            file = Path(folder) / "release"
            with file.open("wb") as out:
                shutil.copyfileobj(upload.file, out, 1 << 20)
            own = notices.propose_list(page.office, file, practice=page.practice, by=page.person.name)
    except FieldappError as error:
        return _notices(page, page.words.error(error), 409)
    return redirect(f"{at(page)}/{own}")


def settle(page: Page, form: Form) -> Response:
    """Publish or refuse a proposal."""
    own, agreed = page.path("notice"), form.text("answer", 10) == "publish"
    read = form.text("read", 3) == "yes"
    try:
        notices.settle(
            page.office, own, practice=page.practice, agreed=agreed, read=read, by=page.person.name
        )
    except FieldappError as error:
        return _notice(page, page.words.error(error), 409)
    return redirect(f"{at(page)}/{own}")


def bring(page: Page, form: Form) -> Response:
    """Take a proposal that an officer signed."""
    upload, own = form.upload("file"), page.path("notice")
    raw = upload.file.read(_SIGNED + 1) if upload is not None else b""
    read = form.text("read", 3) == "yes"
    try:
        notices.bring(page.office, own, raw, practice=page.practice, read=read, by=page.person.name)
    except FieldappError as error:
        return _notice(page, page.words.error(error), 409)
    return redirect(f"{at(page)}/{own}")
