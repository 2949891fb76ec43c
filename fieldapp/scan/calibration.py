"""Keyboard calibration: what a scanner types under a foreign layout, turned back into what it read.

A scanner types as if the keyboard were American. Under another layout every code comes out changed, some
characters need two keys (dead keys), some do not come out at all. The person scans one known code,
`CODE`; from what was typed a `KeyboardMap` is made, with advice in plain words' codes.

Promises: a text is restored only where every character has one possible origin; otherwise `sure` is False
and the places are named. Refuses: to guess between two characters that both may stand in GS1 data.

An unprintable mark, U+0000, stands in typed text for a key that gave nothing yet: a dead key, or a control
character the layout has no key for.
"""

import re
import unicodedata
from typing import Literal

import msgspec

NOTHING = "\0"
GS, FS, RS, US = "\x1d", "\x1c", "\x1e", "\x1f"

_DATA = (
    "! \" % & ' ( ) * + , - . / 0 1 2 3 4 5 6 7 8 9 : ; < = > ? "
    "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z "
    "_ a b c d e f g h i j k l m n o p q r s t u v w x y z"
)
_OTHER = "# $ @ [ \\ ] ^ ` { | } ~"

CODE = f"  {_DATA}   {_OTHER}    {GS}    {FS}    {RS}    "
"""What the calibration symbol (Data Matrix, ]d1) carries: every character, apart, in a known order."""

# Characters that may stand in element strings, and the separator: in doubt they win over the others.
_LEGAL = frozenset(_DATA.replace(" ", "") + GS)

_MARKS = {
    "`": "\u0300", "´": "\u0301", "'": "\u0301", "΄": "\u0301", "^": "\u0302", "ˆ": "\u0302", "~": "\u0303",
    "˜": "\u0303", "˘": "\u0306", "˙": "\u0307", "¨": "\u0308", '"': "\u0308", "°": "\u030a", "˚": "\u030a",
    "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip

_AIM_BODY = re.compile(r".[CQdeJz][0-9]", re.DOTALL)

Advice = Literal[
    "layout-fits", "layout-differs", "caps-lock", "no-separator", "dead-keys", "ambiguous", "not-the-code"
]


class KeyboardMap(msgspec.Struct, frozen=True, kw_only=True):
    """What each typed token stands for. A token is one character, or U+0000 and an accent for a dead key.

    `origins` gives all characters a token may stand for, as one string; one character is certainty.
    """

    origins: dict[str, str]
    advice: tuple[Advice, ...] = ()


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """A typed text turned back; `sure` only if every character had one origin; `places` of those without."""

    text: str
    sure: bool
    places: tuple[int, ...] = ()


def calibrate(typed: str) -> KeyboardMap:
    """Return the map made from the calibration code as typed, with or without its symbology identifier."""
    body = _body(typed.rstrip("\r\n\t"))
    if body is None:
        return KeyboardMap(origins={}, advice=("not-the-code",))
    prefix, rest = body
    origins: dict[str, str] = {}
    for token, character in [*_heads(prefix), *_pairs(rest)]:
        known = origins.get(token, "")
        if character not in known:
            origins[token] = known + character
    return KeyboardMap(origins=origins, advice=_advice(origins))


def _body(typed: str) -> tuple[str, str] | None:
    # The symbology identifier ends at the first pair of spaces; scanners without it begin with them.
    start = typed.find("  ")
    if start < 0 or start > 5 or len(typed) < len(_DATA) // 2:
        return None
    return typed[:start], typed[start + 2 :]


def _heads(prefix: str) -> list[tuple[str, str]]:
    tokens, place = [], 0
    while place < len(prefix):
        length = 2 if prefix[place] == NOTHING else 1
        tokens.append(prefix[place : place + length])
        place += length
    return list(zip(tokens, "]d1", strict=True)) if len(tokens) == 3 else []


def _pairs(rest: str) -> list[tuple[str, str]]:
    """Walk the typed code and the known one side by side."""
    pairs: list[tuple[str, str]] = []
    place = 0
    known = CODE[2:].rstrip(" ")
    for number, character in enumerate(known):
        if character == " ":
            continue
        gap = len(known[number + 1 :]) - len(known[number + 1 :].lstrip(" "))
        token = rest[place : place + 1]
        if token in ("", " "):  # the scanner sent nothing for it
            place += gap
            continue
        place += 1
        if token == NOTHING and rest[place : place + 1] not in ("", " "):
            token += rest[place]
            place += 1
            gap -= 1  # a dead key takes the space after it to show its accent
        pairs.append((token, character))
        place += min(gap, len(rest[place:]) - len(rest[place:].lstrip(" ")))
    return pairs


def _advice(origins: dict[str, str]) -> tuple[Advice, ...]:
    given: list[Advice] = []
    characters = "".join(origins.values())
    if origins.get("A") == "a" and origins.get("a") == "A":
        given.append("caps-lock")
    elif all(token == character for token, character in origins.items() if character in _LEGAL):
        given.append("layout-fits")
    else:
        given.append("layout-differs")
    if GS not in characters:
        given.append("no-separator")
    if any(len(token) == 2 for token in origins):
        given.append("dead-keys")
    if any(_origin(origins, token) == "" for token, all_of in origins.items() if set(all_of) & _LEGAL):
        given.append("ambiguous")
    return tuple(given)


def _origin(origins: dict[str, str], token: str) -> str:
    """Return the one character a token stands for, or "" where there is none or no deciding."""
    candidates = origins.get(token, "")
    if len(candidates) > 1:
        legal = [character for character in candidates if character in _LEGAL]
        return legal[0] if len(legal) == 1 else ""
    return candidates


def restore(keyboard: KeyboardMap, typed: str) -> Restored:
    """Return what a scanner read, from what it typed under the calibrated layout."""
    out: list[str] = []
    places: list[int] = []
    typed = typed.rstrip("\r\n\t")
    place = 0
    while place < len(typed):
        token, length, extra = _token(keyboard.origins, typed, place)
        character = _origin(keyboard.origins, token)
        after = _origin(keyboard.origins, extra) if extra else ""
        if not character or (extra and not after):
            places.append(place)
        out.append((character or "\ufffd") + (after or ("\ufffd" if extra else "")))
        place += length
    text = "".join(out)
    if _AIM_BODY.match(text) and "]" in keyboard.origins.get(_token(keyboard.origins, typed, 0)[0], ""):
        # Whatever else the first key may stand for, what follows is a symbology identifier.
        text, places = "]" + text[1:], [place for place in places if place]
    return Restored(text=text, sure=not places and bool(out), places=tuple(places))


def _token(origins: dict[str, str], typed: str, place: int) -> tuple[str, int, str]:
    """Return the token at `place`, how long it is, and the base character a dead key was merged with."""
    character = typed[place]
    if character != NOTHING or place + 1 == len(typed):
        return character, 1, ""
    following = typed[place + 1]
    if character + following in origins:
        return character + following, 2, ""
    parts = unicodedata.normalize("NFD", following)
    if len(parts) == 2:
        for token in origins:
            if len(token) == 2 and _MARKS.get(token[1]) == parts[1] and parts[0] in origins:
                return token, 2, parts[0]
    return character, 1, ""
