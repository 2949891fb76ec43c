"""Labels whose separators were lost: put together, robbed of GS, cut up again."""

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.identifiers import separators
from fieldapp.identifiers.identify import identify, identify_text
from fieldapp.identifiers.rules.numbers import mod10
from fieldapp.scan.symbol import Symbol

TODAY = date(2026, 11, 22)
GTIN = "0109506000134352"


def pack(chance: random.Random) -> list[tuple[str, str]]:
    digits = "".join(chance.choice("0123456789") for _ in range(12))
    batch = chance.choice("ABCDEFGH") + str(chance.randint(100, 99999))
    serial = "".join(chance.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(chance.randint(8, 16)))
    expiry = (TODAY + timedelta(days=chance.randint(-200, 1400))).strftime("%y%m%d")
    rest = [("10", batch), ("17", expiry), ("21", serial)]
    chance.shuffle(rest)
    return [("01", "0" + digits + str(mod10("0" + digits))), *rest]


def test_most_labels_come_back_and_what_is_called_sure_is() -> None:
    chance = random.Random(4)
    first = sure = wrong = 0
    for _ in range(300):
        fields = pack(chance)
        ranked = separators.cuts("".join(ai + value for ai, value in fields), TODAY)
        right = bool(ranked) and [(entry.ai, value) for entry, value, _ in ranked[0][1]] == fields
        first += right
        if len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= separators.SURE:
            sure += 1
            wrong += not right
    assert first >= 270
    assert sure >= 150
    assert wrong <= 1


def test_an_inferred_reading_says_so_and_keeps_the_others() -> None:
    found = identify_text(GTIN + "10AB12345" + "17280630" + "21XYZ0123456789", "]d2", today=TODAY)
    assert found.confidence == "inferred"
    assert found.identifiers["batch"] == "AB12345"
    assert found.alternatives
    assert found.issues[0].rule == "gs1-separators-lost"


def test_what_the_engine_read_is_never_cut_up() -> None:
    text = GTIN + "10AB1234517280630"
    symbol = Symbol(
        symbology="DataMatrix", aim="]d2", text=text, hex=text.encode().hex(), reader="zxing:full"
    )
    found = identify(symbol, TODAY)
    assert found.confidence == "read"
    assert found.identifiers["batch"] == "AB1234517280630"


def test_a_stranger_in_place_of_the_separator() -> None:
    found = identify_text(GTIN + "10AB|21XY", "]d2", today=TODAY)
    assert found.identifiers["serial"] == "XY"
    assert found.confidence == "inferred"
    assert found.issues[0].rule == "gs1-separator-substituted"


def test_swapped_case_is_noticed() -> None:
    found = identify_text("]D2" + GTIN + "10ab\x1d21x", today=TODAY)
    assert found.identifiers["batch"] == "AB"
    assert found.issues[0].rule == "case-swapped"


@given(st.text("0123456789ABCDEF", max_size=60))
def test_every_cut_is_made_of_the_data(data: str) -> None:
    for _, fields in separators.cuts(data, TODAY):
        assert "".join(entry.ai + value for entry, value, _ in fields) == data
