"""Listed entries: why each came up, and all that its list says of it.

Everything an entry holds comes from outside and is plain text; all of it can be copied. The list's own age
stands with every entry.
"""

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.actions import listing
from fieldapp.actions.listing import ShowEntry, Shown
from fieldapp.inspection.scan import Scan
from fieldapp.screening.hit import Hit
from fieldapp.screening.memory import pair_of
from fieldapp.screening.verdict import Line, ListState
from fieldapp.text import say
from fieldapp.watchlist.entry import Entry as ListedEntry
from ui.models.entries import kind_words, type_words
from ui.models.moments import age
from ui.models.naming import printable, role_words, source_named
from ui.screens.screen import Screen
from ui.screens.telling import marked, reason_words
from ui.widgets.buttons import Button
from ui.widgets.card import Card, Scrolled, clear
from ui.widgets.facts import Facts
from ui.widgets.highlighted import Highlighted
from ui.widgets.label import Label

MOST_ALIASES = 60  # names of one entry that are shown; the rest are counted
Pairs = list[tuple[str, str]]


def hits_of(scan: Scan) -> tuple[Hit, ...]:
    """Return the hits a scan's verdict rests on, worst first."""
    return tuple(line.hit for line in scan.verdict.lines if line.hit is not None)


def list_words(used: ListState, language: str) -> str:
    """Return which list it is and how old: name, number, age."""
    if used.issued is None:
        return say("home.no-list", language)
    return say(
        "entry.list-in-use", language,
        name=printable(used.name), number=used.number, age=age(used.issued, language),
    )  # fmt: skip


def facts_of(entry: ListedEntry, language: str) -> Pairs:
    """Return what the list says of an entry, as (what, words); what it does not say is left out."""
    other = [name for name in entry.names if name.text != entry.primary][:MOST_ALIASES]
    aliases = [f"{printable(name.text)} ({say(f'entry.quality.{name.quality}', language)})" for name in other]
    left = len(entry.names) - 1 - len(other)
    if left > 0:
        aliases.append(say("entry.more-names", language, count=left))
    numbers = [
        f"{type_words(held.type, language)} {printable(held.value)}".strip() for held in entry.identifiers
    ]
    facts = (
        ("entry.names", "\n".join(aliases)),
        ("entry.kind", kind_words(entry.kind, language)),
        ("entry.births", ", ".join(entry.birth_dates)),
        ("entry.countries", ", ".join(code.upper() if len(code) == 2 else code for code in entry.countries)),
        ("entry.numbers", "\n".join(numbers)),
        ("entry.addresses", "\n".join(entry.addresses or entry.cities)),
        ("entry.father", entry.father),
        ("entry.gender", entry.gender),
        ("card.programme", entry.programme),
        ("entry.listed-on", entry.listed_on),
        ("entry.remarks", entry.remarks),
        ("card.list", source_named(entry.source, language)),
        ("card.entry", entry.id),
    )
    return [
        (say(key, language), "\n".join(printable(line) for line in words.split("\n")))
        for key, words in facts
        if words
    ]


def plain_words(shown: Shown, language: str) -> str:
    """Return an entry as lines of text, for the clipboard."""
    if shown.entry is None:
        return ""
    lines = [printable(shown.entry.primary)]
    lines += [f"{name}: {words}".replace("\n", "; ") for name, words in facts_of(shown.entry, language)]
    return "\n".join([*lines, list_words(shown.watchlist, language)])


class Sheet(Scrolled):
    """One entry. Empty until `show_entry`; a copy button puts its words on the clipboard."""

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language = language
        self.shown: Shown | None = None
        self.setAccessibleName(say("entry.title", language))

    def show_entry(self, shown: Shown | None) -> None:
        """Show `shown`, or nothing."""
        self.shown = shown
        clear(self.body)
        if shown is None:
            return
        self.body.addWidget(_sheet(shown, self.language))
        self.body.addStretch(1)
        self.verticalScrollBar().setValue(0)

    def copy(self) -> None:
        """Put the entry on the clipboard, as plain text."""
        if self.shown is not None:
            QApplication.clipboard().setText(plain_words(self.shown, self.language))


def _sheet(shown: Shown, language: str) -> QWidget:
    card = Card(margin=0, spacing=8)
    card.setProperty("kind", "clear")
    if shown.entry is None:
        card.body.addWidget(Label(say("entry.gone", language), "body", wrap=True))
        return card
    card.body.addWidget(Label(printable(shown.entry.primary), "heading", wrap=True))
    card.body.addWidget(Label(list_words(shown.watchlist, language), "muted", wrap=True))
    facts = Facts(names=150)
    facts.show_facts(facts_of(shown.entry, language))
    card.body.addWidget(facts)
    return card


class Entry(QDialog):
    """A dialog with one card per entry: why it came up, then the entry itself as the list has it now."""

    def __init__(self, screen: Screen, scan: Scan, language: str) -> None:
        super().__init__(screen.window())
        self._screen, self._language = screen, language
        self._shown: dict[str, Shown] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(say("entry.title", language))
        self.resize(820, 640)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(Label(say("entry.title", language), "title"))
        self.area = Scrolled()
        for line in scan.verdict.lines:
            if line.hit is not None:
                self._add(line.hit, line)
        self.area.body.addStretch(1)
        column.addWidget(self.area, 1)
        row = QHBoxLayout()
        self.copy_button = Button(say("entry.copy", language), "copy")
        self.copy_button.setAccessibleDescription("Ctrl+C")
        self.copy_button.clicked.connect(self.copy)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self, self.copy)
        close = Button(say("do.close", language))
        close.clicked.connect(self.accept)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)
        close.setFocus()

    def _add(self, hit: Hit, line: Line) -> None:
        card = _why(hit, line, self._language)
        card.body.addWidget(Label(say("entry.as-listed", self._language), "strong"))
        self.area.body.addWidget(card)

        def show(shown: Shown) -> None:
            if shiboken6.isValid(self):
                self._shown[shown.key] = shown
                card.body.addWidget(_sheet(shown, self._language))

        self._screen.run(listing.show_entry, ShowEntry(key=pair_of(hit)), show)

    def copy(self) -> None:
        """Put every entry on the clipboard, as plain text."""
        words = [plain_words(shown, self._language) for shown in self._shown.values()]
        QApplication.clipboard().setText("\n\n".join(each for each in words if each))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and page keys move the page; Esc closes."""
        step = {
            Qt.Key.Key_Down: 48,
            Qt.Key.Key_Up: -48,
            Qt.Key.Key_PageDown: self.area.height(),
            Qt.Key.Key_PageUp: -self.area.height(),
        }.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.value() + step)


def _why(hit: Hit, line: Line, language: str) -> Card:
    card = Card(spacing=8)
    card.body.addWidget(Label(printable(hit.listed_name), "heading", wrap=True))
    sentence, spans = marked(line.reason, hit, language)
    if sentence:
        card.body.addWidget(Highlighted(sentence, spans))
    if line.memory is not None and (words := reason_words(line.memory, language)):
        card.body.addWidget(Label(words, "strong", wrap=True))
    compared = f"{role_words(hit.subject.role, language)}: {printable(hit.subject.name)}"
    facts = Facts(names=150)
    facts.show_facts(
        [
            (say("entry.screened", language), compared),
            (say("entry.alias", language), say("do.yes" if hit.alias else "do.no", language)),
            (say("entry.score", language), say("card.of-100", language, score=round(hit.score * 100))),
        ]
    )
    card.body.addWidget(facts)
    for each in hit.reasons:
        words = reason_words(each, language)
        if words:
            card.body.addWidget(Label(f"• {words}", "body", wrap=True))
    return card
