"""From a verdict to the words of its card. Pure: the words come from the result and the catalogues."""

from collections.abc import Iterable

from fieldapp import text
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.scan import Scan
from fieldapp.screening.hit import Hit, Reason, Span
from fieldapp.screening.verdict import Line, Verdict, list_unfit
from fieldapp.substances.drawing import Drawing
from fieldapp.text import say
from ui.models.moments import age
from ui.models.naming import printable, role_words, source_words
from ui.widgets.verdict_card import Told
from ui.widgets.why_line import Why

_NAME, _LISTED = (
    "\ue000",
    "\ue001",
)  # private-use marks that stand for the two names while a sentence is filled
_SHOWN = ("gtin", "batch", "serial", "expiry", "production", "sscc", "container", "cas", "licence")


def reason_words(reason: Reason, language: str) -> str:
    """Return the sentence of `reason`, "" when it has none."""
    return _filled(f"reason.{reason.code}", reason, language)


def headline(line: Line, language: str) -> str:
    """Return the few words of the band; the whole sentence where there is no short one."""
    return _filled(f"card.say.{line.reason.code}", line.reason, language) or reason_words(
        line.reason, language
    )


def _filled(key: str, reason: Reason, language: str) -> str:
    if not text.has(key, language):
        return ""
    facts = {name: _plain(value) for name, value in reason.facts.items()}
    if "role" in facts:
        facts["role"] = role_words(str(reason.facts["role"]), language)
    try:
        return text.explain(key, language, facts)
    except (KeyError, IndexError):
        return ""


def _plain(value: object) -> object:
    return printable(value) if isinstance(value, str) else value


def marked(reason: Reason, hit: Hit, language: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the sentence of a hit and where in it the letters differ, in code points."""
    stand_in = Reason(reason.code, {**reason.facts, "name": _NAME, "listed": _LISTED})
    key = f"reason.{reason.code}"
    if not text.has(key, language):
        return "", ()
    facts = {**stand_in.facts, "role": role_words(hit.subject.role, language)}
    sentence = say(key, language, **facts)
    spans: list[tuple[int, int]] = []
    for mark, name, differing in (
        (_NAME, printable(hit.subject.name), hit.differs_query),
        (_LISTED, printable(hit.listed_name), hit.differs_listed),
    ):
        at = sentence.find(mark)
        if at >= 0:
            spans = [_moved(span, at, len(name) - 1) for span in spans]
            spans += [(at + start, at + end) for start, end in _inside(differing, len(name))]
            sentence = sentence.replace(mark, name, 1)
    return sentence, tuple(sorted(spans))


def _moved(span: tuple[int, int], at: int, by: int) -> tuple[int, int]:
    return span if span[0] < at else (span[0] + by, span[1] + by)


def _inside(spans: tuple[Span, ...], length: int) -> list[tuple[int, int]]:
    return [(span.start, min(span.end, length)) for span in spans if span.start < min(span.end, length)]


def why(line: Line, language: str) -> Why:
    """Return one line of the reasons in words."""
    part = say(f"part.{line.part}", language)
    says = say(f"verdict.{line.word}", language)
    if line.hit is not None and line.adjudication is None:
        sentence, spans = marked(line.reason, line.hit, language)
        degree = say("card.of-100", language, score=round(line.hit.score * 100))
        details = (_remembered(line, language), hit_detail(line.hit, language))
        return Why(
            word=line.word, part=part, degree=degree, sentence=sentence or line.reason.code, spans=spans,
            detail=" ".join(_sentence(words, language) for words in details if words), says=says,
        )  # fmt: skip
    sentence = reason_words(line.reason, language) or line.reason.code
    if line.reason.code == "list-ageing":  # counts for nothing yet, and is a warning all the same
        return Why(word="check", part=part, sentence=sentence, says=say("card.warning", language))
    detail = ""
    if line.hit is not None:
        detail = f"{printable(line.hit.subject.name)} → {printable(line.hit.listed_name)}"
    if line.substance is not None:
        details = (_remembered(line, language), substance_detail(line, language))
        detail = " ".join(_sentence(words, language) for words in details if words)
    drawing = line.substance.drawing if line.substance is not None else None
    return Why(
        word=line.word, part=part, sentence=sentence, detail=detail, says=says, drawing=drawing,
        key=key_words(drawing, language) if drawing is not None else (),
    )  # fmt: skip


def key_words(drawing: Drawing, language: str) -> tuple[str, ...]:
    """Return what each ground of a drawing stands for, in the order of its key."""
    said = []
    for group in drawing.key:
        key = f"structure.region.{group.region}"
        region = say(key, language) if text.has(key, language) else printable(group.region)
        said.append(say("structure.limb", language, limb=group.limb, region=region) if group.limb else region)
    return tuple(said)


def _remembered(line: Line, language: str) -> str:
    """Return what was judged of the pair before, where that settles nothing now."""
    return reason_words(line.memory, language) if line.memory is not None else ""


def hit_detail(hit: Hit, language: str) -> str:
    """Return why the two are near, what beside the name agrees or does not, and where the entry stands."""
    named = [reason for reason in hit.reasons if "term" not in reason.facts][:3]
    around = [reason for reason in hit.reasons if "term" in reason.facts]
    reasons = [words for reason in (*named, *around) if (words := reason_words(reason, language))]
    listed = say("card.listed-on", language, on=hit.listed_on) if hit.listed_on else ""
    source = " · ".join(part for part in (source_words(hit, language), listed) if part)
    return " ".join(_sentence(words, language) for words in (*reasons, source) if words)


def _sentence(words: str, language: str) -> str:
    return words if words.endswith((".", "।", "?", "!")) else f"{words}{'।' if language == 'hi' else '.'}"


def substance_detail(line: Line, language: str) -> str:
    """Return how a substance was understood, and whether its row was checked against its source."""
    assert line.substance is not None
    words = [found for reason in line.substance.reasons if (found := reason_words(reason, language))]
    if not words and not line.substance.verified:
        words.append(say("card.unverified", language))
    return " ".join(_sentence(each, language) for each in words)


def told(
    verdict: Verdict,
    language: str,
    facts: tuple[tuple[str, str], ...] = (),
    others: Iterable[Verdict] = (),
) -> Told:
    """Return the whole card. The sentence is that of the worst line; NO MATCH has one of its own.

    `others` are the verdicts of the same consignment's other scans: what they do not say too comes first, so
    that each card begins with what is its own. The word stays that of the worst line.
    """
    own, common = _parted(verdict, others)
    lines = tuple(why(line, language) for line in (*own, *common))
    worst = next((line for line in (*own, *common) if line.word == verdict.word), None)
    worst = worst if verdict.word != "no_match" else None
    judged = any(line.adjudication is not None for line in verdict.lines)
    nothing = say("card.all-judged" if judged else "card.no-match", language)
    sentence = headline(worst, language) if worst is not None else nothing
    if own and own[0] is not worst:
        sentence = f"{_sentence(headline(own[0], language), language)} {sentence}"
    hit = next((line.hit for line in verdict.lines if line.hit is not None and line.word != "no_match"), None)
    return Told(
        word=verdict.word,
        title=say(f"verdict.{verdict.word}", language),
        sentence=sentence,
        aside=_aside(verdict, language),
        why=lines,
        facts=facts,
        strip=_strip(hit, language) if hit is not None else (),
        step=say(f"card.step.{_step(verdict)}", language),
    )


def _parted(verdict: Verdict, others: Iterable[Verdict]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the lines that count and that no other verdict says, and the rest; both worst first."""
    said = {_said(line) for other in others for line in other.lines}
    own = tuple(line for line in verdict.lines if line.word != "no_match" and _said(line) not in said)
    return own, tuple(line for line in verdict.lines if line not in own)


def _said(line: Line) -> tuple[str, str]:
    return line.reason.code, repr(sorted(line.reason.facts.items()))


def _step(verdict: Verdict) -> str:
    """Return which next step to name: a list too old needs another one than a code that cannot be read."""
    return "stale" if verdict.word == "cannot_check" and list_unfit(verdict) else verdict.word


def _aside(verdict: Verdict, language: str) -> tuple[str, ...]:
    """Return the small words of the band: how strong the match is, how much was looked at, the list's age."""
    first = verdict.lines[0].hit if verdict.lines and verdict.word in ("hold", "check") else None
    band = say(f"band.{first.band}", language) if first is not None else ""
    checks = text.say_n("card.checks", language, len(verdict.lines)) if verdict.lines else ""
    took = say("card.took", language, seconds=f"{max(verdict.ms, 100) / 1000:.1f}") if verdict.ms else ""
    used = verdict.watchlist.issued
    listed = say("window.list-age", language, age=age(used, language)) if used is not None else ""
    return tuple(words for words in (band or checks, took, listed) if words)


def _strip(hit: Hit, language: str) -> tuple[tuple[str, str], ...]:
    pairs = (
        (say("card.entry", language), printable(hit.entry)),
        (say("card.list", language), source_words(hit, language)),
        (say("card.programme", language), printable(hit.programme)),
    )
    return tuple((name, value) for name, value in pairs if value)


def scan_facts(scan: Scan, inspection: Inspection, language: str) -> tuple[tuple[str, str], ...]:
    """Return what was scanned: the declared line, the code's own fields, the parties' names."""
    named = scan.identified.identifiers
    line = next((goods for goods in inspection.consignment.goods if goods.seq == scan.goods_seq), None)
    facts: list[tuple[str, str]] = []
    if line is not None:
        facts.append((say("fact.product", language), printable(line.description)))
    facts += [(say(f"fact.{key}", language), printable(named[key])) for key in _SHOWN if named.get(key)]
    if not any(named.get(key) for key in _SHOWN):
        facts.append((say("fact.code", language), printable(scan.identified.text or scan.symbol.text)))
    for party in inspection.consignment.parties:
        if party.role in ("consignee", "importer", "exporter"):
            facts.append((role_words(party.role, language), printable(party.name)))
    for paper in inspection.consignment.documents:
        if paper.kind in ("export_noc", "cbn_noc", "pen"):
            facts.append((say(f"document.{paper.kind}", language), printable(paper.number)))
    facts.append((say("fact.source", language), say(f"source-of-scan.{scan.source}", language)))
    return tuple(facts)
