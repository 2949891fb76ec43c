"""Two persons, warnings that must be read, and what a laptop hears afterwards."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import resources
from fieldapp import text
from fieldapp.clock import now
from fieldapp.enrolment import IssuedChecklist, Policy
from fieldapp.enrolment import open_statement as opened
from fieldapp.inspection import checklist
from fieldapp.watchlist import release, trust
from fieldapp.watchlist.release import Header
from sync.headquarters import audit, keys, notices, officers, ordering, policies, publish, reworded, store
from sync.headquarters.notices import NoticeRefused
from sync.headquarters.office import Office
from tests.support import records
from tests.support.headquarters import Chain
from tests.support.lists import entry

PORT = resources.path("checklists", "port-container.toml").read_text("utf-8")
NEWER = PORT.replace("version = 1", "version = 2", 1)


def a_list(folder: Path, number: int, names: Iterable[str]) -> Path:
    made = folder / f"list-{number}"
    release.write_release(
        made,
        Header(number=number, name=f"WL-{number}", issued=now()),
        [entry(name, number=name) for name in names],
    )
    return made


def names(count: int, begin: int = 0) -> list[str]:
    return [f"Zorbanex Kilvarto {number}" for number in range(begin, begin + count)]


def in_force(at: Office, practice: bool = False) -> Policy:
    with store.reading(at.engine) as connection:
        return ordering.policy_in_force(connection, practice)


def found(at: Office, own: str, practice: bool = False) -> notices.Notice:
    with store.reading(at.engine) as connection:
        return notices.one(connection, own, practice)


def settle(at: Office, own: str, by: str, *, practice: bool = False, agreed: bool = True, read: bool = False):
    return notices.settle(at, own, practice=practice, agreed=agreed, read=read, by=by)


def strict(at: Office, **changes: object) -> str:
    wanted = msgspec.structs.replace(in_force(at), **({"idle_lock_minutes": 3} | changes))
    return notices.propose_policy(at, wanted, practice=False, by="Kavita Rao")


@pytest.mark.parametrize("by", ["Kavita Rao", "KAVITA RAO", " kavita rao "])
def test_nobody_publishes_what_he_proposed(at: Office, by: str) -> None:
    own = strict(at)
    with pytest.raises(NoticeRefused) as refused:
        settle(at, own, by)
    assert refused.value.facts["why"] == "second-person"
    assert in_force(at).idle_lock_minutes == 5


def test_a_policy_of_two_persons_reaches_every_vault_of_its_realm_and_no_other(at: Office) -> None:
    real, practice = Chain(at), Chain(at, practice=True)
    settle(at, strict(at, lease_days=30), "Ivo Brandt")
    (item,) = real.push(real.append()).feed
    signing = keys.realm(at.keyring, False).signing.public_key().public_bytes_raw().hex()
    told = opened(item.statement, "policy", Policy, (signing,))
    assert (told.idle_lock_minutes, told.lease_days) == (3, 30)
    assert told.number > 1
    assert practice.push(practice.append()).feed == ()
    with store.reading(at.engine) as connection:
        assert audit.verify(connection) > 0


def test_a_laxer_policy_asks_for_the_warning_to_be_read(at: Office) -> None:
    own = strict(at, seize_needs_second=False)
    assert found(at, own).told.warnings == ("looser",)
    with pytest.raises(NoticeRefused) as refused:
        settle(at, own, "Ivo Brandt")
    assert refused.value.facts["why"] == "warnings-unread"
    settle(at, own, "Ivo Brandt", read=True)
    assert in_force(at).seize_needs_second is False


def test_a_policy_shown_against_another_one_is_proposed_again(at: Office) -> None:
    first, second = strict(at), strict(at, idle_lock_minutes=4)
    settle(at, first, "Ivo Brandt")
    with pytest.raises(NoticeRefused) as refused:
        settle(at, second, "Ivo Brandt")
    assert refused.value.facts["why"] == "policy-changed"


def test_a_policy_that_changes_nothing_is_no_proposal(at: Office) -> None:
    with pytest.raises(NoticeRefused):
        notices.propose_policy(at, in_force(at), practice=False, by="Kavita Rao")


def test_what_is_decided_is_decided_and_a_proposal_can_be_withdrawn(at: Office) -> None:
    own = strict(at)
    assert settle(at, own, "Kavita Rao", agreed=False).outcome == "refused"
    for by in ("Ivo Brandt", "Kavita Rao"):
        with pytest.raises(NoticeRefused):
            settle(at, own, by)
    assert in_force(at).idle_lock_minutes == 5
    with pytest.raises(NoticeRefused):
        settle(at, own, "Ivo Brandt", practice=True)


def test_a_checklist_is_compared_by_its_questions_and_reaches_the_feed(at: Office) -> None:
    chain = Chain(at)
    head, last, tail = NEWER.rpartition('id = "')
    gone = f"{head}{last}renamed-{tail}"
    own = notices.propose_checklist(at, gone, practice=False, by="Kavita Rao")
    told = found(at, own).told
    assert (told.before_number, told.number) == (1, 2)
    assert (told.added, told.changed, told.removed) == (1, 0, 1)
    assert told.count == told.before_count
    settle(at, own, "Ivo Brandt")
    (item,) = chain.push(chain.append()).feed
    signing = keys.realm(at.keyring, False).signing.public_key().public_bytes_raw().hex()
    sent = opened(item.statement, "checklist", IssuedChecklist, (signing,))
    assert sent.document == gone
    with store.reading(at.engine) as connection:
        assert notices.checklists(connection, False)["port-container"].version == 2
        assert notices.checklists(connection, True)["port-container"].version == 1


def test_a_checklist_with_a_fault_is_refused_with_its_line(at: Office) -> None:
    broken = PORT.replace("kind = ", "kin = ", 1)
    line = PORT[: PORT.index("kind = ")].count("\n") + 1
    with pytest.raises(notices.ChecklistFaulty) as refused:
        notices.propose_checklist(at, broken, practice=False, by="Kavita Rao")
    assert abs(int(refused.value.facts["line"]) - line) <= 2
    assert checklist.read(PORT)


def test_an_older_version_is_refused_when_proposed_and_when_published(at: Office) -> None:
    with pytest.raises(NoticeRefused):
        notices.propose_checklist(at, PORT, practice=False, by="Kavita Rao")
    two = [notices.propose_checklist(at, NEWER, practice=False, by="Kavita Rao") for _ in range(2)]
    settle(at, two[0], "Ivo Brandt")
    with pytest.raises(NoticeRefused) as refused:
        settle(at, two[1], "Ivo Brandt")
    assert refused.value.facts["why"] == "version-not-newer"


def test_a_checklist_shown_against_another_one_is_proposed_again(at: Office) -> None:
    later = PORT.replace("version = 1", "version = 3", 1)
    two = [notices.propose_checklist(at, one, practice=False, by="Kavita Rao") for one in (NEWER, later)]
    settle(at, two[0], "Ivo Brandt")
    with pytest.raises(NoticeRefused) as refused:
        settle(at, two[1], "Ivo Brandt")
    assert refused.value.facts["why"] == "checklist-changed"


def test_what_no_longer_fits_is_counted(at: Office) -> None:
    many = "".join(
        f'[[section.question]]\nid = "more-{number}"\nkind = "text"\nwords = {{ en = "E", hi = "H" }}\n'
        for number in range(reworded.MOST + 7)
    )
    told = found(at, notices.propose_checklist(at, f"{NEWER}\n{many}", practice=False, by="Kavita Rao")).told
    assert (len(told.reworded), told.reworded_count) == (reworded.MOST, reworded.MOST + 7)


def test_a_practice_list_is_published_by_the_second_account(at: Office, tmp_path: Path) -> None:
    file = a_list(tmp_path, 1, names(10))
    own = notices.propose_list(at, file, practice=True, by="Kavita Rao")
    told = found(at, own, True).told
    assert (told.before_number, told.count, told.added, told.warnings) == (0, 10, 10, ())
    assert publish.newest(at, True) is None
    settle(at, own, "Ivo Brandt", practice=True)
    newest = publish.newest(at, True)
    assert newest is not None
    assert newest["number"] == 1
    assert publish.newest(at, False) is None


def test_a_list_that_shrinks_is_published_only_by_who_has_read_so(at: Office, tmp_path: Path) -> None:
    publish.publish(at, a_list(tmp_path, 1, names(10)), practice=True)
    own = notices.propose_list(at, a_list(tmp_path, 2, names(7, 4)), practice=True, by="Kavita Rao")
    told = found(at, own, True).told
    assert (told.added, told.changed, told.removed) == (1, 0, 4)
    assert told.warnings == ("shrinks",)
    assert told.examples_added == ("Zorbanex Kilvarto 10",)
    assert set(told.examples_removed) == set(names(4))
    with pytest.raises(NoticeRefused):
        settle(at, own, "Ivo Brandt", practice=True)
    settle(at, own, "Ivo Brandt", practice=True, read=True)


def test_three_of_ten_gone_is_no_warning_yet(at: Office, tmp_path: Path) -> None:
    publish.publish(at, a_list(tmp_path, 1, names(10)), practice=True)
    own = notices.propose_list(at, a_list(tmp_path, 2, names(7)), practice=True, by="Kavita Rao")
    assert found(at, own, True).told.warnings == ()


def test_an_entry_that_a_hold_rests_on_does_not_vanish_unseen(at: Office, tmp_path: Path) -> None:
    relied = entry("Yuan Chang Chemical Trading Co., Ltd.")
    old, new = tmp_path / "old", tmp_path / "new"
    rest = [entry(name, number=name) for name in names(9)]
    release.write_release(old, Header(number=1, name="1", issued=now()), [relied, *rest])
    release.write_release(new, Header(number=2, name="2", issued=now()), rest)
    publish.publish(at, old, practice=True)
    hit = records.hit(source=relied.source, entry=relied.id)
    chain = Chain(at, practice=True)
    screened = records.screening(hits=(hit,), substances=())
    chain.seal(
        records.record(
            inspection=records.inspection(practice=True, scans=(records.scan(screening=screened),))
        )
    )
    chain.push()
    told = found(at, notices.propose_list(at, new, practice=True, by="Kavita Rao"), True).told
    assert told.relied_on == (relied.primary,)
    assert told.warnings == ("relied-on",)


def officer(at: Office, number: int) -> Ed25519PrivateKey:
    return officers.read_key(at.home / "root" / "real" / f"officer-{number}.key")


def bring(at: Office, own: str, key: Ed25519PrivateKey, by: str) -> notices.Notice:
    signed = publish.sign(found(at, own).content, key)
    return notices.bring(at, own, signed, practice=False, read=False, by=by)


def test_a_real_list_takes_two_officers_signatures_from_two_accounts(at: Office, tmp_path: Path) -> None:
    own = notices.propose_list(at, a_list(tmp_path, 1, names(3)), practice=False, by="Kavita Rao")
    with pytest.raises(NoticeRefused) as refused:
        settle(at, own, "Ivo Brandt")
    assert refused.value.facts["why"] == "signatures-missing"
    assert bring(at, own, officer(at, 1), "Kavita Rao").signed_by == ("Kavita Rao",)
    assert publish.newest(at, False) is None
    for key, by, why in (
        (officer(at, 2), "kavita rao", "second-person"),
        (officer(at, 1), "Ivo Brandt", "no-new-signature"),
        (Ed25519PrivateKey.generate(), "Ivo Brandt", "no-new-signature"),
    ):
        with pytest.raises(NoticeRefused) as refused:
            bring(at, own, key, by)
        assert refused.value.facts["why"] == why
    done = bring(at, own, officer(at, 2), "Ivo Brandt")
    assert (done.outcome, done.signed_by) == ("published", ("Kavita Rao", "Ivo Brandt"))
    newest = publish.newest(at, False)
    assert newest is not None
    assert newest["number"] == 1


def test_one_account_does_not_bring_both_signatures_at_once(at: Office, tmp_path: Path) -> None:
    own = notices.propose_list(at, a_list(tmp_path, 1, names(3)), practice=False, by="Kavita Rao")
    both = publish.sign(publish.sign(found(at, own).content, officer(at, 1)), officer(at, 2))
    with pytest.raises(NoticeRefused) as refused:
        notices.bring(at, own, both, practice=False, read=False, by="Ivo Brandt")
    assert refused.value.facts["why"] == "second-person"
    assert publish.newest(at, False) is None


def test_the_signature_of_another_proposal_is_not_taken(at: Office, tmp_path: Path) -> None:
    own, other = (
        notices.propose_list(at, a_list(tmp_path, number, names(3)), practice=False, by="Kavita Rao")
        for number in (1, 2)
    )
    signed = publish.sign(found(at, other).content, officer(at, 1))
    with pytest.raises(publish.ProposalRefused):
        notices.bring(at, own, signed, practice=False, read=False, by="Ivo Brandt")
    with pytest.raises(publish.ProposalRefused):
        notices.bring(at, own, b"no proposal", practice=False, read=False, by="Ivo Brandt")


def test_what_misdates_or_misnumbers_itself_is_not_even_stored_as_a_proposal(
    at: Office, tmp_path: Path
) -> None:
    ahead = tmp_path / "ahead"
    tomorrow = now().replace(year=now().year + 1)
    release.write_release(ahead, Header(number=1, name="1", issued=tomorrow), [entry("A B")])
    with pytest.raises(trust.ReleaseMisdated):
        notices.propose_list(at, ahead, practice=True, by="Kavita Rao")
    beyond = a_list(tmp_path, trust.LAST_VERSION + 1, ["A B"])
    with pytest.raises(trust.ReleaseMisnumbered):
        notices.propose_list(at, beyond, practice=True, by="Kavita Rao")
    with store.reading(at.engine) as connection:
        assert notices.listed(connection, True, waiting=True) == ()


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_guard_and_warning_has_words(language: str) -> None:
    whys = (
        "notice-gone", "nothing-changes", "version-not-newer", "second-person", "signatures-missing",
        "policy-changed", "no-new-signature", "warnings-unread", "other",
    )  # fmt: skip
    assert [why for why in whys if not text.has(f"why.{why}", language)] == []
    for word in ("shrinks", "relied-on", "looser"):
        assert text.has(f"hq.notice.warning.{word}", language)
    assert policies.FIELDS
