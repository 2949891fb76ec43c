"""Who certifies the keys that sign PDFs, as headquarters does it: one authority in every test of a run."""

import tempfile
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import msgspec

from fieldapp import canonical
from fieldapp.enrolment import Certificate
from fieldapp.report.paper import ReportInput
from fieldapp.vault.paperkey import PaperKey
from sync.headquarters import authority

FROM = datetime(2026, 1, 5, tzinfo=UTC)


@lru_cache
def _home(which: int) -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix=f"authority{which}-", ignore_cleanup_errors=True)
    authority.make_missing(Path(folder.name), "Zonal Headquarters Mumbai", lambda: FROM)
    return folder


def certified(
    certificate: Certificate, paper_key: bytes, which: int = 0
) -> tuple[Certificate, tuple[bytes, ...]]:
    """The certificate that names its X.509, and the X.509 with its authority's; `which` authority's."""
    x509 = authority.certify_papers(Path(_home(which).name), certificate, paper_key, lambda: FROM)
    return msgspec.structs.replace(certificate, x509=canonical.sha256(x509[0])), x509


def paper_key(seed: int = 50) -> PaperKey:
    return PaperKey(bytes([seed]) * 32)


def claims(given: ReportInput) -> Certificate:
    """What the certificate of a report's vault says."""
    assert given.certificate is not None
    return canonical.decode(given.certificate.payload, Certificate)
