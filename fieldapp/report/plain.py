"""Text from outside, made harmless and honest before it is printed.

What cannot be seen is shown as its code in square brackets, "[U+202E]": control characters, characters that
turn the writing direction, invisible ones, private ones, and characters that the fonts do not have; a name
in another script has its reading in Latin letters before the codes, "[YuanChang = U+8FDC U+660C]". Marks
that overlay a letter, and more than three stacked on one, are shown the same way, so nothing can be struck
out or drawn over.
Text over 20,000 characters is cut and says by how much. Nothing is ever read as markup.
"""

import unicodedata

from anyascii import anyascii

from fieldapp.report import fonts

LIMIT = 20_000
_STACK = 3


def plain(text: str) -> str:
    """Return `text` in characters that can be seen and printed; line breaks stay."""
    cut = text[:LIMIT]
    if cut.isascii() and cut.isprintable():
        shown = cut
    else:
        shown = _visible(cut.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return shown if len(text) <= LIMIT else f"{shown} … [+{len(text) - LIMIT}]"


def _visible(text: str) -> str:
    out: list[str] = []
    hidden: list[str] = []
    stack = 0
    before = ""
    for char in text:
        category = unicodedata.category(char)
        stack = stack + 1 if category in ("Mn", "Me") else 0
        if char == "\n" or (stack <= _STACK and _can_print(char, category, before)):
            if hidden:
                out.append(_codes("".join(hidden)))
                hidden.clear()
            out.append(" " if category == "Zs" else char)
        else:
            hidden.append(char)
        before = char
    if hidden:
        out.append(_codes("".join(hidden)))
    return "".join(out)


def _codes(hidden: str) -> str:
    codes = " ".join(f"U+{ord(char):04X}" for char in hidden)
    letters = all(unicodedata.category(char)[0] in "LM" for char in hidden)
    reading = anyascii(hidden) if letters else ""
    return f"[{reading} = {codes}]" if reading.isprintable() and reading.strip() else f"[{codes}]"


def _can_print(char: str, category: str, before: str) -> bool:
    if category == "Zs":
        return True
    if category == "Me" or "\u0334" <= char <= "\u0338":
        return False
    if char in "\u200c\u200d":  # the joiners shape Devanagari and mean nothing elsewhere
        return "\u0900" <= before <= "\u097f"
    return category[0] != "C" and category not in ("Zl", "Zp") and fonts.has(char)
