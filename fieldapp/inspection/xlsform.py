"""A checklist from a spreadsheet: a subset of XLSForm, the form that field offices already write.

Read are the sheets `survey` (type, name, label, hint, required, relevant, and labels in two languages such
as `label::English (en)` and `label::Hindi (hi)`), `choices` and `settings`. Types: select_one, integer,
decimal, text, date, barcode, image, note (left out), begin and end group. `relevant` may compare answers
with =, !=, <, >, <=, >= and selected(), joined by and, or, not. Anything else is a fault with its row; a
form is taken whole or not at all. Standard: xlsform.org.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import msgspec
import openpyxl

from fieldapp.inspection import checklist, condition
from fieldapp.inspection.checklist import Checklist, Fault, SiteKind

LARGEST = 4 * 1024 * 1024  # bytes of the file
UNPACKED = 64 * 1024 * 1024  # bytes of what is inside it
ROWS = 2000
_KINDS = {
    "integer": "number",
    "decimal": "number",
    "text": "text",
    "date": "date",
    "barcode": "scan",
    "image": "photo",
}
_PLACE = re.compile(r"\$\{([^}]+)\}")
_SELECTED = re.compile(r"selected\(\s*\$\{([^}]+)\}\s*,\s*'([^']*)'\s*\)")
_YES_NO = frozenset({"yes", "no"})
Row = dict[str, str]


def read(content: bytes, site: SiteKind) -> Checklist | tuple[Fault, ...]:
    """Read a workbook; the lines of faults are the rows of its `survey` sheet."""
    try:
        sheets = _sheets(content)
    except Exception:  # noqa: BLE001 - a stranger's file trips the library up in any way there is
        return (Fault(line=1, code="not-xlsx"),)
    if sheets is None:
        return (Fault(line=1, code="too-large"),)
    survey, choices, settings = (list(sheets.get(name, ())) for name in ("survey", "choices", "settings"))
    if not survey:
        return (Fault(line=1, code="no-survey"),)
    made, faults = _sections(survey, _options(choices))
    if faults:
        return tuple(faults)
    head = settings[0][1] if settings else {}
    name = _id(head.get("form_id") or head.get("form_title") or "form")
    title = head.get("form_title") or name
    digits = re.sub(r"\D", "", head.get("version", ""))[:9]
    tree = {
        "id": name,
        "version": max(1, int(digits or "1")),
        "site": site,
        "words": {"en": title, "hi": head.get("form_title::hindi (hi)") or title},
        "section": made,
    }
    try:
        return checklist.check(msgspec.convert(tree, Checklist, strict=False))
    except msgspec.ValidationError as error:
        return (Fault(line=1, code="misfit", part=str(error)[-80:]),)


def _sheets(content: bytes) -> dict[str, list[tuple[int, Row]]] | None:
    """Return the rows of each sheet as text by column, with their numbers; None where it is too large."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if len(content) > LARGEST or sum(part.file_size for part in packed.infolist()) > UNPACKED:
            return None
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return {
        sheet.title.casefold(): list(_rows(sheet.iter_rows(max_row=ROWS, values_only=True))) for sheet in book
    }


def _rows(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, Row]]:
    heads = [str(cell or "").strip().casefold() for cell in next(rows, ())]
    for number, row in enumerate(rows, 2):
        held = {
            head: str(cell).strip()
            for head, cell in zip(heads, row, strict=False)
            if head and cell is not None and str(cell).strip()
        }
        if held:
            yield number, held


def _options(choices: list[tuple[int, Row]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for _number, row in choices:
        option = {"value": row.get("name", ""), "words": _wording(row, "label", row.get("name", ""))}
        found.setdefault(row.get("list_name") or row.get("list name", ""), []).append(option)
    return found


def _sections(
    survey: list[tuple[int, Row]], options: dict[str, list[dict[str, Any]]]
) -> tuple[list[dict[str, Any]], list[Fault]]:
    sections: list[dict[str, Any]] = []
    faults: list[Fault] = []
    open_groups = 0
    for number, row in survey:
        kind = row.get("type", "").casefold()
        if kind == "begin group" or kind == "begin_group" or not sections:
            sections.append(_section(row if kind.startswith("begin") else {}, len(sections) + 1))
        if kind in ("begin group", "begin_group"):
            open_groups += 1
            if open_groups > 1 or row.get("relevant"):
                faults.append(Fault(line=number, code="group-unfit", part=row.get("name", "")))
        elif kind in ("end group", "end_group"):
            open_groups -= 1
        elif kind != "note":
            made = _question(row, kind, options)
            if isinstance(made, str):
                faults.append(
                    Fault(line=number, code=made, part=(row.get("type") or row.get("name", ""))[:60])
                )
            else:
                sections[-1]["question"].append(made)
    return [section for section in sections if section["question"]], faults


def _section(row: Row, number: int) -> dict[str, Any]:
    name = _id(row.get("name", "")) or f"section-{number}"
    return {"id": name, "words": _wording(row, "label", row.get("name") or "–"), "question": []}


def _question(row: Row, kind: str, options: dict[str, list[dict[str, Any]]]) -> dict[str, Any] | str:
    """Return a question, or the code of what is wrong with it."""
    made: dict[str, Any] = {
        "id": _id(row.get("name", "")),
        "words": _wording(row, "label", row.get("name", "")),
        "required": row.get("required", "").casefold() in ("yes", "true", "true()"),
    }
    if not made["id"]:
        return "id-unfit"
    if kind.startswith(("select_one ", "select one ")):
        held = options.get(row["type"].split()[-1])
        if not held:
            return "options-missing"
        if {option["value"] for option in held} == _YES_NO:
            made["kind"] = "yes_no"
        else:
            made |= {"kind": "choice", "options": held}
    elif kind in _KINDS:
        made["kind"] = _KINDS[kind]
    else:
        return "type-unknown"
    if row.get("constraint") or row.get("calculation"):
        return "not-in-the-subset"
    if row.get("relevant"):
        when = _condition(row["relevant"])
        if when is None:
            return "not-in-the-subset"
        made["when"] = when
    return made


def _condition(relevant: str) -> str | None:
    """Turn `${a} = 'yes'` into our own condition; None where it uses more than the subset."""
    text = _SELECTED.sub(lambda found: f"{_id(found[1])} == '{found[2]}'", relevant)
    text = _PLACE.sub(lambda found: _id(found[1]), text)
    text = re.sub(r"(?<![=!<>])=(?!=)", "==", text)
    text = re.sub(r"\bnot\s*\(", "not (", text)
    try:
        condition.read(text)
    except condition.Unreadable:
        return None
    return text


def _wording(row: Row, column: str, otherwise: str) -> dict[str, str]:
    """Return the words in both languages; one stands for the other where it is missing."""
    plain = row.get(column, "")
    english, hindi = (
        next((words for head, words in row.items() if head.startswith(f"{column}::") and mark in head), "")
        for mark in ("(en)", "(hi)")
    )
    first = english or plain or hindi or otherwise or "–"
    return {"en": first[:500], "hi": (hindi or first)[:500]}


def _id(text: str) -> str:
    """Return a name in the form of checklists: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:60]
