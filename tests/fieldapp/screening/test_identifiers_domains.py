"""Numbers and addresses on the net: exact in any way of writing, near only where a check digit fails."""

from pathlib import Path

import pytest

from fieldapp.screening.hit import Hit
from fieldapp.screening.screen import screen
from fieldapp.screening.subject import Subject
from fieldapp.watchlist.index import Index
from tests.support.lists import entry, index_of, list_state

LISTED = (
    ("gtin", "04012345678901"),
    ("licence", "KTK/28D/123/2019"),
    ("noc", "CBN/NOC/2024/00417"),
    ("container", "MSKU6011672"),
    ("imo", "9187629"),
    ("phone", "+971 4 555 0199"),
    ("email", "Sales@Rashid-Trading.example"),
    ("passport", "F 572010"),
    ("registration", "U24110MH1998PLC117"),
    ("website", "www.canadameds-direct.com"),
)
NAMES = {kind: f"Owner of the {kind}" for kind, _ in LISTED}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """A list with one entry for each kind of number, and names that resemble none of them."""
    entries = [
        entry(NAMES[kind], number=str(at), identifiers=((kind, value),))
        for at, (kind, value) in enumerate(LISTED, start=1)
    ]
    return index_of(entries, Path(tmp_path_factory.mktemp("numbers")))


def met(index: Index, text: str, kind: str = "identifier") -> dict[str, Hit]:
    """Return the hits of a number or address, by the listed name."""
    subject = Subject(kind=kind, name=text)  # type: ignore[arg-type]
    return {hit.listed_name: hit for hit in screen(subject, index, list_state(index))}


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("gtin", "4012345678901"),
        ("gtin", "4-012345-678901"),
        ("licence", "ktk 28d 123 2019"),
        ("licence", "KTK-28D-123-2019"),
        ("noc", "CBN NOC 2024 00417"),
        ("container", "MSKU 601167 2"),
        ("container", "msku-601167-2"),
        ("imo", "IMO 9187629"),
        ("imo", "IMO9187629"),
        ("phone", "00971 4 5550199"),
        ("phone", "(971) 4-555-0199"),
        ("email", "sales@rashid-trading.EXAMPLE"),
        ("passport", "F572010"),
        ("registration", "U24110 MH1998 PLC117"),
    ],
)
def test_the_same_number_is_found_however_it_is_written(index: Index, kind: str, written: str):
    found = met(index, written)
    assert set(found) == {NAMES[kind]}
    assert found[NAMES[kind]].band == "strong"


@pytest.mark.parametrize(
    "neighbour",
    [
        "MSKU6011688",
        "KTK/28D/124/2019",
        "CBN/NOC/2024/00418",
        "F 572011",
        "U24110MH1998PLC118",
        "+971 4 555 0198",
    ],
)
def test_a_number_beside_a_listed_one_is_somebody_elses(index: Index, neighbour: str):
    strong = {name for name, hit in met(index, neighbour).items() if hit.band == "strong"}
    assert strong == set()


def check_digit(body: str) -> str:
    """Return the ISO 6346 check digit of ten characters, worked out here on its own."""
    values = [value for value in range(10, 39) if value % 11]  # of A to Z: multiples of 11 are left out
    known = {letter: values[at] for at, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    total = sum(known.get(mark, ord(mark) - ord("0")) * 2**place for place, mark in enumerate(body))
    return str(total % 11 % 10)


def test_a_slip_is_looked_for_only_where_the_check_digit_fails(index: Index):
    assert check_digit("MSKU601167") == "2"  # ours agrees with the listed number
    slipped = "MSKU6071672"  # one digit misread: the check digit no longer agrees
    assert check_digit(slipped[:10]) != slipped[10]
    found = met(index, slipped)
    assert set(found) == {NAMES["container"]}
    assert found[NAMES["container"]].band == "review"
    whole = "MSKU607167"
    valid = whole + check_digit(whole)  # one digit off as well, and a valid box of its own
    assert met(index, valid) == {}


def test_a_swapped_pair_in_a_gtin_that_fails_its_check_is_looked_for(index: Index):
    found = met(index, "4012354678901")
    assert {name: hit.band for name, hit in found.items()} == {NAMES["gtin"]: "review"}


@pytest.mark.parametrize(
    ("address", "how", "band"),
    [
        ("canadameds-direct.com", "domain-exact", "strong"),
        ("https://www.canadameds-direct.com/order?id=7", "domain-exact", "strong"),
        ("CANADAMEDS-DIRECT.COM.", "domain-exact", "strong"),
        ("pay.canadameds-direct.com", "domain-sub", "strong"),
        ("info@canadameds-direct.com", "domain-exact", "strong"),
        ("canadarneds-direct.com", "domain-lookalike", "review"),  # r and n drawn as m
        ("canadameds-d1rect.com", "domain-lookalike", "review"),
        ("c\u0430n\u0430dameds-direct.com", "domain-lookalike", "review"),  # two Cyrillic letters
        ("canadamedsdirect.net", "domain-lookalike", "review"),
        ("canadamed-direct.com", "domain-lookalike", "review"),
        ("buy-canadamedsdirect-now.shop", "domain-brand", "review"),
    ],
)
def test_a_domain_is_met_as_itself_and_as_what_resembles_it(index: Index, address: str, how: str, band: str):
    found = met(index, address, "domain")
    assert set(found) == {NAMES["website"]}
    hit = found[NAMES["website"]]
    assert (hit.reasons[0].code, hit.band) == (how, band)


def test_a_domain_in_its_ascii_form_resembles_as_well(index: Index):
    written = "c\u0430nadameds-direct.com".encode("idna").decode("ascii")
    assert written.startswith("xn--")
    assert set(met(index, written, "domain")) == {NAMES["website"]}


@pytest.mark.parametrize(
    "address", ["canada.com", "direct.com", "meds.example", "canadagoose.com", "example.com"]
)
def test_another_domain_is_left_alone(index: Index, address: str):
    assert met(index, address, "domain") == {}


def test_a_goods_text_says_where_in_it_the_listed_name_stands(tmp_path: Path):
    listed = index_of([entry("Rashid Trading Establishment", number="7")], tmp_path)
    text = "240 cartons tableware, mark RASHID TRADING ESTABLISHMENT Deira, net 4 t"
    (hit,) = screen(Subject(kind="goods", name=text), listed, list_state(listed))
    start, end = text.index("RASHID"), text.index(" Deira")
    assert [(span.start, span.end) for span in hit.differs_query] == [(start, end)]
    (told,) = [reason for reason in hit.reasons if reason.code == "in-text"]
    assert (told.facts["start"], told.facts["end"], told.facts["text"]) == (start, end, text[start:end])
