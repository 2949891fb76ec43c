"""The outbox: one row a sealed record and how far it has come; send now; what is in the way, in words."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from fieldapp import text
from fieldapp.actions.exchanging import OutboxState
from fieldapp.actions.obeying import Obeyed
from fieldapp.worker import Failure
from sync import worker as courier
from sync.session import Synced
from sync.worker import TakenRelease, TakeRelease
from ui import alerts
from ui.jobs import Jobs
from ui.models.desk import Desk
from ui.models.moments import ago, stamp
from ui.models.rows import OutboxRows
from ui.models.sizes import size
from ui.screens import files
from ui.screens.exchange import Exchange
from ui.screens.screen import Screen
from ui.widgets.ask import Note
from ui.widgets.buttons import ActionButton, Button
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Label
from ui.widgets.row_list import RowList


class OutboxScreen(Screen):
    """What waits, what arrived, what was set aside. A vault not yet enrolled is enrolled here."""

    nouns = frozenset({"outbox", "session"})
    leased = Signal(str)  # in words, that headquarters must be heard soon

    def __init__(
        self, jobs: Jobs, desk: Desk, language: str, exchange: Exchange, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, desk, language, parent)
        self.exchange = exchange
        head = self.title(self.say("outbox.title"))
        self.send = ActionButton(self.say("outbox.send"), "refresh-cw", "Ctrl+R", "primary")
        self.send.setShortcut("Ctrl+R")
        self.send.clicked.connect(lambda: exchange.now())
        self.load = Button(self.say("outbox.load"), "folder-open")
        self.load.clicked.connect(lambda: files.choose(self, self.say("outbox.load"), self.take_list))
        head.addWidget(self.load)
        head.addWidget(self.send)
        self._state = Label("", "muted", wrap=True)
        self.page.addWidget(self._state)
        self.agreement = Label("", "body", wrap=True)
        self.page.addWidget(self.agreement)
        self.lease = Label("", "strong", wrap=True)
        self.lease.hide()
        self.page.addWidget(self.lease)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.say("outbox.progress"))
        self.progress.hide()
        self.page.addWidget(self.progress)
        self.enrol_card = self._enrol()
        self.page.addWidget(self.enrol_card)
        card = Card(margin=0, spacing=0)
        self.records = OutboxRows(language, self)
        self.record_list = RowList(
            self.say("outbox.title"),
            self.records,
            EmptyState(self.say("outbox.none"), self.say("outbox.none-hint"), "upload"),
        )
        card.body.addWidget(self.record_list, 1)
        self.page.addWidget(card, 1)
        desk.outbox_changed.connect(self._show)
        desk.session_changed.connect(self._show)
        exchange.started.connect(self._show)
        exchange.ended.connect(self._ended)
        exchange.failed.connect(self._failed)
        exchange.sent.connect(self._show_sent)
        exchange.obeyed.connect(self._show_lease)
        self._left = 0  # bytes of evidence to send, when the exchange began
        self._show()

    def _enrol(self) -> QWidget:
        card = Card(spacing=8)
        card.body.addWidget(Label(self.say("enrol.title"), "heading"))
        card.body.addWidget(Label(self.say("enrol.words"), "body", wrap=True))
        self.invitation = Note(self.say("create.invitation"))
        self.invitation.setPlaceholderText(self.say("create.invitation-hint"))
        self.invitation.setMaximumHeight(88)
        card.body.addWidget(self.invitation)
        self.enrol_button = Button(self.say("enrol.do"), "key-round", "primary-small")
        self.enrol_button.clicked.connect(lambda: self.enrol(self.invitation.toPlainText()))
        card.body.addWidget(self.enrol_button)
        return card

    def focus(self) -> None:
        """The button that sends, or the invitation of a vault that is not enrolled."""
        enrolled = self.desk.session is not None and self.desk.session.enrolled
        (self.send if enrolled else self.invitation).setFocus()

    def reload(self) -> None:
        """Read what waits."""
        if self.desk.session is not None:
            self.exchange.count()

    def enrol(self, text: str) -> None:
        """Enrol with an invitation's text."""
        if not text.strip():
            self.invitation.setFocus()
            return
        self.enrol_button.setEnabled(False)
        self.exchange.enrol(text, lambda unlocked: self._enrolled(unlocked.headquarters), self._not_enrolled)
        self.invitation.setPlainText(text)

    def _enrolled(self, headquarters: str) -> None:
        self.invitation.clear()
        self.enrol_button.setEnabled(True)
        self.note(self.say("enrol.done", headquarters=headquarters))
        self.exchange.now(asked=False)

    def _not_enrolled(self, failure: Failure) -> None:
        self.enrol_button.setEnabled(True)
        self.complain(failure)

    def _show(self) -> None:
        session, outbox = self.desk.session, self.desk.outbox
        enrolled = session is not None and session.enrolled
        self.enrol_card.setVisible(session is not None and not enrolled)
        self.load.setEnabled(enrolled)
        self.send.setEnabled(enrolled and not self.exchange.under_way)
        self.records.put(outbox.rows if outbox is not None else ())
        self._state.setText(self._state_words(outbox))
        self.agreement.setText(self._agreement_words(outbox))
        self.agreement.setVisible(bool(self.agreement.text()))
        if not self.exchange.under_way:
            self._left = sum(row.bytes_total - row.bytes_done for row in outbox.rows) if outbox else 0
            self.progress.hide()

    def _state_words(self, outbox: OutboxState | None) -> str:
        """Say how it stands with headquarters; offline also what is in the way and when it is tried again."""
        if self.exchange.under_way:
            return self.say("outbox.sending")
        if outbox is None or outbox.sync.last is None:
            said = [self.say("outbox.never")]
        else:
            key = "outbox.offline" if self.desk.offline else "outbox.last"
            said = [self.say(key, last=ago(outbox.sync.last, self.language))]
        trouble, following = self.exchange.trouble, self.exchange.next
        if self.desk.offline and trouble is not None:
            said.append(alerts.explain(trouble, self.language).sentence)
        if self.desk.offline and following is not None:
            said.append(self.say("outbox.next", at=following.astimezone().strftime("%H:%M:%S")))
        return " ".join(said)

    def _agreement_words(self, outbox: OutboxState | None) -> str:
        """Say how far both hold the same: entries here, entries there, whether their hashes are equal."""
        if outbox is None or outbox.agrees is None:
            return ""
        counts = {"here": outbox.head.seq, "there": outbox.sync.witnessed.seq}
        if not outbox.agrees:
            return self.say("outbox.differs", **counts)
        return self.say(
            "outbox.equal" if counts["here"] == counts["there"] else "outbox.equal-so-far", **counts
        )

    def _show_sent(self, sent: int) -> None:
        """Show how much of the evidence has gone out."""
        if self._left:
            done = min(sent, self._left)
            self.progress.setRange(0, 1000)
            self.progress.setValue(1000 * done // self._left)
            here = (size(done, self.language), size(self._left, self.language))
            self.progress.setFormat(self.say("outbox.bytes", done=here[0], total=here[1]))
            self.progress.show()

    def _show_lease(self, told: Obeyed) -> None:
        words = ""
        if told.until is not None and told.lease in ("near", "ended"):
            words = self.say(f"lease.{told.lease}", until=stamp(told.until))
        self.lease.setText(words)
        self.lease.setVisible(bool(words))
        if words:
            self.leased.emit(words)

    def _ended(self, done: Synced) -> None:
        self._show()
        if done.altered:
            words = text.say("error.evidence-altered", self.language)
            self.banner.show_alert(text.say("alert.trust", self.language), words, "error")
        elif done.returned:
            self.note(self.say_n("outbox.returned", len(done.returned)), self.say("outbox.returned-hint"))
        elif done.refused:
            self.banner.show_alert(
                self.say_n("outbox.refused", done.refused), self.say("outbox.refused-hint"), "warn"
            )
        elif not done.acknowledged and not done.waiting:
            self.note(self.say("outbox.all-there"), self.say("outbox.all-there-words"))
        else:
            self.note(self.say_n("outbox.done", done.acknowledged), self.say_n("outbox.left", done.waiting))

    def take_list(self, file: str) -> None:
        """Take in a list that was carried here: checked like one that came over the wire."""
        self.load.setEnabled(False)
        self.note(self.say("outbox.loading"))
        self.run(courier.take_release, TakeRelease(path=file), self._loaded, self._not_loaded)

    def _loaded(self, taken: TakenRelease) -> None:
        self._show()
        self.note(self.say("outbox.loaded", number=taken.number))

    def _not_loaded(self, failure: Failure) -> None:
        self._show()
        self.banner.hide()
        self.complain(failure)

    def _failed(self, failure: Failure) -> None:
        self._show()
        self.complain(failure)
