import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp import text
from fieldapp.enrolment import Policy
from sync.headquarters import policies

Form = dict[str, str]


def form(policy: Policy, **changes: str) -> Form:
    return {field.name: policies.written(policy, field) for field in policies.FIELDS} | changes


def read(before: Policy, sent: Form) -> Policy:
    return policies.read(
        before, lambda name: sent.get(name, ""), lambda name: tuple(sent.get(name, "").splitlines())
    )


policy = st.builds(
    Policy,
    number=st.just(4),
    list_amber_hours=st.integers(1, 24).map(float),
    list_max_age_hours=st.integers(24, 2160).map(float),
    idle_lock_minutes=st.integers(1, 60),
    slots=st.sampled_from([(), ("duress",), ("token", "duress")]).map(
        lambda more: ("passphrase", "recovery", *more)
    ),
    release_needs_second=st.booleans(),
    seize_needs_second=st.booleans(),
    retention_days=st.integers(0, 3650),
    legal_hold=st.lists(st.sampled_from(["INS-1", "INS-2", "*"]), unique=True).map(tuple),
    lease_days=st.integers(0, 365),
)


@given(policy, policy)
def test_a_form_as_it_is_shown_reads_back_as_the_policy_it_shows(before: Policy, wanted: Policy) -> None:
    assert read(before, form(wanted)) == wanted
    assert policies.differences(wanted, read(before, form(wanted))) == ()


@given(policy, policy)
def test_a_rule_is_told_exactly_where_it_differs_and_never_looser_both_ways(
    one: Policy, other: Policy
) -> None:
    there, back = policies.differences(one, other), policies.differences(other, one)
    changed = {
        field.name for field in policies.FIELDS if getattr(one, field.name) != getattr(other, field.name)
    }
    assert {each.name for each in there} == changed == {each.name for each in back}
    for forth, return_ in zip(there, back, strict=True):
        assert not (forth.looser and return_.looser) or forth.kind == "numbers"


@pytest.mark.parametrize(
    ("field", "value", "looser"),
    [
        ("seize_needs_second", "no", True),
        ("list_max_age_hours", "300", True),
        ("list_max_age_hours", "48", False),
        ("idle_lock_minutes", "30", True),
        ("legal_hold", "", True),
        ("legal_hold", "INS-1\nINS-2", False),
        ("retention_days", "90", False),
    ],
)
def test_what_makes_laptops_less_strict_is_marked(field: str, value: str, looser: bool) -> None:
    before = Policy(legal_hold=("INS-1",))
    (told,) = policies.differences(before, read(before, form(before, **{field: value})))
    assert (told.name, told.looser) == (field, looser)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("list_max_age_hours", "0"),
        ("list_max_age_hours", "2161"),
        ("idle_lock_minutes", "-1"),
        ("idle_lock_minutes", "five"),
        ("idle_lock_minutes", "५"),
        ("idle_lock_minutes", ""),
        ("lease_days", "1e3"),
        ("list_amber_hours", "169"),
        ("legal_hold", "x" * 81),
        ("legal_hold", "\n".join(str(number) for number in range(501))),
    ],
)
def test_a_value_outside_its_bounds_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(policies.PolicyRefused) as refused:
        read(Policy(), form(Policy(), **{field: value}))
    assert refused.value.facts["field"] == field


def test_passphrase_and_recovery_cannot_be_taken_away_and_no_other_slot_slips_in() -> None:
    made = read(Policy(), form(Policy(), slots="duress\nbackdoor"))
    assert made.slots == ("passphrase", "recovery", "duress")


@pytest.mark.parametrize(
    ("was", "now", "looser"), [(30, 0, True), (30, 365, True), (30, 10, False), (0, 365, False)]
)
def test_a_longer_lease_and_none_at_all_are_less_strict(was: int, now: int, looser: bool) -> None:
    (told,) = policies.differences(Policy(lease_days=was), Policy(lease_days=now))
    assert told.looser == looser


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_rule_has_words(language: str) -> None:
    assert all(text.has(f"hq.policy.{field.name}", language) for field in policies.FIELDS)
    assert all(text.has(f"hq.policy.slot.{slot}", language) for slot in policies.OFFERED_SLOTS)
