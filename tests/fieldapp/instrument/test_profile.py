"""Mapping profiles: what came with the program is sound, and a faulty one is refused by its lines."""

from hypothesis import given
from hypothesis import strategies as st

import resources
from fieldapp.instrument import profile
from fieldapp.instrument.profile import Profile

SOUND = """id = "mine"
version = 2
form = "pairs"
technique = "raman"
recognise = ["Best match"]

[words]
en = "Mine"
hi = "मेरा"

[[field]]
name = "substance"
labels = ["Best match"]

[[field]]
name = "score"
labels = ["Score"]
"""


def faults(text: str) -> set[tuple[int, str]]:
    found = profile.read(text)
    assert isinstance(found, tuple)
    return {(fault.line, fault.code) for fault in found}


def test_what_came_with_the_program_is_sound_and_claims_no_maker():
    found = profile.shipped()
    assert {each.form for each in found} == {"delimited", "pairs", "xml", "json"}
    assert not any(each.verified for each in found)
    files = {file.name for file in resources.path("instruments").iterdir() if file.name.endswith(".toml")}
    assert files == {f"{name}.toml" for name in profile.SHIPPED}
    assert [each.id for each in found] == list(profile.SHIPPED)


def test_a_sound_profile_is_read():
    made = profile.read(SOUND)
    assert isinstance(made, Profile)
    assert made.labels() == {"best match", "score"}


def test_each_fault_stands_on_its_line():
    assert faults(SOUND.replace('labels = ["Score"]', 'labels = ["Best  match:"]')) == {(17, "label-twice")}
    assert faults(SOUND.replace('name = "score"', 'name = "substance"')) == {(16, "field-twice")}
    assert faults(SOUND.replace('name = "score"', 'name = "weight"')) == {(16, "misfit")}
    assert faults(SOUND.replace('name = "score"', 'name = "time"')) == {(16, "formats-missing")}
    assert faults(SOUND.replace('name = "score"', 'name = "shown"')) == {(16, "words-missing")}
    assert faults(SOUND.replace('technique = "raman"\n', "")) == {(3, "technique-missing")}
    assert faults(SOUND.replace("version = 2", "version = two")) == {(2, "not-toml")}
    assert faults(SOUND.replace('labels = ["Score"]', 'labels = ["Score"]\nlabel = "x"')) == {
        (18, "field-unknown")
    }
    assert faults(SOUND.replace('labels = ["Score"]\n', "")) == {(15, "field-missing")}
    assert faults(SOUND.replace("version = 2", f"version = {1 << 63}")) == {(2, "misfit")}
    assert faults(SOUND.replace("version = 2", "version = " + "2" * 5000)) == {(18, "not-toml")}
    twice = SOUND.replace('name = "score"', 'name = "time"\nformats = ["%d.%m.%Y", "%d %d"]')
    assert faults(twice) == {(17, "misfit")}
    assert faults('delimiter = ";"\n' + SOUND) == {(1, "delimiter-unfit")}
    assert faults("a" * (profile.LARGEST + 1)) == {(1, "too-large")}
    assert faults("a." * 30 + "b = 1") == {(1, "too-deep")}


def test_several_faults_are_all_named_in_the_order_of_their_lines():
    text = SOUND.replace('name = "score"', 'name = "time"').replace('technique = "raman"\n', "")
    found = profile.read(text)
    assert isinstance(found, tuple)
    assert [(fault.line, fault.code) for fault in found] == [
        (3, "technique-missing"),
        (15, "formats-missing"),
    ]


@given(st.text(max_size=400))
def test_no_text_makes_it_raise(text: str):
    found = profile.read(text)
    assert isinstance(found, Profile) or all(1 <= fault.line <= text.count("\n") + 2 for fault in found)


@given(st.integers(0, len(SOUND) - 1), st.sampled_from('"[]=\nx'))
def test_a_profile_with_one_sign_changed_is_read_or_refused(at: int, sign: str):
    found = profile.read(SOUND[:at] + sign + SOUND[at + 1 :])
    assert isinstance(found, Profile) or found
