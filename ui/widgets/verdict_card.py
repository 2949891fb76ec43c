"""The verdict: a band with word, shape and sentence; why, line by line; what was scanned; the next step.

The card decides nothing: its words come from the screening result through the catalogue. Colour never says
anything alone. A new verdict is announced to a screen reader.
"""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.screening.verdict import Word
from ui import theme
from ui.widgets.banner import announce
from ui.widgets.card import Card, Clear, Scrolled, clear
from ui.widgets.facts import Facts
from ui.widgets.label import Display, Label, Rule
from ui.widgets.mark import Mark
from ui.widgets.why_line import Why, WhyLine


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict in words: everything the card shows."""

    word: Word
    title: str
    sentence: str
    aside: tuple[str, ...] = ()
    why: tuple[Why, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    strip: tuple[tuple[str, str], ...] = ()
    step: str = ""


class Band(QFrame):
    """The coloured band: shape, word, sentence, and two small lines at the end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(24, 12, 24, 14)
        row.setSpacing(20)
        self._mark = Mark("circle-check", "#FFFFFF", 60)
        self._word = Display("", "word")
        self._sentence = Label("", "sentence", wrap=True)
        self._aside = Label("", "aside")
        self._aside.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._word)
        words.addWidget(self._sentence)
        row.addWidget(self._mark)
        row.addLayout(words, 1)
        row.addWidget(self._aside)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def fold(self, low: bool) -> None:
        """Take less room in a low window."""
        self._row.setContentsMargins(24, 4, 24, 6) if low else self._row.setContentsMargins(24, 12, 24, 14)
        self._mark.resize_to(44 if low else 60)
        self._sentence.setMinimumHeight(self._sentence.fontMetrics().height() if low else 0)

    def tell(self, told: Told) -> None:
        """Show the word of `told`."""
        look = theme.VERDICTS[told.word]
        self._mark.become(look.icon, look.on_band)
        self._word.setText(told.title)
        self._sentence.setText(told.sentence)
        self._aside.setText("\n".join(told.aside))
        self.setAccessibleName(f"{told.title}. {told.sentence}")
        theme.kind(self, f"band-{told.word}")
        for label in (self._word, self._sentence, self._aside):
            theme.kind(label, str(label.property("kind")))


class VerdictCard(Card):
    """The whole card. `foot` is the row of buttons at its foot."""

    def __init__(self, why: str, scanned: str, parent: QWidget | None = None) -> None:
        super().__init__(margin=0, spacing=0, parent=parent)
        self._low = False
        self._told: Told | None = None
        self.band = Band()
        self._why_heading = Label(why, "heading")
        self._scanned_heading = Label(scanned, "heading")
        self._lines = Scrolled()
        self._lines.body.setSpacing(4)
        self.facts = Facts()
        self._facts = Scrolled()
        self._facts.body.addWidget(self.facts)
        self._facts.body.addStretch(1)
        self._facts.setMinimumWidth(240)
        middle = self._middle = QGridLayout()
        middle.setContentsMargins(24, 12, 12, 6)
        middle.setHorizontalSpacing(24)
        middle.setVerticalSpacing(6)
        middle.addWidget(self._why_heading, 0, 0)
        middle.addWidget(self._scanned_heading, 0, 1)
        middle.addWidget(self._lines, 1, 0)
        middle.addWidget(self._facts, 1, 1)
        middle.setColumnStretch(0, 8)
        middle.setColumnStretch(1, 5)
        middle.setRowStretch(1, 1)
        self.strip = Strip()
        self._step_mark = Mark("chevron-right", "accent", 22)
        self._step = Label("", "next", wrap=True)
        self.step_row = step = QHBoxLayout()
        step.setContentsMargins(20, 0, 24, 8)
        step.setSpacing(6)
        step.addWidget(self._step_mark)
        step.addWidget(self._step, 1)
        strip = QHBoxLayout()
        strip.setContentsMargins(24, 0, 24, 6)
        strip.addWidget(self.strip)
        self.foot = Clear()
        self.foot.body.setContentsMargins(24, 12, 24, 14)
        self.body.addWidget(self.band)
        self.body.addLayout(middle, 1)
        self.body.addLayout(strip)
        self.body.addLayout(step)
        self.body.addWidget(Rule())
        self.body.addWidget(self.foot)
        self.fold(low=False)

    def fold(self, low: bool) -> None:
        """Take less room in a low window; the strip's facts are behind the entry's button too."""
        self._low = low
        self.band.fold(low)
        self._lines.setMinimumHeight(44 if low else 64)
        self._facts.setMinimumHeight(44 if low else 64)
        self.strip.setVisible(self.strip.filled and not low)
        self._middle.setContentsMargins(24, 4 if low else 12, 12, 2 if low else 6)
        self._middle.setVerticalSpacing(2 if low else 6)
        self.step_row.setContentsMargins(20, 0, 24, 2 if low else 8)
        self.foot.body.setContentsMargins(24, 6, 24, 6) if low else self.foot.body.setContentsMargins(
            24, 12, 24, 14
        )

    def tell(self, told: Told, *, aloud: bool = True) -> None:
        """Show `told`; say its word and sentence unless `aloud` is False."""
        if told != self._told:
            self._told = told
            self._show(told)
        if aloud:
            self.say_aloud()

    def say_aloud(self) -> None:
        """Have a screen reader say the word and the sentence."""
        if self._told is not None:
            announce(self, f"{self._told.title}. {self._told.sentence}")

    def _show(self, told: Told) -> None:
        self.band.tell(told)
        clear(self._lines.body)
        for number, why in enumerate(told.why):
            if number:
                self._lines.body.addWidget(Rule())
            self._lines.body.addWidget(WhyLine(why))
        self._lines.body.addStretch(1)
        self._why_heading.setVisible(bool(told.why))
        self._scanned_heading.setVisible(bool(told.facts))
        self.facts.show_facts(told.facts)
        self.strip.show_facts(told.strip)
        self.strip.setVisible(self.strip.filled and not self._low)
        self._step.setText(told.step)
        self._step_mark.setVisible(bool(told.step))
        self.setAccessibleName(f"{told.title}. {told.sentence} {told.step}")


class Strip(QFrame):
    """A sunken strip of a few facts in a row, and room for a button. Hidden while it has none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "strip")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 8, 14, 8)
        self._row.setSpacing(24)
        self.filled = False
        self.hide()

    def show_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        """Show `facts`, name above value; values wrap."""
        clear(self._row)
        for number, (name, value) in enumerate(facts):
            pair = Clear(row=False, spacing=0)
            pair.body.addWidget(Label(name, "muted"))
            value_label = Label(value, "strong", wrap=True)
            value_label.setAccessibleName(f"{name}: {value}")
            pair.body.addWidget(value_label)
            pair.body.addStretch(1)
            self._row.addWidget(pair, 2 if number else 1)
        self.filled = bool(facts)
