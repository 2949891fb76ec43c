"""The headless door: `python -m fieldapp VERB ...`. Each verb is loaded only when it is called."""

import errno
import os
import sys

VERBS = (
    "decode", "identify", "watchlist", "screen", "compare", "substance", "report", "verify", "checklist",
    "instrument", "export", "recovery", "doctor",
)  # fmt: skip
USAGE = "usage: fieldapp VERB ...\nverbs: " + ", ".join(VERBS)


def run(verb: str, rest: list[str]) -> int:
    """Run one verb; every import is in sight and late, so that `doctor` answers where nothing else loads."""
    match verb:
        case "decode":
            from fieldapp.verbs import decode as chosen
        case "identify":
            from fieldapp.verbs import identify as chosen  # type: ignore[no-redef]
        case "watchlist":
            from fieldapp.verbs import watchlist as chosen  # type: ignore[no-redef]
        case "screen":
            from fieldapp.verbs import screen as chosen  # type: ignore[no-redef]
        case "compare":
            from fieldapp.verbs import compare as chosen  # type: ignore[no-redef]
        case "substance":
            from fieldapp.verbs import substance as chosen  # type: ignore[no-redef]
        case "report":
            from fieldapp.verbs import report as chosen  # type: ignore[no-redef]
        case "verify":
            from fieldapp.verbs import verify as chosen  # type: ignore[no-redef]
        case "checklist":
            from fieldapp.verbs import checklist as chosen  # type: ignore[no-redef]
        case "instrument":
            from fieldapp.verbs import instrument as chosen  # type: ignore[no-redef]
        case "recovery":
            from fieldapp.verbs import recovery as chosen  # type: ignore[no-redef]
        case "export":
            from fieldapp.verbs import export as chosen  # type: ignore[no-redef]
        case "doctor":
            from fieldapp.verbs import doctor as chosen  # type: ignore[no-redef]
        case "probe" if rest:
            from fieldapp.verbs.doctor import probe

            return probe(rest[0])
        case _:
            print(USAGE, file=sys.stderr)
            return 2
    return chosen.main(rest)


def main() -> int:
    """Run the verb named first; a known error becomes one sentence and exit code 1."""
    from fieldapp.errors import FieldappError

    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(USAGE)
        return 0 if len(sys.argv) > 1 else 2
    try:
        return run(sys.argv[1], sys.argv[2:])
    except FieldappError as error:
        from fieldapp import text

        print(text.explain(f"error.{error.code}", "en", error.facts), file=sys.stderr)
        return 1
    except OSError as error:
        if _reader_gone(error):
            # Nothing more is written, not even what Python still holds back for its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        print(": ".join(part for part in (error.strerror, error.filename) if part), file=sys.stderr)
        return 1


def _reader_gone(error: OSError) -> bool:
    """Say whether whoever read our answers has closed the pipe; Windows calls that an invalid argument."""
    return isinstance(error, BrokenPipeError) or (
        sys.platform == "win32" and error.errno == errno.EINVAL and error.filename is None
    )


if __name__ == "__main__":
    sys.exit(main())
