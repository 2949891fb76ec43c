"""A lost laptop's records go to the new laptop of the same officer, and to no other."""

import msgspec
import pyrage
import pytest

from fieldapp import canonical
from fieldapp.enrolment import Certificate, GivenBack, HeadquartersKeys, open_statement, request_mac
from fieldapp.ledger import Entry
from sync import wire
from sync.headquarters import desk, enrolment, feed, inheritance, keys, store
from sync.headquarters.inheritance import NotInherited
from sync.headquarters.office import Office
from sync.wire import BlobUnwanted, DeviceRevoked, GivenAnswer, GivenRequest, TargetPart
from tests.support import records
from tests.support.headquarters import Chain, invitation, sealed_evidence, upload

PHOTO = b"a photo of a drum" * 1000


class NewLaptop(Chain):
    """A chain whose laptop can open what is sealed to it."""

    def __init__(self, at: Office, name: str = "R. Nair", *, practice: bool = False) -> None:
        super().__init__(at, practice=practice, name=name, enrol=False)
        self.identity = pyrage.x25519.Identity.generate()
        invited = invitation(at, practice=practice, name=name)
        bare = msgspec.structs.replace(
            self.request(invited), recipient=str(self.identity.to_public()), mac=b""
        )
        enrolment.enrol(at, msgspec.structs.replace(bare, mac=request_mac(bare, invited.secret)))

    def ask(self, sealed: str) -> GivenAnswer:
        """Ask for a file by its hash in the record."""
        asked = wire.pack(GivenRequest(v=wire.VERSION, sealed=sealed))
        return wire.unpack(desk.given(self.at, asked, self.session()), GivenAnswer)

    def fetch(self, h: str) -> TargetPart:
        """Fetch a file from its first byte."""
        return wire.unpack(desk.target(self.at, h, 0, self.session()), TargetPart)


def given_to(at: Office, chain: Chain) -> list[GivenBack]:
    """Every gift in the feed of a laptop, each signed by the realm's key."""
    named = canonical.decode(keys.realm(at.keyring, chain.practice).statement.payload, HeadquartersKeys)
    given: list[GivenBack] = []
    cursor, more = 0, True
    while more:
        with store.reading(at.engine) as connection:
            items, cursor, more = feed.after(connection, chain.device.hex(), chain.practice, cursor)
        given += [
            open_statement(item.statement, "given", GivenBack, named.signing)
            for item in items
            if item.statement.kind == "given"
        ]
    return given


def lost_laptop(at: Office, *, photo: bool = True) -> tuple[Chain, Entry, str]:
    """A withdrawn laptop, the record it sealed, and the hash of its photo there."""
    lost = Chain(at)
    item, sealed = sealed_evidence(at, PHOTO)
    entry = lost.seal(records.record(inspection=records.inspection(evidence=(item,))))
    lost.push()
    if photo:
        assert upload(at, lost, sealed).done
    enrolment.revoke(at, lost.device.hex(), "Meera Iyer", "Stolen")
    return lost, entry, item.sealed_sha256


def give(at: Office, lost: Chain, new: Chain) -> int:
    return inheritance.give(at, lost.device.hex(), new.device.hex(), "Ada Min")


def test_records_go_as_they_were_signed_and_files_to_the_new_laptop_alone(at: Office) -> None:
    lost, entry, sealed = lost_laptop(at)
    new, other = NewLaptop(at), NewLaptop(at, "B. Rao")
    with pytest.raises(BlobUnwanted):
        new.ask(sealed)  # nothing was given yet
    assert give(at, lost, new) == 1

    [back] = given_to(at, new)
    assert (back.device, back.entries) == (new.device.hex(), (entry,))
    certified = canonical.decode(back.certificate.payload, Certificate)
    assert (certified.device, certified.public) == (
        lost.device.hex(),
        lost.key.public_key().public_bytes_raw().hex(),
    )
    assert given_to(at, other) == []

    answer = new.ask(sealed)
    assert new.ask(sealed) == answer, "sealed once, fetched in as many stretches as it takes"
    part = new.fetch(answer.h)
    assert canonical.sha256(part.content) == answer.h
    assert part.size == answer.size
    assert pyrage.decrypt(part.content, [new.identity]) == PHOTO
    for refused in (lambda: other.ask(sealed), lambda: other.fetch(answer.h)):
        with pytest.raises(BlobUnwanted):
            refused()


def test_a_laptop_that_is_lost_in_its_turn_gets_nothing_more(at: Office) -> None:
    lost, _entry, sealed = lost_laptop(at)
    new = NewLaptop(at)
    give(at, lost, new)
    answer = new.ask(sealed)
    enrolment.revoke(at, new.device.hex(), "Meera Iyer")
    with pytest.raises(DeviceRevoked):
        new.ask(sealed)
    with pytest.raises(BlobUnwanted):
        new.fetch(answer.h)


def test_a_file_that_never_came_is_not_there(at: Office) -> None:
    lost, _entry, sealed = lost_laptop(at, photo=False)
    new = NewLaptop(at)
    give(at, lost, new)
    with pytest.raises(BlobUnwanted):
        new.ask(sealed)


def test_only_a_withdrawn_laptop_of_the_same_officer_and_realm(at: Office) -> None:
    lost, _entry, _sealed = lost_laptop(at, photo=False)
    used, namesake, other = Chain(at), Chain(at, practice=True), Chain(at, name="B. Rao")
    for earlier, new, why in (
        (used, NewLaptop(at), "revoked"),
        (lost, lost, "revoked"),
        (lost, other, "officer"),
        (lost, namesake, "officer"),
    ):
        with pytest.raises(NotInherited, match=why):
            give(at, earlier, new)
        assert given_to(at, new) == []
    with store.reading(at.engine) as connection:
        offered = {
            chain.device: [
                row["id"]
                for row in inheritance.candidates(connection, enrolment.get(connection, chain.device.hex()))
            ]
            for chain in (used, namesake, other, lost)
        }
    assert offered == {
        used.device: [lost.device.hex()],
        namesake.device: [],
        other.device: [],
        lost.device: [],
    }


def test_many_records_are_parted_so_that_each_answer_fits(at: Office) -> None:
    lost = Chain(at)
    note = "x" * (inheritance.BYTES // 3)
    for number in range(8):
        held = records.inspection(id=f"018f0000-0000-7000-8000-00000000000{number}", place=note)
        lost.seal(records.record(inspection=held))
    lost.push()
    enrolment.revoke(at, lost.device.hex(), "Meera Iyer")
    new = NewLaptop(at)
    assert give(at, lost, new) == 8
    answer = new.push(new.append())
    assert answer.more, "one answer is not all of it"
    told = given_to(at, new)
    assert all(len(back.entries) < len(lost.entries) for back in told)
    assert [entry for back in told for entry in back.entries] == lost.entries
