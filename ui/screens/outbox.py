"""The outbox: one row a sealed record and how far it has come; send now; what is in the way, in words."""

from PySide6.QtWidgets import QWidget

from fieldapp import text
from fieldapp.worker import Failure
from sync import worker as courier
from sync.session import Synced
from sync.worker import TakenRelease, TakeRelease
from ui.jobs import Jobs
from ui.models.desk import Desk
from ui.models.moments import age
from ui.models.rows import OutboxRows
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
        if self.exchange.under_way:
            self._state.setText(self.say("outbox.sending"))
        elif outbox is None or outbox.sync.last is None:
            self._state.setText(self.say("outbox.never"))
        else:
            last = age(outbox.sync.last, self.language)
            key = "outbox.offline" if self.desk.offline else "outbox.last"
            self._state.setText(self.say(key, last=last))

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
