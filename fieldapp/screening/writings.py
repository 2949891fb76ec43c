"""Other ways to read what was written, where the writing hides the name.

Letters set apart one by one, letters in circles and squares, text turned round behind a mark of
direction, characters written as HTML codes. Each reading is whole text, compared like the name itself,
and worth a little less. Names that are written in none of these ways have no other reading.
"""

import html
import re
from collections.abc import Callable, Iterable
from itertools import pairwise

from fieldapp.watchlist.script import seen

MOST = 20_000  # characters of a name that are read another way
_APART = re.compile(r"(?<!\S)[^\W_](?:[ \t.\-_*]{1,3}[^\W_]){4,}(?!\S)")
_WIDE = re.compile(r"\s{2,}")
_TURNED = re.compile("[\u202e\u2067]([^\u202c\u2069\n]*)[\u202c\u2069]?")
_CODE = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]+);")
_LONGEST = 60  # letters of one stretch set apart that are cut into words
_SHORTEST_WORD = 3

# Letters in brackets, circles, squares and on flags, each block A to Z; NFKC does not fold them all.
_FRAMED = {
    first + at: chr(letter + at)
    for first, letter in (
        (0x249C, 97), (0x24B6, 65), (0x24D0, 97), (0x1F110, 65), (0x1F130, 65), (0x1F150, 65), (0x1F170, 65),
        (0x1F1E6, 65),
    )
    for at in range(26)
}  # fmt: skip

Shares = Callable[[Iterable[str]], dict[str, float]]


def writings(raw: str, shares: Shares) -> tuple[str, ...]:
    """Return the other readings of `raw`; `shares` tells which words the list knows, to cut joined ones."""
    text = html.unescape(raw[:MOST]) if _CODE.search(raw[:MOST]) else raw[:MOST]
    text = text.translate(_FRAMED)
    text = _TURNED.sub(lambda found: found[1][::-1], text)
    text = _APART.sub(lambda found: _joined(found[0], shares), text)
    return (text,) if text != raw[:MOST] else ()


def _joined(apart: str, shares: Shares) -> str:
    """Join letters set apart; a wider gap ends a word, and without one the list's words say where to cut."""
    words = [re.sub(r"[\W_]+", "", word) for word in _WIDE.split(seen(apart))]
    return " ".join(words if len(words) > 1 else _cut(words[0], shares))


def _cut(letters: str, shares: Shares) -> list[str]:
    """Cut a run of letters into listed words, long ones first to be trusted; the rest stays together."""
    low = letters[:_LONGEST].casefold()
    spans = [(a, b) for a in range(len(low)) for b in range(a + _SHORTEST_WORD, len(low) + 1)]
    known = shares({low[a:b] for a, b in spans})
    best = [(0, 0)] * (len(low) + 1)  # worth so far, and where the last word began
    for end in range(1, len(low) + 1):
        best[end] = (best[end - 1][0], end - 1)
        for start in range(max(0, end - 24), end - _SHORTEST_WORD + 1):
            if low[start:end] in known:
                best[end] = max(best[end], (best[start][0] + (end - start) ** 2, start))
    cuts, at = {len(letters)}, len(low)
    while at > 0:
        start = best[at][1]
        if at - start >= _SHORTEST_WORD:
            cuts |= {start, at}
        at = start
    places = sorted(cuts | {0})
    return [letters[a:b] for a, b in pairwise(places) if a < b]
