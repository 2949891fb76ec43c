"""Where nothing was given, nothing was compared, and somebody has to say so."""

import pytest

from fieldapp.screening.subject import Subject, SubjectEmpty, is_empty, require_something


@pytest.mark.parametrize("name", ["", "  ", "\x00\x07", "\u202e\ufe0f", "\ufffc", "---", "\U000e0041"])
def test_a_name_that_nobody_can_see_is_empty(name):
    assert is_empty(Subject(kind="party", name=name))
    with pytest.raises(SubjectEmpty):
        require_something(Subject(kind="party", name=name))


@pytest.mark.parametrize("subject", [Subject(kind="party", name="Li"), Subject(kind="goods", name="44")])
def test_a_name_with_letters_or_digits_is_not_empty(subject):
    require_something(subject)


def test_a_number_beside_an_empty_name_can_be_compared():
    require_something(Subject(kind="party", name="", identifiers=("N 1",)))
