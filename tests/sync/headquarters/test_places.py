import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.headquarters import places
from tests.support.lines import line


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_point_is_read_as_it_was_written(latitude: float, longitude: float) -> None:
    written = f"{latitude:.6f}, {longitude:.6f}"
    assert places.point(written) == (float(f"{latitude:.6f}"), float(f"{longitude:.6f}"))


@pytest.mark.parametrize(
    "name", ["", "Gate three", "91.0, 10", "10, 181", "10", "१८.९, ७२.९", "1e9, 2", "nan, 1"]
)
def test_a_name_is_no_point(name: str) -> None:
    assert places.point(name) is None


def test_longitude_comes_first_in_geojson_and_a_name_has_no_geometry() -> None:
    made = msgspec.json.decode(places.geojson([line(place="18.95, 72.95"), line(place="Gate three")]))
    assert made["type"] == "FeatureCollection"
    there, named = made["features"]
    assert there["geometry"] == {"type": "Point", "coordinates": [72.95, 18.95]}
    assert named["geometry"] is None
    assert "R. Nair" not in str(made)


def test_places_are_counted_the_busiest_first_and_the_site_stands_in() -> None:
    found = places.spots([line(place="A"), line(place="B"), line(place="B", verdict="check"), line(site="C")])
    assert [(spot.name, spot.reports, spot.holds) for spot in found] == [
        ("B", 2, 1),
        ("A", 1, 1),
        ("C", 1, 1),
    ]
