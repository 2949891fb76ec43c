import pytest

from fieldapp.substances import parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("n-phenyl ethyl piperidone-4", "n-phenethyl-4-piperidone"),
        ("4-anilino-1-boc-piperidine", "tert-butyl 4-(phenylamino)piperidine-1-carboxylate"),
        ("n-tert-butoxycarbonyl-4-piperidone", "tert-butyl 4-oxopiperidine-1-carboxylate"),
        ("2-phenylethyl piperidin-4-one", "4-oxo-n-phenethyl piperidine"),
    ],
)
def test_order_and_style_do_not_matter(one: str, other: str) -> None:
    assert parts.signature(one) == parts.signature(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3-methyl-4-piperidone", "2-methyl-4-piperidone"),
        ("4-phenylamino piperidine", "4-phenyl piperidine methyl"),
        ("2-fluorophenyl ethyl amine", "4-fluorophenyl ethyl amine"),
    ],
)
def test_another_position_or_part_is_another_name(one: str, other: str) -> None:
    assert parts.signature(one) != parts.signature(other)


@pytest.mark.parametrize("text", ["cotton shirts", "phenyl zzq", "", "methyl"])
def test_what_is_not_read_whole_says_nothing(text: str) -> None:
    assert parts.signature(text) == ""


@pytest.mark.parametrize("letter", ["e", "s", "r", "z"])
def test_letters_that_may_all_be_a_position_are_read_in_one_way(letter: str) -> None:
    # Read in every way they can be cut, sixty letters would not be done in a lifetime.
    assert parts.plain(letter * 60) == letter * 60


@pytest.mark.parametrize(
    "position", ["(1r,2s)-", "(e)-", "(rs)-", "(1r*,2s*)-", "(3ar,6as)-", "(1rs,2sr)-", "(r)", "1r2s)"]
)
def test_a_position_in_space_is_left_out(position: str) -> None:
    assert parts.plain(position + "ephedrine").strip() == "ephedrine"
