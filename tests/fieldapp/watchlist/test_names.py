"""Names are taken apart the same way whatever script, case or punctuation they come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.watchlist.names import analyse, same_name


def texts(
    raw: str, *, person: bool = False, kinds: tuple[str, ...] = ("word", "number", "initial")
) -> list[str]:
    return [word.text for word in analyse(raw, person).words if word.kind in kinds]


@pytest.mark.parametrize(
    ("raw", "person", "expected"),
    [
        ("SiemensAG", False, ["siemens"]),
        ("A.B.C. Company", False, ["abc"]),
        ("Oboronnye Initsiativy o.O.O.", False, ["oboronnye", "initsiativy"]),
        (
            "Shenzhen Intl. Chem Mfg Co., Ltd",
            False,
            ["shenzhen", "international", "chemical", "manufacturing"],
        ),
        ("Brigade Forty-Four", False, ["brigade", "44"]),
        ("KKR Fund III", False, ["kkr", "fund", "3"]),
        ("Mr. Recep Tayyip Erdoğan", True, ["recep", "tayyip", "erdogan"]),
        ("Nicolás Maduro LLC", True, ["nicolas", "maduro"]),
        ("VladimirPutin", True, ["vladimir", "putin"]),
        ("‘Ndrangheta", False, ["ndrangheta"]),
        ("Deutsche Bank's AG", False, ["deutsche", "bank"]),
        ("محمد بن سلمان", True, ["muhammad", "salman"]),
        ("김정은", True, ["gim", "jeong", "eun"]),
        ("मोहम्मद अली", True, ["mohammad", "ali"]),
        ("Аркадий Ротенберг", True, ["arkadiy", "rotenberg"]),
        ("Рharma Ѕun", False, ["pharmaceutical", "sun"]),
    ],
)
def test_words(raw, person, expected):
    assert texts(raw, person=person) == expected


def test_a_legal_form_is_never_a_word_unless_there_is_nothing_else():
    assert texts("Gazprom Joint Stock Company") == ["gazprom"]
    assert texts("LLC") != []


@pytest.mark.parametrize(
    "pair", [("Peak Company Ltd", "Limited Peak"), ("JSC X", "X Open Joint Stock Company")]
)
def test_written_forms_of_one_legal_form_are_one(pair):
    left, right = (set(texts(raw, kinds=("form",))) for raw in pair)
    assert left & right


def test_digits_drawn_like_letters_are_kept_as_another_reading():
    (first, second) = analyse("I9or Sech1n", True).words
    assert (first.variant, second.variant) == ("igor", "sechin")
    assert analyse("H7 M23 2004", True).words[0].variant == ""


@pytest.mark.parametrize(
    ("left", "right"),
    [("mohammed", "mohamad"), ("aliaksandr", "oleksandr"), ("aleksandrovich", "oleksandrovych")],
)
def test_forms_of_one_given_name(left, right):
    assert same_name(left)
    assert same_name(left) == same_name(right)


def test_a_fathers_name_is_not_the_name():
    assert same_name("ivan") != same_name("ivanovich")


@given(st.text(max_size=60), st.booleans())
def test_any_text_gives_words_whose_places_are_in_it(raw, person):
    for word in analyse(raw, person).words:
        assert 0 <= word.start < word.end <= len(raw)
        assert word.text
        assert word.text.isascii()


@given(st.lists(st.sampled_from(["Bank", "LLC", "al", "Rashid", "44", "Ltd.", "J."]), min_size=1, max_size=6))
def test_case_changes_nothing(words):
    raw = " ".join(words)
    assert texts(raw.upper()) == texts(raw.lower())


UNSEEN = (
    "\ufe0f\u180e\u202a\u202c\U000e0041\U000e0100\u2064\ufff9\x00\x07\x7f\x9b\ufffc\u200b\u2066\u034f\u3164"
)


@pytest.mark.parametrize("mark", list(UNSEEN), ids=lambda mark: f"U+{ord(mark):04X}")
def test_what_nobody_sees_does_not_change_a_word(mark):
    raw = f"Shang{mark}hai Bo{mark}{mark}yle{mark}"
    assert texts(raw) == ["shanghai", "boyle"]
    assert [word.shown for word in analyse(raw, False).words] == ["Shanghai", "Boyle"]


def test_a_name_of_unseen_signs_has_no_words():
    assert analyse(UNSEEN, False).words == ()
