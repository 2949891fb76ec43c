"""Digital links: every legal form read, one form written."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.identifiers import digital_link, gs1, table
from fieldapp.identifiers.associations import Field
from fieldapp.identifiers.identify import identify_text
from fieldapp.identifiers.rules.numbers import mod10
from fieldapp.identifiers.source import source
from tests.support.shared import shared_data

TODAY = date(2026, 11, 22)
# Remarks, not faults: forms older editions allow.
_REMARKS = {"gs1-required", "dl-short-gtin", "dl-short-name"}
# Read with switches we do not have: unknown identifiers allowed; the same forms refused and allowed.
_OTHER_SWITCHES = {
    "https://a/gtin/12312312312333",
    "https://example.com/01/09520123456788?99=XYZ&89=ABC123",
    "https://a/01/02345673",
}


def fields(data: str) -> list[Field]:
    found = gs1.parse(data, TODAY)
    return [(table.table()[element.ai], element.value, 0) for element in found.elements]


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/01/09506000134352/10/AB%2F1?17=280630",
        "http://example.com/some/stem/01/09506000134352/10/AB%2F1?17=280630&linkType=x#top",
        "HTTPS://Example.COM:8443/gtin/9506000134352/lot/AB%2f1?exp=280630",
    ],
)
def test_legal_forms(link: str) -> None:
    found = digital_link.read(source(link), TODAY)
    assert found is not None
    assert found.identifiers == {
        "gtin": "09506000134352",
        "batch": "AB/1",
        "expiry": "2028-06-30",
        "digital_link": "https://id.gs1.org/01/09506000134352/10/AB%2F1?17=280630",
    }


@pytest.mark.parametrize(
    "link", ["https://example.com/", "ftp://a/01/09506000134352", "HtTp://a/01/09506000134352"]
)
def test_other_addresses_are_not_digital_links(link: str) -> None:
    assert digital_link.read(source(link), TODAY) is None


def test_wrong_order_and_bad_escapes_are_issues() -> None:
    found = digital_link.read(source("https://a/01/09506000134352/21/X/10/A%00"), TODAY)
    assert found is not None
    assert {issue.rule for issue in found.issues} >= {"dl-qualifiers", "dl-escape"}


@given(st.text(max_size=60))
def test_nothing_makes_it_raise(text: str) -> None:
    digital_link.read(source("https://a/01/09506000134352/" + text), TODAY)
    digital_link.unescape(text)


def test_every_link_of_the_engine_is_written_and_read_back() -> None:
    path = shared_data("gs1", "oracle_6000.jsonl")
    for line in path.read_text("utf-8").splitlines()[::3]:
        row = json.loads(line)
        if row["lax"]["ok"]:
            assert digital_link.canonical(fields(row["data"])) == row["dl"]
        if row.get("dl"):
            found = digital_link.read(source(row["dl"]), TODAY)
            assert found is not None
            assert {issue.rule for issue in found.issues} <= {"gs1-required"}


def test_the_engines_own_vectors() -> None:
    path = shared_data("gs1", "engine_vectors.jsonl")
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["test"] == "test_parseDLuri" and row["args"][1] not in _OTHER_SWITCHES:
            wanted, link, _ = row["args"]
            found = digital_link.read(source(link), TODAY)
            good = found is not None and not {issue.rule for issue in found.issues} - _REMARKS
            assert good == (wanted == "true"), row
        elif row["test"] == "test_URIunescape":
            text, path_form, query_form = row["args"]
            assert digital_link.unescape(text) == path_form
            assert digital_link.unescape(text, plus=True) == query_form
        elif row["test"] == "test_testGenerateDLuri":
            wanted, domain, text, link = row["args"]
            parsed = gs1.parse_bracketed(text, TODAY)
            if "gs1-unknown" not in {issue.rule for issue in parsed.issues}:
                put = [(table.table()[element.ai], element.value, 0) for element in parsed.elements]
                assert (digital_link.canonical(put, domain) or "") == link


def test_a_fault_in_a_shortened_gtin_points_into_the_text():
    text = "https://a/01/17990230"
    issues = identify_text(text, today=TODAY).issues
    [place] = [issue.position for issue in issues if issue.rule == "gs1-incorrect-check-digit"]
    assert place == len(text) - 1


_VALUE = st.text(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!\"%&'()*+,-./_:;<=>?",
    min_size=1,
    max_size=20,
)


@given(
    st.integers(0, 10**13 - 1),
    st.one_of(st.none(), _VALUE),
    st.one_of(st.none(), _VALUE),
    st.dates(date(2027, 1, 1), date(2060, 12, 31)),
)
def test_the_canonical_address_says_what_the_pack_said(
    number: int, batch: str | None, serial: str | None, expiry: date
) -> None:
    body = f"{number:013d}"
    data = f"01{body}{mod10(body)}17{expiry:%y%m%d}"
    data += f"10{batch}" if batch else ""
    data += f"\x1d21{serial}" if batch and serial else f"21{serial}" if serial else ""
    pack = gs1.parse(data, TODAY)
    address = digital_link.canonical(fields(data))
    assert address is not None
    found = digital_link.read(source(address), TODAY)
    assert found is not None
    assert found.issues == pack.issues == ()
    assert found.identifiers == {**pack.identifiers, "digital_link": address}
    assert digital_link.canonical([(table.table()[e.ai], e.value, 0) for e in found.elements]) == address
