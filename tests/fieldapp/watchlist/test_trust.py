"""A release is believed when two officers and the server signed it under the root of the enrolment, and never
when anything about that is older, run out, mixed, altered or too large. Each refusal has its own name."""

from datetime import timedelta
from functools import lru_cache

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tuf.api.metadata import Metadata as Signed

from fieldapp import canonical, text
from fieldapp.watchlist import trust
from fieldapp.watchlist.trust import Metadata, Trusted, Versions
from fieldapp.watchlist.verification import verify
from tests.support.lists import ISSUED, Publisher

LATER = ISSUED + timedelta(days=1)


@pytest.fixture(scope="module")
def publisher() -> Publisher:
    return Publisher()


def believed(publisher: Publisher, number: int = 5) -> Trusted:
    return verify(None, publisher.metadata(number=number), LATER, publisher.anchor)


def test_a_release_that_two_officers_signed_is_believed(publisher: Publisher) -> None:
    held = believed(publisher)
    assert (held.target.number, held.target.size, held.versions) == (5, 9, Versions(1, 5, 5))
    trust.check_content(held.target, b"a release")


def test_what_a_vault_keeps_survives_its_own_form(publisher: Publisher) -> None:
    held = believed(publisher)
    assert msgspec.json.decode(msgspec.json.encode(held), type=Trusted) == held


def test_a_renewed_timestamp_alone_is_enough(publisher: Publisher) -> None:
    held = believed(publisher)
    renewed = publisher.metadata(number=5, timestamp=6, days=(365, 365, 90))
    only = Metadata(timestamp=renewed.timestamp)
    with pytest.raises(trust.MetadataMixed):  # it names another snapshot than the one held
        verify(held, Metadata(timestamp=publisher.metadata(number=6).timestamp), LATER, publisher.anchor)
    after = verify(held, only, LATER, publisher.anchor)
    assert after.versions == Versions(1, 6, 5)
    assert after.expires > held.expires


def test_the_same_again_changes_nothing(publisher: Publisher) -> None:
    held = believed(publisher)
    assert verify(held, publisher.metadata(number=5), LATER, publisher.anchor) == held
    assert verify(held, Metadata(), LATER, publisher.anchor) == held


class TestTwelveAttacks:
    """What `notes` of sync call the attacks on a published list; the held belief is a frozen value."""

    def test_rollback(self, publisher: Publisher) -> None:
        held = believed(publisher)
        with pytest.raises(trust.MetadataRolledBack) as told:
            verify(held, publisher.metadata(number=4), LATER, publisher.anchor)
        assert told.value.facts == {"part": "timestamp", "offered": 4, "known": 5}

    @pytest.mark.parametrize(
        ("wrong", "role"),
        [
            ({"timestamp": 6, "snapshot": 4}, "snapshot"),
            ({"timestamp": 6, "snapshot": 6, "version": 4}, "targets"),
        ],
    )
    def test_rollback_under_a_fresh_timestamp(self, publisher: Publisher, wrong: dict, role: str) -> None:
        with pytest.raises(trust.MetadataRolledBack) as told:
            verify(believed(publisher), publisher.metadata(number=6, **wrong), LATER, publisher.anchor)
        assert told.value.facts["part"] == role

    def test_an_older_release_under_newer_metadata(self, publisher: Publisher) -> None:
        newer = publisher.metadata(number=4, version=9, snapshot=9, timestamp=9)
        with pytest.raises(trust.MetadataRolledBack) as told:
            verify(believed(publisher), newer, LATER, publisher.anchor)
        assert told.value.facts == {"part": "release", "offered": 4, "known": 5}

    def test_freeze(self, publisher: Publisher) -> None:
        held = believed(publisher)
        with pytest.raises(trust.HeadquartersFrozen):
            verify(held, publisher.metadata(number=5), ISSUED + timedelta(days=46), publisher.anchor)

    @pytest.mark.parametrize(("days", "role"), [((1, 365, 45), "targets"), ((365, 1, 45), "snapshot")])
    def test_run_out(self, publisher: Publisher, days: tuple[int, int, int], role: str) -> None:
        moment = ISSUED + timedelta(days=2)
        with pytest.raises(trust.MetadataExpired) as told:
            verify(None, publisher.metadata(days=days), moment, publisher.anchor)
        assert told.value.facts["part"] == role

    def test_a_root_that_ran_out(self) -> None:
        publisher = Publisher()
        publisher.roots = [publisher.new_root(1, days=1)]
        with pytest.raises(trust.MetadataExpired) as told:
            verify(None, publisher.metadata(), ISSUED + timedelta(days=2), publisher.anchor)
        assert told.value.facts["part"] == "root"

    def test_mix_and_match(self, publisher: Publisher) -> None:
        six, seven = publisher.metadata(b"six", number=6), publisher.metadata(b"seven", number=7)
        for mixed in (
            msgspec.structs.replace(seven, targets=six.targets),
            msgspec.structs.replace(seven, snapshot=six.snapshot),
            msgspec.structs.replace(seven, targets=b"", snapshot=six.snapshot),
        ):
            with pytest.raises(trust.MetadataMixed):
                verify(believed(publisher), mixed, LATER, publisher.anchor)

    def test_fast_forward_is_healed_by_a_new_server_key(self) -> None:
        publisher = Publisher()
        far = verify(
            None, publisher.metadata(number=5, timestamp=10**9, snapshot=10**9), LATER, publisher.anchor
        )
        stuck = publisher.metadata(number=6)
        with pytest.raises(trust.MetadataRolledBack):
            verify(far, stuck, LATER, publisher.anchor)
        publisher.rotate(online=Ed25519PrivateKey.generate())
        healed = verify(far, publisher.metadata(number=6), LATER, publisher.anchor)
        assert (healed.target.number, healed.versions) == (6, Versions(2, 6, 6))

    def test_a_version_beyond_all_counting(self, publisher: Publisher) -> None:
        with pytest.raises(trust.MetadataTooLarge):
            verify(None, publisher.metadata(timestamp=10**30), LATER, publisher.anchor)

    def test_endless_metadata(self, publisher: Publisher) -> None:
        good = publisher.metadata(number=6)
        for role in ("timestamp", "snapshot", "targets"):
            huge = msgspec.structs.replace(good, **{role: getattr(good, role) + b" " * (2 << 20)})
            with pytest.raises(trust.MetadataTooLarge):
                verify(believed(publisher), huge, LATER, publisher.anchor)
        with pytest.raises(trust.MetadataTooLarge):
            verify(None, msgspec.structs.replace(good, roots=good.roots * 100), LATER, publisher.anchor)

    def test_a_foreign_root(self, publisher: Publisher) -> None:
        stranger = Publisher()
        with pytest.raises(trust.RootForeign):
            verify(None, stranger.metadata(), LATER, publisher.anchor)

    def test_a_root_that_only_names_our_key(self, publisher: Publisher) -> None:
        thief = Publisher(root=publisher.root)
        thief.roots = [thief.new_root(1, by=[Ed25519PrivateKey.generate()])]
        with pytest.raises(trust.RootForeign):
            verify(None, thief.metadata(), LATER, publisher.anchor)

    def test_unknown_keys(self, publisher: Publisher) -> None:
        two = [Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()]
        with pytest.raises(trust.SignerUnknown) as told:
            verify(None, publisher.metadata(officers=two), LATER, publisher.anchor)
        assert told.value.facts["part"] == "targets"
        with pytest.raises(trust.SignerUnknown):
            verify(None, publisher.metadata(online=two[0]), LATER, publisher.anchor)

    def test_one_officer_of_two(self, publisher: Publisher) -> None:
        for officers in (publisher.officers[:1], [publisher.officers[0], publisher.officers[0]]):
            with pytest.raises(trust.SignersTooFew) as told:
                verify(None, publisher.metadata(officers=officers), LATER, publisher.anchor)
            assert told.value.facts == {"part": "targets", "signed": 1, "needed": 2}

    @pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
    def test_truncated(self, publisher: Publisher, role: str) -> None:
        good = publisher.metadata(number=6)
        raw = getattr(good, role)
        with pytest.raises((trust.MetadataUnreadable, trust.MetadataMixed)):
            verify(
                believed(publisher), msgspec.structs.replace(good, **{role: raw[: len(raw) // 2]}), LATER,
                publisher.anchor,
            )  # fmt: skip

    def test_a_swapped_release(self, publisher: Publisher) -> None:
        target = believed(publisher).target
        with pytest.raises(trust.ReleaseAltered) as told:
            trust.check_content(target, b"A release")
        assert told.value.facts["why"] == "hash"
        with pytest.raises(trust.ReleaseAltered) as told:
            trust.check_content(target, b"a release and more")
        assert told.value.facts["why"] == "length"

    def test_a_target_the_vault_never_verified(self, publisher: Publisher) -> None:
        target, key = believed(publisher).target, bytes(32)
        good = trust.permitted(target, key)
        trust.check_permit(good, key)
        for wrong in (target, msgspec.structs.replace(good, number=6), trust.permitted(target, b"\1" * 32)):
            with pytest.raises(trust.ReleaseAltered):
                trust.check_permit(wrong, key)

    def test_nothing_is_named(self, publisher: Publisher) -> None:
        with pytest.raises(trust.ReleaseUnnamed):
            verify(None, publisher.metadata(kind="something else"), LATER, publisher.anchor)


def test_a_vault_walks_the_chain_of_roots(publisher: Publisher) -> None:
    moving = Publisher()
    held = believed(moving)
    moving.rotate(officers=[Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()])
    moving.rotate(officers=[Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()])
    offered = moving.metadata(number=6)
    after = verify(held, offered, LATER, moving.anchor)
    assert after.versions.root == 3
    gap = msgspec.structs.replace(offered, roots=offered.roots[2:])
    with pytest.raises(trust.RootGap):
        verify(held, gap, LATER, moving.anchor)
    with pytest.raises(trust.SignerUnknown):  # the officers of before no longer publish
        verify(
            after,
            moving.metadata(number=7, officers=[Ed25519PrivateKey.generate()] * 2),
            LATER,
            moving.anchor,
        )


def test_a_new_root_nobody_trusted_signed_is_refused(publisher: Publisher) -> None:
    thief = Publisher(root=Ed25519PrivateKey.generate())
    forged = msgspec.structs.replace(thief.metadata(number=9), roots=(thief.new_root(2),))
    with pytest.raises(trust.SignerUnknown) as told:
        verify(believed(publisher), forged, LATER, publisher.anchor)
    assert told.value.facts["part"] == "root"


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ([1], trust.MetadataUnreadable),
        ("release", trust.MetadataUnreadable),
        ({"number": "6"}, trust.MetadataUnreadable),
        ({"number": True}, trust.MetadataUnreadable),
        ({"name": 5}, trust.MetadataUnreadable),
        ({"issued": "tomorrow"}, trust.MetadataUnreadable),
        ({"number": 0}, trust.ReleaseMisnumbered),
        ({"number": -5}, trust.ReleaseMisnumbered),
        ({"number": 10**40}, trust.ReleaseMisnumbered),
        ({"base": -1}, trust.ReleaseMisnumbered),
        ({"issued": "2026-11-20T06:00:00"}, trust.ReleaseMisdated),
        ({"issued": "2026-11-23T06:00:00+00:00"}, trust.ReleaseMisdated),
        ({"issued": "9999-12-31T23:59:59-23:59"}, trust.ReleaseMisdated),
    ],
)
def test_what_officers_signed_of_a_release_is_looked_at(
    publisher: Publisher, wrong: object, refusal: type[Exception]
) -> None:
    right = {"kind": "release", "number": 6, "name": "test list", "issued": ISSUED.isoformat()}
    offered = publisher.metadata(number=6, custom=right | wrong if isinstance(wrong, dict) else wrong)
    for held in (None, believed(publisher)):
        with pytest.raises(refusal):
            verify(held, offered, LATER, publisher.anchor)


@pytest.mark.parametrize("role", ["roots", "timestamp", "snapshot", "targets"])
@pytest.mark.parametrize("nonsense", [b"1.5", b'"\\ud800"', b"[" * 9000, b"9" * 5000])
def test_nonsense_in_a_file_is_one_of_the_refusals(publisher: Publisher, role: str, nonsense: bytes) -> None:
    good = publisher.metadata(number=6)
    raw = good.roots[0] if role == "roots" else getattr(good, role)
    wrong = raw.replace(b'"signed":{', b'"signed":{"x":' + nonsense + b",", 1)
    offered = msgspec.structs.replace(good, **{role: (wrong,) if role == "roots" else wrong})
    for held in (None, believed(publisher)):
        with pytest.raises(trust.REFUSALS):
            verify(held, offered, LATER, publisher.anchor)


def test_a_carried_release_comes_apart_as_it_was_put_together(publisher: Publisher) -> None:
    metadata = publisher.metadata()
    raw = trust.pack_carried(metadata, b"a release")
    assert trust.is_carried(raw)
    assert trust.unpack_carried(raw) == (metadata, b"a release")
    nested = trust.CARRIED + (100_000).to_bytes(4, "big") + b"\x81\xa1a" + b"\x91" * 99_997
    for wrong in (b"", b"hello", raw[:20], trust.CARRIED + b"\xff\xff\xff\xff" + raw, b"x" + raw, nested):
        with pytest.raises(trust.CarriedForeign):
            trust.unpack_carried(wrong)


@lru_cache(maxsize=1)
def offered_and_held(publisher: Publisher) -> tuple[Metadata, Trusted]:
    return publisher.metadata(number=6), believed(publisher)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_byte_is_changed_a_belief_is_refused_or_the_same(
    publisher: Publisher, data: st.DataObject
) -> None:
    good, held = offered_and_held(publisher)
    role = data.draw(st.sampled_from(["roots", "timestamp", "snapshot", "targets"]))
    raw = bytearray(good.roots[0] if role == "roots" else getattr(good, role))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    changed = msgspec.structs.replace(good, **{role: (bytes(raw),) if role == "roots" else bytes(raw)})
    for before in (held, None):
        try:
            after = verify(before, changed, LATER, publisher.anchor)
        except trust.REFUSALS:
            continue
        assert after.target.number == 6
        assert after.target.sha256 == canonical.sha256(b"a release")


def test_every_refusal_has_words_of_its_own() -> None:
    for language in text.LANGUAGES:
        said = [
            text.say(f"error.{refusal.code}", language) for refusal in (*trust.REFUSALS, trust.CarriedForeign)
        ]
        assert len(set(said)) == len(said)


def test_versions_grow_in_signed_form(publisher: Publisher) -> None:
    held = believed(publisher)
    assert Signed.from_bytes(held.targets).signed.version == 5
