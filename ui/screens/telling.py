"""From a verdict to the words of its card. Pure: the words come from the result and the catalogues."""

from fieldapp import text
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.scan import Scan
from fieldapp.screening.hit import Hit, Reason, Span
from fieldapp.screening.verdict import Line, Verdict
from fieldapp.text import say
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
        return Why(
            word=line.word, part=part, degree=degree, sentence=sentence or line.reason.code, spans=spans,
            detail=hit_detail(line.hit, language), says=says,
        )  # fmt: skip
    sentence = reason_words(line.reason, language) or line.reason.code
    detail = ""
    if line.hit is not None:
        detail = f"{printable(line.hit.subject.name)} → {printable(line.hit.listed_name)}"
    if line.substance is not None:
        detail = substance_detail(line, language)
    return Why(word=line.word, part=part, sentence=sentence, detail=detail, says=says)


def hit_detail(hit: Hit, language: str) -> str:
    """Return why the two are near, and where the entry stands."""
    reasons = [words for reason in hit.reasons if (words := reason_words(reason, language))]
    listed = say("card.listed-on", language, on=hit.listed_on) if hit.listed_on else ""
    source = " · ".join(part for part in (source_words(hit, language), listed) if part)
    return " ".join(_sentence(words) for words in (*reasons[:3], source) if words)


def _sentence(words: str) -> str:
    return words if words.endswith((".", "।", "?", "!")) else f"{words}."


def substance_detail(line: Line, language: str) -> str:
    """Return how a substance was understood, and whether its row was checked against its source."""
    assert line.substance is not None
    words = [found for reason in line.substance.reasons if (found := reason_words(reason, language))]
    if not words and not line.substance.verified:
        words.append(say("card.unverified", language))
    return " ".join(_sentence(each) for each in words)


def told(verdict: Verdict, language: str, facts: tuple[tuple[str, str], ...] = ()) -> Told:
    """Return the whole card. The sentence is that of the worst line; NO MATCH has one of its own."""
    lines = tuple(why(line, language) for line in verdict.lines)
    worst = verdict.lines[0] if verdict.lines and verdict.word != "no_match" else None
    sentence = headline(worst, language) if worst is not None else say("card.no-match", language)
    hit = next((line.hit for line in verdict.lines if line.hit is not None and line.word != "no_match"), None)
    return Told(
        word=verdict.word,
        title=say(f"verdict.{verdict.word}", language),
        sentence=sentence,
        aside=_aside(verdict, language),
        why=lines,
        facts=facts,
        strip=_strip(hit, language) if hit is not None else (),
        step=say(f"card.step.{verdict.word}", language),
    )


def _aside(verdict: Verdict, language: str) -> tuple[str, ...]:
    """Return the small words of the band: how strong the worst match is, and how much was looked at."""
    first = verdict.lines[0].hit if verdict.lines and verdict.word in ("hold", "check") else None
    band = say(f"band.{first.band}", language) if first is not None else ""
    checks = text.say_n("card.checks", language, len(verdict.lines)) if verdict.lines else ""
    took = say("card.took", language, ms=round(verdict.ms)) if verdict.ms else ""
    return tuple(words for words in (band or checks, took) if words)


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
