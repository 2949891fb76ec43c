import pytest

from sync.headquarters import accounts, audit, factor, store, users
from sync.headquarters.office import Office
from tests.support.headquarters import PASSWORD

ADA, BEA = "Ada Admin", "Bea Admin"


@pytest.fixture
def office(at: Office) -> Office:
    for name in (ADA, BEA):
        accounts.set_password(at, name, PASSWORD, "admin")
    accounts.set_password(at, "Meera Iyer", PASSWORD)
    return at


def wish(what: str, subject: str = "Meera Iyer", value: str = "") -> users.Wish:
    return users.Wish(what=what, subject=subject, value=value)


def both(at: Office, asked: users.Wish) -> None:
    users.settle(at, users.propose(at, asked, ADA), agreed=True, by=BEA)


def role(at: Office, name: str) -> tuple[str, str, bool] | None:
    with store.reading(at.engine) as connection:
        for row in users.people(connection):
            if row["name"] == name:
                return row["role"], row["realm"], bool(row["disabled"])
    return None


def test_nothing_happens_before_another_admin_confirms(office: Office) -> None:
    made = users.propose(office, wish("account", "New One", "analyst/real"), ADA)
    assert role(office, "New One") is None
    for own in (ADA, ADA.lower()):
        with pytest.raises(users.ProposalRefused) as refused:
            users.settle(office, made, agreed=True, by=own)
        assert refused.value.facts == {"why": "second-person"}
    users.settle(office, made, agreed=True, by=BEA)
    assert role(office, "New One") == ("analyst", "real", False)
    with pytest.raises(users.ProposalRefused):
        users.settle(office, made, agreed=True, by=BEA)


def test_a_refused_or_withdrawn_proposal_does_nothing(office: Office) -> None:
    for by in (ADA, BEA):
        made = users.propose(office, wish("disable"), ADA)
        users.settle(office, made, agreed=False, by=by)
    assert role(office, "Meera Iyer") == ("supervisor", "both", False)


def test_disabling_ends_visits_and_keeps_the_password_out(office: Office) -> None:
    token = accounts.sign_in(office, "Meera Iyer", PASSWORD, "10.0.0.1")
    link = accounts.invite(office, "Meera Iyer")
    both(office, wish("disable"))
    assert accounts.visitor(office, token) is None
    with pytest.raises(accounts.WelcomeUnknown):
        accounts.welcomed(office, link)
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in(office, "Meera Iyer", PASSWORD, "10.0.0.1")
    both(office, wish("enable"))
    assert accounts.sign_in(office, "Meera Iyer", PASSWORD, "10.0.0.1")


def test_a_new_role_ends_the_visits_of_the_old_one(office: Office) -> None:
    token = accounts.sign_in(office, "Meera Iyer", PASSWORD, "10.0.0.1")
    both(office, wish("role", value="auditor/both"))
    assert accounts.visitor(office, token) is None
    assert role(office, "Meera Iyer") == ("auditor", "both", False)


def test_two_admins_stay(office: Office) -> None:
    for asked in (wish("disable", ADA), wish("role", ADA, "analyst/both")):
        with pytest.raises(users.ProposalRefused) as refused:
            users.propose(office, asked, BEA)
        assert refused.value.facts == {"why": "two-admins"}


@pytest.mark.parametrize(
    "asked",
    [
        wish("account", "Meera Iyer", "analyst/both"),
        wish("account", "", "analyst/both"),
        wish("account", "X" * 81, "analyst/both"),
        wish("account", "New", "king/both"),
        wish("account", "New", "analyst/moon"),
        wish("disable", "Nobody"),
        wish("factor-rule", "supervisor", "sometimes"),
        wish("drop-tables"),
    ],
)
def test_what_cannot_be_is_not_proposed(office: Office, asked: users.Wish) -> None:
    with pytest.raises(users.ProposalRefused):
        users.propose(office, asked, ADA)


def test_the_rule_of_second_factors_is_set_by_two(office: Office) -> None:
    assert not accounts.needs_factor(office, "supervisor")
    both(office, wish("factor-rule", "supervisor", "required"))
    assert accounts.needs_factor(office, "supervisor")
    assert not accounts.needs_factor(office, "auditor")
    both(office, wish("factor-rule", "supervisor", "offered"))
    assert not accounts.needs_factor(office, "supervisor")


def test_every_step_is_in_the_trail(office: Office) -> None:
    both(office, wish("factor-reset"))
    assert factor.standing(office, "Meera Iyer") == (False, 0)
    with store.reading(office.engine) as connection:
        whats = [row["what"] for row in audit.lines(connection, before=0, who="", most=2)]
        assert audit.verify(connection)
    assert whats == ["confirmed-factor-reset", "proposed-factor-reset"]
