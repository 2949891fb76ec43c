from fieldapp.substances.drawing import Disc, Drawing, Group, Letters, Line, colour
from ui.widgets.label import Label
from ui.widgets.structure import Picture, Structure

DRAWN = Drawing(
    name="a substance",
    rule="us-frs",
    width=340,
    height=240,
    lines=(Line(70, 120, 170, 120), Line(170, 120, 270, 120)),
    joined=((Line(70, 120, 170, 120), 0),),
    discs=(Disc(70, 120, 0), Disc(170, 120, 0), Disc(270, 120, 1)),
    letters=(Letters(270, 120, "OH", "start"),),
    key=(Group(0, "core"), Group(1, "acyl", "v/E")),
)


def test_core_and_change_stand_on_their_own_grounds(qtbot) -> None:
    picture = Picture(DRAWN, "says")
    qtbot.addWidget(picture)
    seen = picture.grab().toImage()
    ratio = seen.width() / DRAWN.width

    def ground(x: int, y: int) -> str:
        return seen.pixelColor(round(x * ratio), round(y * ratio)).name().upper()

    assert ground(70, 100) == colour(0)
    assert ground(120, 100) == colour(0)
    assert ground(270, 146) == colour(1)
    assert ground(20, 20) == "#FFFFFF"


def test_every_ground_is_said_in_words(qtbot) -> None:
    widget = Structure(DRAWN, ("Core named by the law", "Limb v/E: acyl group"))
    qtbot.addWidget(widget)
    words = [label.text() for label in widget.findChildren(Label)]
    assert words == ["Core named by the law", "Limb v/E: acyl group"]
    (picture,) = widget.findChildren(Picture)
    assert picture.accessibleName() == "a substance. Core named by the law. Limb v/E: acyl group"


def test_a_large_structure_is_made_to_fit_and_a_small_one_is_not_blown_up(qtbot) -> None:
    large = Picture(Drawing(name="", width=4000, height=900), "")
    small = Picture(Drawing(name="", width=200, height=150), "")
    qtbot.addWidget(large)
    qtbot.addWidget(small)
    assert large.width() <= 300
    assert small.width() == 90
