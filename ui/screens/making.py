"""Making files of sealed reports: one that is shown first, or many from a list.

    gather (vault) -> render (press) -> passphrase -> sign (vault) -> bind (press) -> written

The passphrase is asked for once, when everything that is to be signed is known, and is good for just that.
A file is written whole or not at all; of many, one that fails stops no other, and each gives one line.
"""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from fieldapp import clock
from fieldapp.actions import provisioning, reporting
from fieldapp.actions.provisioning import Confirmed, ConfirmPassphrase
from fieldapp.actions.reporting import (
    BindSignature,
    Gather,
    Rendered,
    RenderReport,
    SignReports,
    ToSign,
)
from fieldapp.report.paper import Copy, Language, ReportInput
from fieldapp.worker import Failure
from ui import alerts
from ui.models.moments import stamp
from ui.screens import files
from ui.screens.passphrase import AskPassphrase
from ui.screens.screen import Screen

Inspected = tuple[str, str, int]  # an inspection's id, its number, the revision that was sealed


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A report that was rendered; where it can be signed, it has to be before it is written."""

    inspection: str
    rendered: Rendered
    x509: tuple[bytes, ...]

    @property
    def to_sign(self) -> ToSign:
        """What the vault is asked to sign of it."""
        return ToSign(
            inspection=self.inspection,
            revision=self.rendered.revision,
            attributes=self.rendered.attributes,
        )


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one report: the file's name, or why there is none."""

    number: str
    file: str = ""
    why: str = ""


def file_name(of: Rendered, language: Language, copy: Copy) -> str:
    """Return a name made of what is harmless in every file system."""
    kept = "".join(mark for mark in of.number if mark.isascii() and (mark.isalnum() or mark == "-"))
    return "-".join((kept, f"r{of.revision}", language, *(() if copy == "full" else (copy,)))) + ".pdf"


def make(
    screen: Screen,
    of: tuple[str, int],
    language: Language,
    copy: Copy,
    done: Callable[[Made], object],
    failed: Callable[[Failure], object],
) -> None:
    """Gather and render the report of (inspection, revision); revision 0 is the newest that was sealed."""
    inspection, revision = of

    def render(given: ReportInput) -> None:
        screen.run(
            reporting.render,
            RenderReport(input=given, language=language, copy=copy),
            lambda rendered: done(Made(inspection=inspection, rendered=rendered, x509=given.x509)),
            failed,
        )

    screen.run(reporting.gather, Gather(inspection=inspection, revision=revision), render, failed)


def sign(
    screen: Screen,
    to_sign: Sequence[ToSign],
    done: Callable[[Sequence[bytes]], object],
    left: Callable[[], object] = lambda: None,
) -> AskPassphrase:
    """Ask for the passphrase and have these files signed; `left` when the person thought better of it."""
    say, reports = screen.say, tuple(to_sign)
    subject = reporting.subject_of(reports)

    def confirmed(given: Confirmed) -> None:
        screen.run(
            reporting.sign,
            SignReports(reports=reports, proof=given.proof),
            lambda made: done(made.signatures),
            refused,
        )

    def refused(failure: Failure) -> None:
        screen.complain(failure)
        left()

    asking = AskPassphrase(
        screen,
        title=screen.say_n("report.sign-title", len(reports)),
        words=say("report.sign-words"),
        yes=say("report.sign-do"),
        icon="stamp",
        facts=(
            (say("seal.time"), stamp(clock.now())),
            (say("seal.meaning"), say("report.sign-meaning")),
        ),
    )
    asking.rejected.connect(left)
    return asking.try_with(
        provisioning.confirm_passphrase,
        lambda given: ConfirmPassphrase(passphrase=given, signing=subject),
        confirmed,
    )


def bind(
    screen: Screen,
    made: Made,
    signature: bytes,
    done: Callable[[bytes], object],
    failed: Callable[[Failure], object] | None = None,
) -> None:
    """Put the signature into the file."""
    command = BindSignature(
        pdf=made.rendered.pdf, attributes=made.rendered.attributes, x509=made.x509, signature=signature
    )
    screen.run(reporting.bind, command, lambda signed: done(signed.pdf), failed)


class Batch:
    """Many reports into one folder. What waits for its signature lies there under a name ending in .part."""

    def __init__(
        self,
        screen: Screen,
        folder: str,
        language: Language,
        copy: Copy,
        step: Callable[[int, int, Line], object],
        done: Callable[[tuple[Line, ...]], object],
    ) -> None:
        self._screen, self._folder = screen, Path(folder)
        self._language, self._copy = language, copy
        self._step, self._done = step, done
        self._all: tuple[Inspected, ...] = ()
        self._waiting: list[Made] = []  # without their pages
        self._lines: list[Line] = []

    def save(self, inspections: Sequence[Inspected]) -> None:
        """Make, sign and write a report of each; `step(done, of, line)` after each, then `done(lines)`."""
        self._all = tuple(inspections)
        self._make(0)

    def _make(self, at: int) -> None:
        if at == len(self._all):
            self._sign()
            return
        inspection, number, revision = self._all[at]

        def made(report: Made) -> None:
            rendered = report.rendered
            if not rendered.attributes:
                self._write(rendered, rendered.pdf)
            elif self._put(rendered, self._part(rendered), rendered.pdf):
                bare = msgspec.structs.replace(rendered, pdf=b"", record_file=b"")
                self._waiting.append(msgspec.structs.replace(report, rendered=bare))
            self._make(at + 1)

        def failed(failure: Failure) -> None:
            self._tell(number, failure)
            self._make(at + 1)

        make(self._screen, (inspection, revision), self._language, self._copy, made, failed)

    def _sign(self) -> None:
        if not self._waiting:
            self._done(tuple(self._lines))
            return
        to_sign = [report.to_sign for report in self._waiting]
        sign(self._screen, to_sign, lambda signatures: self._bind(0, signatures), self._left)

    def _left(self) -> None:
        for report in self._waiting:
            with contextlib.suppress(OSError):
                self._part(report.rendered).unlink(missing_ok=True)
            self._add(Line(number=report.rendered.number, why=self._screen.say("report.not-signed")))
        self._waiting.clear()
        self._done(tuple(self._lines))

    def _bind(self, at: int, signatures: Sequence[bytes]) -> None:
        if at == len(self._waiting):
            self._done(tuple(self._lines))
            return
        report = self._waiting[at]

        def bound(pdf: bytes) -> None:
            self._write(report.rendered, pdf)
            self._bind(at + 1, signatures)

        def failed(failure: Failure) -> None:
            self._tell(report.rendered.number, failure)
            self._bind(at + 1, signatures)

        try:
            pdf = self._part(report.rendered).read_bytes()
            self._part(report.rendered).unlink()
        except OSError:
            self._add(Line(number=report.rendered.number, why=self._screen.say("report.not-written")))
            self._bind(at + 1, signatures)
            return
        whole = msgspec.structs.replace(report, rendered=msgspec.structs.replace(report.rendered, pdf=pdf))
        bind(self._screen, whole, signatures[at], bound, failed)

    def _part(self, of: Rendered) -> Path:
        return self._folder / f"{file_name(of, self._language, self._copy)}.unsigned.part"

    def _put(self, of: Rendered, file: Path, pdf: bytes) -> bool:
        try:
            files.write_whole(str(file), pdf)
        except OSError:
            self._add(Line(number=of.number, why=self._screen.say("report.not-written")))
            return False
        return True

    def _write(self, of: Rendered, pdf: bytes) -> None:
        name = file_name(of, self._language, self._copy)
        if self._put(of, self._folder / name, pdf):
            self._add(Line(number=of.number, file=name))

    def _tell(self, number: str, failure: Failure) -> None:
        alerts.keep_trace(failure)
        self._add(Line(number=number, why=alerts.explain(failure, self._screen.language).sentence))

    def _add(self, line: Line) -> None:
        self._lines.append(line)
        self._step(len(self._lines), len(self._all), line)
