from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.headquarters import totp

# RFC 6238, appendix B (SHA-1, 8 digits), and RFC 4226, appendix D (6 digits).
SECRET = b"12345678901234567890"
TIMED = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]
COUNTED = [
    "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
]  # fmt: skip


@pytest.mark.parametrize(("seconds", "right"), TIMED)
def test_the_vectors_of_rfc_6238(seconds: int, right: str) -> None:
    step = totp.step_at(datetime.fromtimestamp(seconds, tz=UTC))
    assert totp.code(SECRET, step, digits=8) == right


def test_the_vectors_of_rfc_4226() -> None:
    assert [totp.code(SECRET, count) for count in range(10)] == COUNTED


@given(st.binary(min_size=20, max_size=20), st.integers(1_000_000_000, 4_000_000_000), st.integers(-5, 5))
def test_a_code_counts_in_its_step_and_beside_it_and_once(secret: bytes, seconds: int, away: int) -> None:
    at = datetime.fromtimestamp(seconds, tz=UTC)
    step = totp.step_at(at) + away
    given_code = totp.code(secret, step)
    found = totp.accepted(secret, given_code, at, 0)
    if abs(away) <= totp.DRIFT:
        assert found is not None
        assert totp.accepted(secret, given_code, at, found) is None, "a code counts once"
    else:
        near = {totp.code(secret, totp.step_at(at) + drift) for drift in (-1, 0, 1)}
        assert (found is not None) == (given_code in near)


@pytest.mark.parametrize("spoiled", ["", "000", "१२३४५६", "28708২", "abcdef", "287082 7"])
def test_what_is_no_code_does_not_count(spoiled: str) -> None:
    assert totp.accepted(SECRET, spoiled, datetime.fromtimestamp(59, tz=UTC), 0) is None


def test_the_secret_is_spelled_in_base32() -> None:
    assert totp.spelled(SECRET).replace(" ", "") == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in totp.address(SECRET, "HQ", "Meera Iyer")
