"""Substances and structures: what each substance was recognised by, and its picture with the legal core.

One part a substance, however many scans met it. The picture is the one the officer saw, out of the record;
the key beside it says which limb of the law each ground stands for.
"""

from fieldapp import text
from fieldapp.report.block import Block, para
from fieldapp.report.drawn import Drawn, Swatch
from fieldapp.report.grid import Grid, Stack
from fieldapp.report.sheet import Sheet, gap
from fieldapp.report.style import SMALL, STRONG_BODY, TABLE
from fieldapp.report.words import Words
from fieldapp.screening.hit import SubstanceAnswer, SubstanceMatch
from fieldapp.substances.drawing import Drawing, Group, colour

_HIGH = 132.0  # points a picture takes at most
_KEY = (0.055, 0.945)


def build(sheet: Sheet) -> list[Block]:
    """Return a part for each substance recognised; nothing where there is none."""
    blocks: list[Block] = []
    for answer, match in _distinct(sheet):
        said = Stack(_facts(sheet.words, answer, match))
        drawing = match.drawing
        row = [Drawn(drawing, _HIGH, _alt(sheet.words, drawing)), said] if drawing else [para(""), said]
        shares = (0.46, 0.54) if drawing else (0.01, 0.99)
        blocks += [Grid(shares, [row], ruled=False, layout=True), gap(6)]
    return blocks[:-1]


def _distinct(sheet: Sheet) -> list[tuple[SubstanceAnswer, SubstanceMatch]]:
    found: dict[tuple[str, str, tuple[str, ...]], tuple[SubstanceAnswer, SubstanceMatch]] = {}
    for scan in sheet.inspection.scans:
        for answer in scan.screening.substances:
            if answer.action in ("controlled", "ask_headquarters") and not scan.withdrawn:
                for match in answer.substances:
                    found.setdefault((match.name, match.rule, match.lists), (answer, match))
    return list(found.values())


def _facts(words: Words, answer: SubstanceAnswer, match: SubstanceMatch) -> list[Block]:
    number = f" · CAS {match.cas}" if match.cas else ""
    facts: list[Block] = [para(f"{match.name}{number}", STRONG_BODY)]
    if match.lists:
        facts.append(para(", ".join(match.lists), TABLE))
    facts.append(para(f"{words.label('paper.recognised-in')}: {answer.subject.name}", TABLE))
    for reason in match.reasons:
        facts += [para(said, SMALL) for said in words.reason(reason)]
    if answer.edition:
        facts.append(para(f"{words.label('paper.substance-edition')} {answer.edition}", SMALL))
    if match.drawing is not None and match.drawing.key:
        rows = [
            [Swatch(colour(group.group)), para(_said(words, group), TABLE)] for group in match.drawing.key
        ]
        facts += [gap(3), Grid(_KEY, rows, ruled=False, pad=(0, 1.2), layout=True)]
    return facts


def _said(words: Words, group: Group) -> str:
    return " / ".join(dict.fromkeys(_ground(group, language) for language in words.languages))


def _ground(group: Group, language: str) -> str:
    key = f"structure.region.{group.region}"
    region = text.say(key, language) if text.has(key, language) else group.region
    return text.say("structure.limb", language, limb=group.limb, region=region) if group.limb else region


def _alt(words: Words, drawing: Drawing) -> str:
    return ". ".join((drawing.name, *(_said(words, group) for group in drawing.key)))
