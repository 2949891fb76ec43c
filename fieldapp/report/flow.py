"""Which block stands on which page, and where. Decided for the whole report before anything is drawn.

A heading never stands alone at the foot of a page; what can be cut is cut, so no page is left half empty;
a block higher than a page that cannot be cut is a bug and says so.
"""

from collections import deque
from collections.abc import Iterable

import msgspec

from fieldapp.report.block import Block

_SLACK = 0.01  # points: heights are sums of fractions


class Placed(msgspec.Struct, frozen=True):
    """A block and the distance of its top from the top of the page's body, in points."""

    block: Block
    down: float


class TooHigh(ValueError):
    """A block that fits no page and cannot be cut."""


def flow(blocks: Iterable[Block], width: float, height: float) -> list[list[Placed]]:
    """Fill pages of `width` by `height` points with `blocks`, top to bottom."""
    pages: list[list[Placed]] = [[]]
    down = 0.0
    waiting = deque(blocks)
    while waiting:
        block = waiting.popleft()
        if block.gap and not pages[-1]:
            continue
        if block.breaks:
            pages.append([])
            down = 0.0
            continue
        high = block.height(width)
        room = height - down
        follows = _follows(waiting, width) if block.leads else 0.0
        if not pages[-1]:
            follows = 0.0  # more leads than a page can hold: nothing is gained by waiting
        if high + follows <= room + _SLACK or (block.gap and high > room):
            pages[-1].append(Placed(block, down))
            down += high
            continue
        parts = None if block.leads else block.cut(width, room + _SLACK)
        if parts is not None:
            pages[-1].append(Placed(parts[0], down))
            waiting.appendleft(parts[1])
        elif pages[-1]:
            waiting.appendleft(block)
        else:
            raise TooHigh(type(block).__name__)
        pages.append([])
        down = 0.0
    return pages if pages[-1] or len(pages) == 1 else pages[:-1]


def _follows(waiting: Iterable[Block], width: float) -> float:
    # What leads may lead to what leads: a heading to a note to a table.
    high = 0.0
    for block in waiting:
        if not block.leads:
            return high + block.least(width)
        high += block.height(width)
    return high
