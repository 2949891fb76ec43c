"""Real test material, where it is present beside the checkout."""

from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """Return the path of the shared test material, or skip the test where there is none."""
    place = _SHARED.joinpath(*parts)
    if not place.exists():
        pytest.skip(f"no shared test material at shared/data/{'/'.join(parts)}")
    return place
