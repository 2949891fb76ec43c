"""Settings of this device: theme, language, camera, scanner. Not policy, which is signed and in the vault.

One frozen value with typed defaults, kept as TOML, written whole and atomically. A file that cannot be
read is moved aside and reported, never overwritten.
"""

import os
import tomllib
from pathlib import Path
from typing import Literal

import msgspec
import tomli_w

from fieldapp import paths

Theme = Literal["light", "dark", "outdoor"]
Language = Literal["en", "hi"]


class Scanner(msgspec.Struct, frozen=True, kw_only=True):
    """A scanner that types, calibrated once: its name here and what each of its keys stands for.

    `keyboard` is empty where it types everything as it is (`fieldapp.scan.calibration`). `device` is the
    keyboard that the system named when it was calibrated, "" where it tells none apart.
    """

    name: str
    keyboard: dict[str, str] = {}
    device: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What this laptop remembers between starts."""

    theme: Theme = "light"
    language: Language = "en"
    camera: int = 0
    sounds: bool = True
    # A keyboard-wedge scanner types faster than this many milliseconds a key.
    wedge_ms: int = 35
    scanners: tuple[Scanner, ...] = ()
    scanner: str = ""  # the name of the one in use; "" takes every key as it is
    port: str = ""  # the serial port that a scanner is on
    inspector_hint: str = ""  # the last vault's folder name, so that the unlock screen can offer it


class Loaded(msgspec.Struct, frozen=True):
    """Settings as read, and where an unreadable file was moved to."""

    settings: Settings
    moved_aside: Path | None = None


def _file() -> Path:
    return paths.config() / "settings.toml"


def load(file: Path | None = None) -> Loaded:
    """Read the settings; defaults where there are none; an unreadable file is moved aside."""
    file = file or _file()
    try:
        return Loaded(msgspec.convert(_named(tomllib.loads(file.read_text("utf-8"))), Settings))
    except FileNotFoundError:
        return Loaded(Settings())
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError):
        aside = file.with_suffix(".unreadable")
        file.replace(aside)
        return Loaded(Settings(), moved_aside=aside)


def _named(read: dict[str, object]) -> dict[str, object]:
    """Give the one map of keys that was kept before scanners had names the name of its kind."""
    keyboard = read.pop("keyboard", None)
    if keyboard and "scanners" not in read:
        read |= {"scanners": [{"name": "USB", "keyboard": keyboard}], "scanner": "USB"}
    return read


def save(settings: Settings, file: Path | None = None) -> None:
    """Write the settings whole: a temporary file, synced, then renamed over the old one."""
    file = file or _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    with part.open("wb") as out:
        tomli_w.dump(msgspec.to_builtins(settings), out)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
