from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sync.headquarters import chart
from tests.support.lines import line

spots = st.lists(
    st.tuples(st.integers(0, 12), st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=25
)


@given(spots)
def test_every_site_with_a_place_is_on_the_drawing(given_spots: list[tuple[int, float, float]]) -> None:
    made = chart.draw(
        line(site=f"Site {number}", place=f"{north:.4f}, {east:.4f}") for number, north, east in given_spots
    )
    assert {dot.site for dot in made.placed} == {f"Site {number}" for number, _, _ in given_spots}
    assert made.unplaced == ()
    assert chart.LOWEST <= made.height <= chart.HIGHEST
    for dot in made.placed:
        assert -1 <= dot.x <= chart.WIDTH + 1
        assert -1 <= dot.y <= made.height + 1
    assert sum(dot.reports for dot in made.placed) == len(given_spots)


@given(spots)
def test_north_is_up_and_east_is_right(given_spots: list[tuple[int, float, float]]) -> None:
    made = chart.draw(
        line(site=f"Site {number}", place=f"{north:.4f}, {east:.4f}") for number, north, east in given_spots
    )
    for one in made.placed:
        for other in made.placed:
            if (one.latitude or 0) > (other.latitude or 0):
                assert one.y <= other.y
            if (one.longitude or 0) > (other.longitude or 0):
                assert one.x >= other.x


@given(st.lists(st.floats(70, 70.4), min_size=2, max_size=8, unique=True))
def test_no_label_covers_another(places: list[float]) -> None:
    made = chart.draw(line(site=f"S{at}", place=f"20.0, {east:.5f}") for at, east in enumerate(places))
    rows = sorted(dot.label_y for dot in made.placed if not dot.label_before)
    assert all(later - earlier > 15 for earlier, later in pairwise(rows))


def test_a_site_stands_in_the_middle_of_its_places_and_one_without_is_only_listed() -> None:
    made = chart.draw(
        [
            line(site="Mundra", place="22.7, 69.7"),
            line(site="Mundra", place="22.9, 69.9", verdict="no_match"),
            line(site="Mundra", place="at the gate", verdict="check"),
            line(site="Mundra", place="10, 10", standing="superseded"),
            line(site="Plant 4", place="", verdict="check"),
        ]
    )
    (mundra,), (plant,) = made.placed, made.unplaced
    assert (round(mundra.latitude or 0, 2), round(mundra.longitude or 0, 2)) == (22.8, 69.8)
    assert (mundra.reports, mundra.worst, plant.worst) == (3, "hold", "check")


def test_the_net_lies_at_round_degrees_and_names_them() -> None:
    made = chart.draw([line(site="A", place="10, 70"), line(site="B", place="28, 80")])
    upright = [degree for degree in made.net if degree.vertical]
    assert 3 <= len(upright) <= 9
    steps = {round(b.value - a.value, 6) for a, b in pairwise(upright)}
    assert steps in ({2.0}, {5.0})
    gaps = {round(b.at - a.at, 0) for a, b in pairwise(upright)}
    assert max(gaps) - min(gaps) <= 1, "meridians lie evenly"


def test_nothing_is_drawn_of_nothing() -> None:
    assert chart.draw([]) == chart.Chart(height=0, net=(), placed=(), unplaced=())
