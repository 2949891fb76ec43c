import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.vault import sharing
from fieldapp.vault.sharing import SharesMissing, ShareUnreadable

SECRETS = st.binary(min_size=1, max_size=96)


@given(SECRETS, st.integers(2, 5), st.integers(0, 3), st.randoms())
def test_any_enough_shares_give_the_secret(secret: bytes, needed: int, more: int, dice):
    shares = list(sharing.split(secret, "s", needed + more, needed))
    dice.shuffle(shares)
    assert sharing.join(shares[:needed]) == secret
    assert sharing.join(shares) == secret


@given(SECRETS)
def test_too_few_are_refused(secret: bytes):
    with pytest.raises(SharesMissing):
        sharing.join(sharing.split(secret, "s")[:1])


def test_one_share_says_nothing():
    """For one share of two, every secret byte is possible: each value comes up about as often as another."""
    seen = [0] * 256
    for _ in range(40_000):
        seen[sharing.split(b"\x2a", "s")[0].body[0]] += 1
    assert min(seen) > 80
    assert max(seen) < 250


@given(SECRETS)
def test_shares_of_two_secrets_do_not_mix(secret: bytes):
    one, other = sharing.split(secret, "one"), sharing.split(secret, "two")
    with pytest.raises(ShareUnreadable):
        sharing.join([one[0], other[1]])
    with pytest.raises(ShareUnreadable):
        sharing.join([one[0], one[0]])


@given(SECRETS)
def test_the_text_of_a_share_reads_back(secret: bytes):
    for share in sharing.split(secret, "0123456789abcdef"):
        text = sharing.to_text(share)
        assert sharing.from_text(text) == share
        assert sharing.from_text(f"  {text[:20]}\n{text[20:].lower()} ") == share


@given(SECRETS, st.data())
def test_a_mistyped_share_is_noticed(secret: bytes, data):
    text = sharing.to_text(sharing.split(secret, "0123")[0])
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567:"))
    if other != text[place]:
        with pytest.raises(ShareUnreadable):
            sharing.from_text(text[:place] + other + text[place + 1 :])


@given(st.text(max_size=80))
def test_anything_else_is_refused(text: str):
    with pytest.raises(ShareUnreadable):
        sharing.from_text(text)
