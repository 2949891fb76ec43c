"""Samples, custody and field tests: what was drawn, where it is, what a test showed presumptively."""

import math

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from fieldapp.actions import examining, reporting, sampling
from fieldapp.actions.examining import RecordFieldTest
from fieldapp.actions.reporting import PrintSlip
from fieldapp.actions.sampling import DrawSample, MoveExhibit
from fieldapp.inspection import custody, fieldtest, procedure
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.sample import Draw, Sample
from fieldapp.text import LANGUAGES
from ui.models.naming import in_both
from ui.models.sections import SampleRows, StepRows, TestRows
from ui.screens import files, measuring, second
from ui.screens.papers import day
from ui.screens.section import Section
from ui.widgets.buttons import Button
from ui.widgets.form import Field
from ui.widgets.label import Label
from ui.widgets.picker import Picker


class SamplesScreen(Section):
    """Left samples and tests, right the steps of custody."""

    name = "samples"

    def build(self) -> None:
        """Three lists, each with its button."""
        row = QHBoxLayout()
        row.setSpacing(16)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(12)
        self.samples = SampleRows(self.language, self)
        self.steps = StepRows(self.language, self)
        self.tests = TestRows(self.language, self)
        self.draw = Button(self.say("samples.draw"), "plus")
        self.draw.clicked.connect(self._ask_draw)
        self.test = Button(self.say("samples.test"), "plus")
        self.test.clicked.connect(self._ask_test)
        self.move_one = Button(self.say("samples.move"), "history")
        self.move_one.clicked.connect(self._move_chosen)
        self.from_file = Button(self.say("result.file"), "file-text")
        self.from_file.clicked.connect(lambda: measuring.pick(self, self._chosen_sample))
        measuring.Drops(self, lambda file: measuring.take(self, file, self._chosen_sample()))
        self.countersign = Button(self.say("samples.countersign"), "stamp")
        self.countersign.clicked.connect(self._countersign)
        self.labels = Button(self.say("samples.labels"), "printer")
        self.labels.clicked.connect(lambda: self._print(""))
        self.sample_list = self.listed("samples.samples", self.samples, "samples.none", (left, 3), self.draw)
        self.test_list = self.listed("samples.tests", self.tests, "samples.no-tests", (left, 2), self.test)
        self.step_list = self.listed(
            "samples.custody", self.steps, "samples.no-steps", (right, 1), self.move_one
        )
        self.sample_list.opened.connect(self._ask_move)
        self.step_list.opened.connect(lambda step: self._print(step.receipt))
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        self.page.addLayout(row, 1)
        foot = QHBoxLayout()
        foot.addWidget(Label(self.say("samples.slips"), "muted", wrap=True), 1)
        foot.addWidget(self.from_file)
        foot.addWidget(self.countersign)
        foot.addWidget(self.labels)
        self.page.addLayout(foot)

    def focus(self) -> None:
        """The samples, else the button that draws one."""
        self.sample_list.view.setFocus() if self.samples.rowCount() else self.draw.setFocus()

    def show_inspection(self, inspection: Inspection | None, *, draft: bool) -> None:
        """Show the three lists."""
        self.samples.put(inspection.samples if inspection else ())
        self.steps.put(inspection.custody if inspection else ())
        self.tests.put(inspection.field_tests if inspection else ())
        self.draw.setEnabled(draft)
        self.test.setEnabled(draft)
        self.from_file.setEnabled(draft)
        some = bool(inspection and inspection.samples)
        self.move_one.setEnabled(draft and some)
        self.labels.setEnabled(some)
        self.countersign.setEnabled(draft and bool(inspection and inspection.custody))

    def _print(self, receipt: str) -> None:
        """Make labels or a receipt and ask where to put the PDF."""
        inspection = self.desk.inspection
        if inspection is None:
            return
        name = f"{receipt or inspection.number}.pdf".replace("/", "-")
        command = PrintSlip(inspection=inspection, receipt=receipt, language=self.language)  # type: ignore[arg-type]  # en or hi

        def write(file: str, pdf: bytes) -> None:
            try:
                files.write_whole(file, pdf)
            except OSError:
                self.banner.show_alert(self.say("alert.situation"), self.say("report.not-written"), "warn")
                return
            self.note(self.say("report.written"), file)

        self.run(
            reporting.print_slip,
            command,
            lambda slip: files.choose_new(self, name, name, lambda file: write(file, slip.pdf)),
        )

    def _countersign(self) -> None:
        """Have the chosen hand-over borne out by the other party; without a choice the last that is not."""
        inspection = self.desk.inspection
        if inspection is None:
            return
        index = self.step_list.view.currentIndex()
        chosen = inspection.custody[index.row() : index.row() + 1] if index.isValid() else ()
        open_steps = [step for step in (*inspection.custody, *chosen) if not step.countersigned]
        if open_steps:
            second.ask_hand_over(self, inspection, open_steps[-1].receipt)
        else:
            self.banner.show_alert(self.say("samples.countersign"), self.say("samples.no-step"), "warn")

    def _ask_draw(self) -> None:
        inspection = self.desk.inspection
        if inspection is None:
            return
        if inspection.procedure:
            self._ask_weights(inspection.procedure)
            return
        profiles = [
            (name, procedure.profile(name).words.in_language(self.language)) for name in procedure.PROFILES
        ]
        also = {name: " ".join(procedure.profile(name).words.in_language(each) for each in LANGUAGES)
                for name in procedure.PROFILES}  # fmt: skip
        Picker(self.window(), self.say("samples.procedure"), profiles, self.say("do.cancel"), also).pick(
            self._ask_weights
        )

    def _ask_weights(self, name: str) -> None:
        rules = procedure.profile(name)
        fields = [
            self.field("package", "paper.package", required=True),
            self.field("package_net", "samples.package-net", hint="hint.grams"),
            self.field("net", "samples.net", required=True, hint="hint.grams"),
            self.field("gross", "samples.gross", required=True, hint="hint.grams"),
            self.field("seal", "paper.seal", required=True),
        ]
        if rules.duplicate:
            fields += [
                self.field("net2", "samples.net2", required=True, hint="hint.grams"),
                self.field("gross2", "samples.gross2", required=True, hint="hint.grams"),
                self.field("seal2", "samples.seal2", required=True),
            ]
        groups = tuple((one.group, one.group) for one in rules.least if one.group)
        if groups:
            fields.append(self.field("group", "samples.group", kind="choice", options=groups))
        fields.append(self.field("description", "samples.description"))
        self.ask("samples.draw", fields, lambda values: self._draw(name, values), "samples.draw-words")

    def _draw(self, name: str, values: dict[str, str]) -> None:
        inspection = self.desk.inspection
        weights = {
            key: self.grams(values[key])
            for key in ("net", "gross", "net2", "gross2", "package_net")
            if values.get(key)
        }
        net, gross = weights.get("net"), weights.get("gross")
        if inspection is None or net is None or gross is None or None in weights.values():
            return
        order = Draw(
            package=values["package"],
            net_g=net,
            gross_g=gross,
            seal=values["seal"],
            duplicate_net_g=weights.get("net2"),
            duplicate_gross_g=weights.get("gross2"),
            duplicate_seal=values.get("seal2", ""),
            package_net_g=weights.get("package_net"),
            group=values.get("group", ""),
            description=values["description"],
        )
        command = DrawSample(inspection=inspection.id, procedure=name, draw=order)
        self.run(sampling.draw_sample, command, self.keep)

    def _move_chosen(self) -> None:
        row = self.sample_list.view.currentIndex().row()
        inspection = self.desk.inspection
        if inspection is not None and inspection.samples:
            self._ask_move(inspection.samples[max(0, row)])

    def _ask_move(self, sample: Sample) -> None:
        inspection = self.desk.inspection
        if inspection is None or inspection.state != "draft":
            return
        rules = procedure.profile(sample.procedure)
        moves = custody.allowed(sample, inspection.custody, rules, inspection.officer.name)
        if not moves:
            self.note(self.say("samples.ended", number=sample.number))
            return
        options = [(move.action, move.words.in_language(self.language)) for move in moves]
        title = self.say("samples.move-which", number=sample.number)
        also = {move.action: " ".join(move.words.in_language(each) for each in LANGUAGES) for move in moves}
        Picker(self.window(), title, options, self.say("do.cancel"), also).pick(
            lambda action: self._ask_step(sample, action)
        )

    def _ask_step(self, sample: Sample, action: str) -> None:
        inspection = self.desk.inspection
        if inspection is None:
            return
        rules = procedure.profile(sample.procedure)
        now = custody.whereabouts(sample, inspection.custody, rules, inspection.officer.name)
        move = next(each for each in rules.move if each.action == action)
        fields: list[Field] = [
            self.field("taker", "samples.taker", required=True),
            self.field("place", "paper.place", required=True),
            self.field("gross_in", "samples.gross-in", required=True, hint="hint.grams"),
            self.field("seal_in", "samples.seal-in", required=bool(now.seal)),
        ]
        if move.seal == "new":
            fields.append(self.field("seal_out", "samples.seal-out", required=True))
        if move.seal != "kept":
            fields.append(self.field("gross_out", "samples.gross-out", required=True, hint="hint.grams"))
        fields.append(self.field("discrepancy", "samples.discrepancy", kind="note"))
        self.ask(
            "samples.move", fields, lambda values: self._move(sample, action, values), "samples.move-words"
        )

    def _move(self, sample: Sample, action: str, values: dict[str, str]) -> None:
        inspection = self.desk.inspection
        weighed = self.grams(values["gross_in"])
        left = self.grams(values["gross_out"]) if values.get("gross_out") else weighed
        if inspection is None or weighed is None or left is None:
            return
        rules = procedure.profile(sample.procedure)
        move = next(each for each in rules.move if each.action == action)
        seal_out = values["seal_in"] if move.seal == "kept" else values.get("seal_out", "")
        command = MoveExhibit(
            inspection=inspection.id,
            exhibit=sample.number,
            action=action,
            place=values["place"],
            taker=values["taker"],
            gross_in_g=weighed,
            seal_in=values["seal_in"],
            gross_out_g=left,
            seal_out=seal_out,
            discrepancy=values["discrepancy"],
        )
        self.run(sampling.move_exhibit, command, self.keep)

    def _ask_test(self) -> None:
        kinds = [(kind, self.say(f"test.{kind}")) for kind in ("raman", "ftir", "colour", "strip")]
        also = {kind: in_both(f"test.{kind}") for kind, _words in kinds}
        Picker(self.window(), self.say("samples.test"), kinds, self.say("do.cancel"), also).pick(
            self._ask_result
        )

    def _ask_result(self, kind: str) -> None:
        shown = tuple((value, self.say(f"test.shown.{value}")) for value in ("match", "no_match", "unclear"))
        fields: list[Field] = [
            self.field("shown", "samples.shown", kind="choice", required=True, options=shown),
            self.field("substance", "samples.substance"),
        ]
        if kind in fieldtest.INSTRUMENTS:
            fields += [
                self.field("device", "samples.device", required=True),
                self.field("library", "samples.library"),
                self.field("score", "samples.score"),
                self.field("bar", "samples.bar"),
            ]
        else:
            fields += [
                self.field("kit_lot", "samples.kit-lot", required=True),
                self.field("kit_expires", "samples.kit-expires", hint="hint.day"),
            ]
        fields.append(self.field("note", "findings.note", kind="note"))
        self.ask("samples.test", fields, lambda values: self._keep_test(kind, values), "samples.test-words")

    def _chosen_sample(self) -> str:
        """Return the number of the sample that a test is of, "" where none is chosen."""
        inspection, chosen = self.desk.inspection, self.sample_list.view.currentIndex().row()
        held = inspection.samples if inspection is not None else ()
        return held[chosen].number if 0 <= chosen < len(held) else ""

    def _keep_test(self, kind: str, values: dict[str, str]) -> None:
        inspection = self.desk.inspection
        if inspection is None:
            return
        command = RecordFieldTest(
            inspection=inspection.id,
            kind=kind,  # type: ignore[arg-type]  # the picker offers just these
            shown=values["shown"],  # type: ignore[arg-type]  # the choice offers just these
            substance=values["substance"],
            sample=self._chosen_sample(),
            device=values.get("device", ""),
            library=values.get("library", ""),
            score=_share(values.get("score", "")),
            bar=_share(values.get("bar", "")),
            kit_lot=values.get("kit_lot", ""),
            kit_expires=day(values.get("kit_expires", "")),
            note=values["note"],
        )
        self.run(examining.record_field_test, command, self.keep)


def _share(text: str) -> float | None:
    """Read a score; what is no number counts as not recorded, and the test says so."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
