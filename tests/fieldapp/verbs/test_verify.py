"""`verify` names what became of a file's signature."""

from pathlib import Path

import msgspec
import pytest

from fieldapp.report import signature
from fieldapp.verbs import verify
from tests.support import papers, records

GIVEN = records.signing(records.report_input())


def told(file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    code = verify.main([str(file), "--root", records.Headquarters().root_hex])
    checks = msgspec.json.decode(capsys.readouterr().out)["checks"]
    return code, next(check for check in checks if check["name"] == "file-signature")


def by_another_key(pdf: bytes) -> bytes:
    key, base = papers.paper_key(9), signature.read(pdf).base
    _held, x509 = papers.certified(papers.claims(GIVEN), key.public)
    prepared = signature.prepare(base, x509, records.moment(42))
    return signature.bind(prepared, x509, key.sign(prepared.attributes))


@pytest.mark.parametrize("case", ["whole", "changed", "stripped", "foreign"])
def test_a_signed_report_is_whole_changed_stripped_or_foreign(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pdf = records.signed_pdf(GIVEN)
    files = {
        "whole": pdf,
        "changed": pdf[:2000] + bytes([pdf[2000] ^ 1]) + pdf[2001:],
        "stripped": signature.read(pdf).base,
        "foreign": by_another_key(pdf),
    }
    file = tmp_path / "report.pdf"
    file.write_bytes(files[case])
    code, check = told(file, capsys)
    assert (code == 0) == (case == "whole") == check["ok"]
    assert case == "whole" or check["facts"] == {"why": case}
