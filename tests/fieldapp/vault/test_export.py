"""Exports prove themselves: by `fieldapp verify` and by the stand-alone script, with the same verdicts."""

import importlib.util
import io
import random
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

import resources
from fieldapp import enrolment
from fieldapp.actions import evidence, exporting, reporting
from fieldapp.enrolment import Witness
from fieldapp.report.verify import verify_file
from fieldapp.vault import export
from tests.fieldapp.actions.test_sealing import ready
from tests.support.laptops import Laptop, laptop
from tests.support.vaults import Headquarters, seal, signed_report

SCRIPT = resources.path("verify", "fieldapp_verify.py")


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fieldapp_verify", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = load()


class Case:
    """A laptop with one sealed record, a photo and a witnessed head, and the files that come of it."""

    def __init__(self, folder: Path) -> None:
        self.office = Headquarters()
        self.desk: Laptop = laptop(folder, self.office)
        inspection = ready(self.desk)
        photo = folder / "photo.jpg"
        photo.write_bytes(b"\xff\xd8\xff" + bytes(range(256)) * 20)
        evidence.attach(self.desk.vault, evidence.AttachEvidence(inspection=inspection.id, path=str(photo)))
        seal(self.desk.vault, inspection.id)
        vault = self.desk.vault
        with vault.transaction() as tx:
            head = tx.journal.head()
            seen = Witness(device=vault.device.hex(), seq=head.seq, id=head.id, at=vault.clock())
            tx.meta.put("witness", enrolment.sign("witness", seen, self.office.signing))
        self.ledger = exporting.export_ledger(vault, exporting.ExportLedger()).content
        out = folder / "out.fieldvault"
        assert exporting.export_vault(vault, exporting.ExportVault(path=str(out))).files == 1
        self.vault = out.read_bytes()
        made = reporting.gather(vault, reporting.Gather(inspection=inspection.id))
        drawn = reporting.render(self.desk.press, reporting.RenderReport(input=made))
        self.record, self.pdf = drawn.record_file, signed_report(vault, self.desk.press, inspection.id)
        self.desk.close()

    @property
    def root(self) -> str:
        return self.office.root_hex


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(tmp_path_factory.mktemp("case"))


def ours(content: bytes, root: str | None) -> tuple[bool, dict[str, bool | None]]:
    found = (export.verify_export if export.is_export(content) else verify_file)(content, root)
    return found.ok, {check.name: check.ok for check in found.checks}


def theirs(content: bytes, root: str | None) -> tuple[bool, dict[str, str]]:
    checks, _facts = script.check(content, root or "")
    return "failed" not in checks, checks


def test_the_script_is_short_enough_to_read_in_court():
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= 200


@pytest.mark.parametrize("kind", ["ledger", "vault", "record", "pdf"])
@pytest.mark.parametrize("anchored", [True, False])
def test_whole_files_are_whole_to_both(case: Case, kind: str, anchored: bool):
    content, root = getattr(case, kind), case.root if anchored else None
    good, checks = ours(content, root)
    also, said = theirs(content, root)
    assert (good, also) == (True, True), (checks, said)
    only_ours = {"paper-code", "same-story", "pages", "file-signature"}
    assert {name for name, ok in checks.items() if ok} - only_ours == set(said)
    assert ("anchor" in said) == anchored


@pytest.mark.parametrize("kind", ["ledger", "vault", "record"])
def test_another_headquarters_root_is_refused_by_both(case: Case, kind: str):
    for checked in (ours, theirs):
        assert not checked(getattr(case, kind), Headquarters().root_hex)[0]


@pytest.mark.parametrize("kind", ["ledger", "vault", "record"])
def test_both_say_the_same_of_damaged_files(case: Case, kind: str):
    content, dice = getattr(case, kind), random.Random(kind)
    different, refused = [], 0
    for number in range(150):
        torn = bytearray(content)
        if number % 5 == 0:
            del torn[dice.randrange(len(torn)) :]
        else:
            torn[dice.randrange(len(torn))] ^= 1 << dice.randrange(8)
        verdicts = ours(bytes(torn), case.root)[0], theirs(bytes(torn), case.root)[0]
        refused += not verdicts[0]
        if verdicts[0] != verdicts[1]:
            different.append((number, verdicts, theirs(bytes(torn), case.root)[1]))
    assert different == []
    assert (
        refused > 60
    )  # what is not refused fell on padding, or on the moment of the export, which nothing signs


def test_an_altered_record_in_a_pdf_is_refused_by_both(case: Case):
    start, dice = case.pdf.index(b"FIELDRECORD1\n"), random.Random(1)
    size = int.from_bytes(case.pdf[start + 13 : start + 17], "big")
    for _ in range(5):
        torn = bytearray(case.pdf)
        torn[start + 17 + dice.randrange(size)] ^= 1
        assert not ours(bytes(torn), case.root)[0]
        assert not theirs(bytes(torn), case.root)[0]


def _lines(content: bytes) -> list[bytes]:
    return content.removeprefix(export.MAGIC).splitlines()


@pytest.mark.parametrize("attack", ["drop-last", "drop-middle", "swap", "repeat", "foreign-witness"])
def test_a_ledger_that_was_put_together_anew_is_refused_by_both(case: Case, attack: str):
    front, *rest = _lines(case.ledger)
    if attack == "drop-last":
        rest = rest[:-1]
    elif attack == "drop-middle":
        del rest[2]
    elif attack == "swap":
        rest[1], rest[2] = rest[2], rest[1]
    elif attack == "repeat":
        rest.insert(1, rest[1])
    else:
        front = front.replace(b'"kind":"witness"', b'"kind":"certificate"')
    made = export.MAGIC + b"\n".join([front, *rest]) + b"\n"
    assert not ours(made, case.root)[0]
    assert not theirs(made, case.root)[0]


def test_missing_and_altered_evidence_is_refused_by_both(case: Case):
    with tarfile.open(fileobj=io.BytesIO(case.vault)) as box:
        held = {item.name: box.extractfile(item).read() for item in box}
    [name] = [name for name in held if name.startswith("evidence/")]
    for change in (None, held[name][:-1] + b"x"):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as box:
            for each, raw in held.items():
                given = raw if each != name else change
                if given is not None:
                    item = tarfile.TarInfo(each)
                    item.size = len(given)
                    box.addfile(item, io.BytesIO(given))
        assert ours(out.getvalue(), case.root)[1]["evidence"] is False
        assert not theirs(out.getvalue(), case.root)[0]


def test_nothing_of_evidence_is_in_clear(case: Case):
    assert bytes(range(256)) not in case.vault
