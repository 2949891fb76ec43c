"""Result files of instruments to test with: one run in each of the four forms, made here."""

import json

HITS = (("Starch", 0.61), ("4-ANPP", 0.97), ("Lactose", 0.55))
FACTS = {
    "device": "Handheld R1", "serial": "SN-77", "operator": "A. Rao", "library": "Precursors",
    "library_version": "4.2", "time": "2026-11-20 10:11:12", "calibrated_until": "2027-03-31",
}  # fmt: skip


def delimited(hits: tuple[tuple[str, object], ...] = HITS, delimiter: str = ";", **facts: str) -> bytes:
    told = FACTS | facts
    lines = [
        ("Instrument", told["device"]), ("Serial number", told["serial"]), ("Operator", told["operator"]),
        ("Library", told["library"]), ("Library version", told["library_version"]),
        ("Measured", told["time"]), ("Calibration valid until", told["calibrated_until"]),
        ("Match threshold", "0.90"), ("Result", "match"), (), ("Substance", "Match score"), *hits,
    ]  # fmt: skip
    return "\n".join(delimiter.join(map(str, line)) for line in lines).encode()


def pairs(**facts: str) -> bytes:
    told = FACTS | facts
    return (
        f"RESULT REPORT\nTechnique: Raman\nInstrument: {told['device']}\nSerial number: {told['serial']}\n"
        f"Operator: {told['operator']}\nDate: {told['time']}\nLibrary: {told['library']}\n"
        f"Library version: {told['library_version']}\nBest match: 4-ANPP\nHit quality: 97\n"
        f"Hit quality limit: 90\nResult: Match\nCalibration due: {told['calibrated_until']}\n"
    ).encode()


def xml(**facts: str) -> bytes:
    told = FACTS | facts
    hits = "".join(
        f"<Hit><Name>{name}</Name><Score>{round(score * 1000)}</Score></Hit>" for name, score in HITS
    )
    return (
        f'<?xml version="1.0"?>\n<Run time="{told["time"]}">\n'
        f'<Instrument model="{told["device"]}" serial="{told["serial"]}" '
        f'calibratedUntil="{told["calibrated_until"]}"/>\n'
        f'<Library name="{told["library"]}" version="{told["library_version"]}"/>\n'
        f"<Threshold>900</Threshold><Verdict>Match</Verdict><Operator>{told['operator']}</Operator>\n"
        f"{hits}</Run>"
    ).encode()


def json_(**facts: str) -> bytes:
    told = FACTS | facts
    tree = {
        "technique": "raman", "measured_at": told["time"].replace(" ", "T"), "operator": told["operator"],
        "instrument": {"model": told["device"], "serial": told["serial"],
                       "calibrated_until": told["calibrated_until"]},
        "library": {"name": told["library"], "version": told["library_version"]},
        "threshold": 0.9, "result": "match", "spectrum": list(range(2000)),
        "hits": [{"name": name, "score": score} for name, score in HITS],
    }  # fmt: skip
    return json.dumps(tree).encode()
