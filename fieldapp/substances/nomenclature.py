"""Systematic names read as structures, by OPSIN, where Java and the package py2opsin are there.

The one door to OPSIN, and optional: without it `structures` answers nothing and everything else about
substances still works. Only words that look systematic and that nothing else explained are handed over,
all of a consignment in one call, because starting Java takes a second. The program of that package is run by
itself here: it is given a time limit and little memory, reads from a pipe, and leaves no file behind. What it
had no answer to is said to be unread, and never taken for nothing.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from fieldapp.substances import normal, parts, words

SECONDS = 9.0  # for one call; Java alone takes one
MOST = 200  # names in one call
UNREAD = "?"  # in place of the structure of a name that there was no answer to
_TURNS = 3  # parts of the time limit, so that one name cannot use all of it
_MOST_REMEMBERED = 2000
_LONGEST = 250  # characters of a name
_SHORTEST = 8
_FEWEST_PARTS = 2
_TELLING_PARTS = 5
_TELLING_LOCANTS = 2
_TOKEN = re.compile(r"\S+")
_LOCANTS = re.compile(r"(?:(?<![A-Za-z0-9])[0-9]+['′]?[-,(]|-[0-9]+(?:-|,|\b)|\b[NOS]-)")
_TURNED = re.compile(r",\s?\S*-(?=[\s,;]|$)")  # an index name turned round
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[A-Za-z]{3}")  # around a group, not around a stereo mark
_EDGE = ".,;:'\"|*"
_JOINTS = re.compile(r"[0-9]['′]?[-,]|-[0-9]|[(\[{].*[)\]}]|[A-Za-zα-ωΑ-Ω]-[0-9A-Za-z(\[]")
_SENTENCE = re.compile(r"[;|\n\t]|,\s(?=[A-Z0-9])|\s[-–—]\s")


def available() -> bool:
    """Say whether names can be read on this machine."""
    return _program() is not None and shutil.which("java") is not None


def systematic(text: str) -> tuple[str, ...]:
    """Return the stretches of `text` that look like systematic names, the longest first."""
    found: dict[str, None] = {}
    for stretch in (text, *_SENTENCE.split(text)):
        run: list[str] = []
        for token in [*_TOKEN.findall(stretch), ""]:
            if token and _is_chemical(token):
                run.append(token)
                continue
            name = " ".join(run).strip(_EDGE)
            if len(name) >= _SHORTEST and _is_systematic(name) and (len(name) <= _LONGEST or _is_one(name)):
                found[name] = None
            run = []
    return tuple(sorted(found, key=len, reverse=True))


def is_telling(name: str) -> bool:
    """Say whether `name` is a whole name of some size: a line where nobody could read it was not understood.

    Pieces of an index name turned round ("2-methyl-") and short names of single groups are no such loss.
    """
    if name.endswith("-") or _TURNED.search(name) or not _BRACKETS.search(name):
        return False
    letters = [part for part in parts.counted(normal.normalise(name)) or () if not part.isdigit()]
    return len(letters) >= _TELLING_PARTS and len(_LOCANTS.findall(name)) >= _TELLING_LOCANTS


def structures(names: Iterable[str], seconds: float = SECONDS) -> dict[str, str]:
    """Return the SMILES of those `names` that are names, `UNREAD` for those there was no answer to.

    A name that hangs the program or makes it fall is left for last and tried once more; it takes no other
    with it. Nothing is answered where there is no OPSIN.
    """
    if not available():
        return {}
    some = tuple(dict.fromkeys(names))
    wanted = [name for name in some if name not in _READ and len(name) <= _LONGEST][:MOST]
    fresh = _read(wanted, seconds)
    answers = {name: fresh.get(name, _READ.get(name, UNREAD)) for name in some}
    # What had no answer is not remembered: a busy machine may have time the next time.
    if len(_READ) > _MOST_REMEMBERED:
        _READ.clear()
    _READ.update(fresh)
    return {name: smiles for name, smiles in answers.items() if smiles}


_READ: dict[str, str] = {}  # the same consignment is screened with every scan


def _read(names: list[str], seconds: float) -> dict[str, str]:
    end = perf_counter() + seconds
    read: dict[str, str] = {}
    tried: set[str] = set()
    queue = sorted(names, key=len)
    while queue and (left := end - perf_counter()) > 0:
        answers = _run(queue, min(left, seconds / _TURNS))
        read.update(zip(queue, answers, strict=False))
        queue = queue[len(answers) :]
        if queue:
            stuck = queue.pop(0)
            if stuck not in tried:
                tried.add(stuck)
                queue.append(stuck)
    return read


def _run(names: list[str], seconds: float) -> list[str]:
    """Return the answers to the first of `names`, empty for what is no name, as far as the program came."""
    program, java = _program(), shutil.which("java")
    if program is None or java is None:
        return []
    # A line is a name, so a name is one line. Each is answered before the next is read.
    given = "".join(f"{' '.join(name.split())}\n" for name in names)
    try:
        said = subprocess.run(  # noqa: S603 - a fixed program, found on the path, fed through a pipe
            [java, "-Xmx256m", "-XX:TieredStopAtLevel=1", "-jar", str(program), "-osmi"],
            input=given.encode("utf-8"),
            capture_output=True,
            timeout=seconds,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).stdout
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
    except OSError:
        said = b""
    whole = said.decode("utf-8", "replace").split("\n")[:-1]
    return [line.strip() for line in whole[: len(names)]]


@lru_cache(maxsize=1)
def _program() -> Path | None:
    # Located and not imported: importing it starts Java once more, only to ask for its version.
    found = find_spec("py2opsin")
    places = list(found.submodule_search_locations or ()) if found else []
    return next((file for place in places for file in sorted(Path(place).glob("opsin-cli-*.jar"))), None)


def _is_chemical(token: str) -> bool:
    """Say whether a word could stand in a systematic name: all its runs of letters are parts of names."""
    runs = re.findall(r"[a-z]+", parts.plain(normal.normalise(token)))
    telling = [run for run in runs if len(run) > 2]
    return bool(telling) and all(parts.cut(run) is not None and not words.is_ordinary(run) for run in telling)


def _is_one(name: str) -> bool:
    """Say whether a stretch cannot be cut into shorter ones."""
    return _SENTENCE.search(name) is None


def _is_systematic(name: str) -> bool:
    """Say whether a stretch is built of several parts, with the joints that names have."""
    counted = parts.counted(normal.normalise(name)) or ()
    return len(counted) >= _FEWEST_PARTS and (_JOINTS.search(name) is not None or " " in name)
