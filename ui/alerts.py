"""From an error to what the person sees; and what happens when the program itself is wrong.

Promises: every failure becomes a title, a sentence and a next step in the person's language; none is ever
empty. A bug leaves a crash file with where it happened and of what kind it was, never what was said: an
exception's message can hold a name. Refuses to show a technical word where the catalogue has a sentence.
"""

import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import msgspec

import fieldapp
from fieldapp import clock, ids, paths, text
from fieldapp.worker import Failure

KEPT = 20  # crash files; older ones are removed


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown. `tone` is note, warn or error; `stop` asks for a full-stop dialog."""

    title: str
    sentence: str
    tone: str
    stop: bool = False


_TONES = {"inspector": "warn", "situation": "warn", "trust": "error", "bug": "error"}


def explain(failure: Failure, language: str) -> Alert:
    """Return the words for `failure`; a code without words gets its family's."""
    family = failure.family if failure.family in _TONES else "bug"
    code = failure.code if text.has(f"error.{failure.code}", language) else family
    try:
        sentence = text.explain(f"error.{code}", language, failure.facts)
        if "{" in sentence and not failure.facts:
            raise KeyError
    except (KeyError, IndexError):
        # A sentence that asks for a fact which did not come is worse than the plain one.
        sentence = text.say(f"error.{family}", language)
    return Alert(
        title=text.say(f"alert.{family}", language),
        sentence=sentence,
        tone=_TONES[family],
        stop=family == "trust",
    )


def crash_file(kind: type[BaseException], trace: TracebackType | None, folder: Path | None = None) -> Path:
    """Write where it went wrong and return the file. No message, no values: they can be case material."""
    frames = traceback.extract_tb(trace)
    where = [f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
    return _write([kind.__name__, *where], folder or paths.crash())


def keep_trace(failure: Failure, folder: Path | None = None) -> None:
    """Leave a crash file for a bug in a worker: its kind and where, as the worker told them."""
    if failure.family == "bug" and failure.trace:
        where = [f"  {_short(line)}" for line in failure.trace.splitlines()]
        _write([str(failure.facts.get("type", "bug")), *where], folder or paths.crash())


def _write(what: list[str], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"fieldapp {fieldapp.__version__}",
        f"python {sys.version.split()[0]} on {sys.platform}",
        clock.now().isoformat(),
        *what,
    ]
    file = folder / f"{ids.uuid7()}.txt"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    for old in sorted(folder.glob("*.txt"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return file


def _short(filename: str) -> str:
    """Return the end of a path: the beginning can hold the person's name."""
    return "/".join(Path(filename).parts[-3:])


def watch_for_bugs(show: Callable[[Failure], object]) -> None:
    """Make an unforeseen exception leave a crash file and an apology instead of silence."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        file = crash_file(kind, trace)
        show(Failure("bug", "bug", {"file": file.name}))

    sys.excepthook = hook
