"""Lines of headquarters' list, with good defaults."""

from sync.headquarters.reports import ReportLine
from tests.support.records import AT


def line(**changes: object) -> ReportLine:
    """One line: a held consignment that waits."""
    given: dict[str, object] = {
        "record": "ab" * 32, "device": "00" * 16, "inspection": "i", "revision": 1, "number": "INS-1",
        "site": "Gate 3", "officer": "R. Nair", "reference": "SB 1", "consignee": "Yuanchang",
        "verdict": "hold", "disposition": "hold", "severity": "", "findings": 2, "sealed": AT,
        "received": AT, "standing": "waiting", "blobs": 0, "blobs_done": 0,
    }  # fmt: skip
    return ReportLine(**(given | changes))  # type: ignore[arg-type]
