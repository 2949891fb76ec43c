"""The listed entries behind a scan: each with its list, its names, and every reason it came up."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout

from fieldapp.inspection.scan import Scan
from fieldapp.screening.hit import Hit
from fieldapp.text import say
from ui.models.naming import printable, role_words, source_words
from ui.screens.screen import Screen
from ui.screens.telling import marked, reason_words
from ui.widgets.buttons import Button
from ui.widgets.card import Card, Scrolled
from ui.widgets.facts import Facts
from ui.widgets.highlighted import Highlighted
from ui.widgets.label import Label


def hits_of(scan: Scan) -> tuple[Hit, ...]:
    """Return the hits a scan's verdict rests on, worst first."""
    return tuple(line.hit for line in scan.verdict.lines if line.hit is not None)


class Entry(QDialog):
    """A dialog with one card per entry."""

    def __init__(self, screen: Screen, scan: Scan, language: str) -> None:
        super().__init__(screen.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(say("entry.title", language))
        self.resize(720, 560)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(Label(say("entry.title", language), "title"))
        area = Scrolled()
        for line in scan.verdict.lines:
            if line.hit is not None:
                area.body.addWidget(_card(line.hit, line.reason.code, language))
        area.body.addStretch(1)
        column.addWidget(area, 1)
        close = Button(say("do.close", language))
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        close.setFocus()


def _card(hit: Hit, code: str, language: str) -> Card:
    card = Card(spacing=8)
    card.body.addWidget(Label(printable(hit.listed_name), "heading", wrap=True))
    reason = next((known for known in hit.reasons if known.code == code), None)
    sentence, spans = marked(reason, hit, language) if reason is not None else ("", ())
    if sentence:
        card.body.addWidget(Highlighted(sentence, spans))
    facts = Facts(names=160)
    facts.show_facts(
        [
            (name, value)
            for name, value in (
                (
                    say("entry.screened", language),
                    f"{role_words(hit.subject.role, language)}: {printable(hit.subject.name)}",
                ),
                (say("entry.alias", language), say("do.yes" if hit.alias else "do.no", language)),
                (say("card.entry", language), printable(hit.entry)),
                (say("card.list", language), source_words(hit, language)),
                (say("card.programme", language), printable(hit.programme)),
                (say("entry.listed-on", language), printable(hit.listed_on)),
                (say("entry.score", language), say("card.of-100", language, score=round(hit.score * 100))),
            )
            if value
        ]
    )
    card.body.addWidget(facts)
    for each in hit.reasons:
        words = reason_words(each, language)
        if words:
            card.body.addWidget(Label(f"• {words}", "body", wrap=True))
    return card
