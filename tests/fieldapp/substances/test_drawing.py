import msgspec
from defusedxml.ElementTree import fromstring

from fieldapp.substances.drawing import COLOURS, Disc, Drawing, Group, Letters, Line, colour, svg

ONE = Drawing(
    name="<b>&",
    rule="us-frs",
    width=300,
    height=200,
    lines=(Line(70, 70, 170, 70),),
    joined=((Line(70, 70, 170, 70), 1),),
    discs=(Disc(70, 70, 0), Disc(170, 70, 1)),
    letters=(Letters(170, 70, "OH", "start"),),
    key=(Group(0, "core"), Group(1, "acyl", "v/E")),
)


def test_an_svg_is_well_formed_whatever_the_name() -> None:
    root = fromstring(svg(ONE))
    tags = [child.tag.rpartition("}")[2] for child in root]
    assert tags == ["title", "line", "circle", "circle", "line", "text"]
    assert root[0].text == "<b>&"
    assert [child.get("fill") for child in root if child.tag.endswith("circle")] == [COLOURS[0], COLOURS[1]]


def test_every_group_has_a_colour_and_only_the_core_has_the_first() -> None:
    assert [colour(group) for group in range(6)] == list(COLOURS)
    assert all(colour(group) in COLOURS[1:] for group in range(1, 40))


def test_a_drawing_travels_in_a_record() -> None:
    assert msgspec.json.decode(msgspec.json.encode(ONE), type=Drawing) == ONE
