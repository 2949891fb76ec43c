import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fieldapp.report.block import Block, Space, para
from fieldapp.report.flow import TooHigh, flow
from fieldapp.report.grid import Grid, Stack, Whole
from fieldapp.report.heading import Heading

WIDTH, HEIGHT = 300.0, 200.0


def grid(rows: int) -> Grid:
    return Grid(
        (0.5, 0.5),
        [[para(f"row {row}"), para("word " * 5)] for row in range(rows)],
        head=[para("a"), para("b")],
    )


def blocks(kinds: list[int]) -> list[Block]:
    made: list[Block] = []
    for number, kind in enumerate(kinds):
        if kind == 0:
            made.append(Space(9))
        elif kind == 1:
            made.append(Heading(number, "Findings"))
        elif kind == 2:
            made.append(para("a long sentence " * 40))
        elif kind == 3:
            made.append(grid(number % 17))
        elif kind == 4:
            made.append(Whole([para("one"), para("two " * 90)]))
        else:
            made.append(Stack([para("three"), para("four " * 200)]))
    return made


def few_headings_in_a_row(kinds: list[int]) -> bool:
    """What leads can follow what leads only as long as a page holds them."""
    return "111" not in "".join(str(kind) for kind in kinds if kind != 0)


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), max_size=20))
def test_every_block_stands_inside_its_page(kinds):
    for page in flow(blocks(kinds), WIDTH, HEIGHT):
        below = 0.0
        for placed in page:
            assert placed.down >= below - 0.02
            below = placed.down + placed.block.height(WIDTH)
            assert below <= HEIGHT + 0.02 or placed.block.gap


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), max_size=20).filter(few_headings_in_a_row))
@example([0, 1, 0, 5, 3, 1, 1, 5])  # what follows fits but for a rounded fraction
def test_a_heading_never_ends_a_page_that_others_follow(kinds):
    pages = flow([*blocks(kinds), para("the end")], WIDTH, HEIGHT)
    for page in pages:
        assert not page[-1].block.leads


def test_a_heading_takes_its_note_and_its_table_along():
    leading = para("note", leads=True)
    pages = flow([para("x\n" * 12), Heading(1, "Exhibits"), leading, grid(3)], WIDTH, HEIGHT)
    assert [type(placed.block).__name__ for placed in pages[1]] == ["Heading", "Text", "Grid"]


def test_a_high_row_goes_on_over_the_page_and_a_low_one_does_not():
    high = Grid((0.3, 0.7), [[para("1"), para("word " * 600)]])
    assert len(flow([para("x\n" * 3), high], WIDTH, HEIGHT)) > 2
    low = Grid((0.3, 0.7), [[para("1"), para("a\nb\nc\nd\ne\nf")]])
    pages = flow([para("x\n" * 9), low], WIDTH, HEIGHT)
    assert [len(page) for page in pages] == [1, 1]


def test_what_fits_no_page_and_cannot_be_cut_is_a_bug():
    class Tower(Space):
        gap = False

    with pytest.raises(TooHigh):
        flow([Tower(HEIGHT + 1)], WIDTH, HEIGHT)
