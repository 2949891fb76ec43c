import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.inspection.position import Position
from sync.headquarters import places, reports
from tests.support import records
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


def test_degrees_of_the_record_stand_for_the_place_in_words() -> None:
    at = Position(latitude=18.95, longitude=72.95, source="typed", at=records.moment())
    located = records.inspection(place="Gate three", located=at)
    row = reports.line(records.record(inspection=located), "ab" * 32, "00" * 16, records.moment())
    assert places.point(str(row["place"])) == (18.95, 72.95)
    bare = records.record(inspection=records.inspection(place="Gate three"))
    assert reports.line(bare, "ab" * 32, "00" * 16, records.moment())["place"] == "Gate three"
