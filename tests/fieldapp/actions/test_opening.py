import json
from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical, worker
from fieldapp.actions import opening
from fieldapp.actions.opening import ConsignmentUnreadable, ListConsignments, TakeInConsignment
from fieldapp.consignment.advice import AdviceUnreadable
from tests.support.laptops import consignment
from tests.support.vaults import enrolled_vault


def changed(**changes: object) -> bytes:
    made = json.loads(canonical.encode(consignment()))
    goods = {key: changes.pop(key) for key in ("packages", "net_kg", "seq", "description") if key in changes}
    made["goods"][0].update(goods)
    made.update(changes)
    return json.dumps(made).encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{}", b"[]", b"\xff\xfe", b'{"a":' + b"[" * 100_000,
        changed(packages=10**30), changed(packages=-1), changed(net_kg=-3.0), changed(net_kg=1.7e308),
        changed(seq=0), changed(id=""), changed(reference="x" * 201), changed(description="x" * 20_001),
        changed(containers=["x"] * 2001),
        changed(goods=[{"seq": 1, "description": "a"}, {"seq": 1, "description": "b"}]),
    ],
)  # fmt: skip
def test_what_is_no_consignment_is_refused_before_anything_is_kept(tmp_path: Path, raw: bytes):
    vault = enrolled_vault(tmp_path)
    ours = raw.startswith(b"{")  # anything else is taken for a partner's file, and refused as one
    with pytest.raises(ConsignmentUnreadable if ours else AdviceUnreadable):
        opening.take_in_consignment(vault, TakeInConsignment(raw=raw))
    assert opening.list_consignments(vault, ListConsignments()).rows == ()
    vault.close()


def test_every_consignment_that_is_kept_can_travel_to_the_window(tmp_path: Path):
    vault = enrolled_vault(tmp_path)
    raw = changed(packages=1_000_000_000, net_kg=1e9, description="\u202e\u0000<b>" * 4000)
    taken = opening.take_in_consignment(vault, TakeInConsignment(raw=raw))
    listed = opening.list_consignments(vault, ListConsignments())
    kind = worker.types_of(opening.list_consignments)[1]
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(listed), type=kind).rows == (taken,)
    vault.close()


def test_a_consignment_taken_in_twice_is_one(tmp_path: Path):
    vault = enrolled_vault(tmp_path)
    opening.take_in_consignment(vault, TakeInConsignment(raw=canonical.encode(consignment())))
    with pytest.raises(opening.ConsignmentKnown):
        opening.take_in_consignment(vault, TakeInConsignment(raw=canonical.encode(consignment())))
    assert len(opening.list_consignments(vault, ListConsignments()).rows) == 1
    vault.close()


def test_inspections_are_found_by_number_and_reference(tmp_path: Path):
    vault = enrolled_vault(tmp_path)
    made = opening.open_inspection(vault, opening.OpenInspection(consignment=consignment()))
    for text, found in (("7741209", 1), (made.number[-4:], 1), ("%", 0), ("_", 0), ("nothing", 0)):
        rows = opening.list_inspections(vault, opening.ListInspections(text=text)).rows
        assert len(rows) == found, text
    vault.close()
