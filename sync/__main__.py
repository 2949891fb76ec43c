"""The wire from the command line: `sync now`, and bundles for where there is no network.

    python -m sync now --home DIR [--passphrase-file FILE]
    python -m sync bundle export FILE --home DIR [--passphrase-file FILE] [--records-only]
    python -m sync bundle import FILE --home DIR [--passphrase-file FILE]
    python -m sync release FILE --home DIR [--passphrase-file FILE]

Each unlocks the vault in DIR with the passphrase on standard input (or the first line of FILE) and prints one
JSON object: `now` what was acknowledged and what still waits, `export` what went into the bundle, `import`
what headquarters' reply to a bundle changed, `release` the number of the watchlist taken in from a stick, 0
when the one in use is as new. Exit 1 and one sentence on standard error when it could not.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from fieldapp import canonical, text
from fieldapp.actions import obeying, provisioning
from fieldapp.actions.rooms import Screener
from fieldapp.errors import FieldappError
from fieldapp.vault.directory import VaultDirectory
from sync import carrying
from sync.carrying import Exported, TakenBack
from sync.session import Synced
from sync.worker import AskRoom, Courier, SyncNow, TakenRelease, TakeRelease, sync_now, take_release


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        done = _unlocked(asked, _passphrase(asked.passphrase_file))
    except FieldappError as error:
        print(_sentence(error), file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"There is no file {error.filename}.", file=sys.stderr)
        return 1
    print(canonical.encode(msgspec.to_builtins(done)).decode("utf-8"))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sync", description="Exchange with headquarters")
    verbs = parser.add_subparsers(dest="verb", required=True)
    now = verbs.add_parser("now", help="send what waits, take in what headquarters says")
    bundles = verbs.add_parser("bundle", help="the same by file").add_subparsers(dest="way", required=True)
    out = bundles.add_parser("export", help="seal what waits into a file for headquarters")
    back = bundles.add_parser("import", help="take in headquarters' reply to a bundle")
    out.add_argument("--records-only", action="store_true", help="leave photos for another bundle")
    listed = verbs.add_parser("release", help="take in a watchlist that headquarters wrote for a stick")
    for verb in (out, back, listed):
        verb.add_argument("file", type=Path)
    for verb in (now, out, back, listed):
        verb.add_argument("--home", type=Path, required=True, help="the vault's folder")
        verb.add_argument("--passphrase-file", type=Path, help="its first line; without it, standard input")
    return parser


def _passphrase(file: Path | None) -> str:
    lines = (file.read_text("utf-8") if file else sys.stdin.readline()).splitlines()
    return lines[0] if lines else ""


def _unlocked(asked: argparse.Namespace, passphrase: str) -> Synced | Exported | TakenBack | TakenRelease:
    directory = VaultDirectory(asked.home)
    provisioning.unlock(directory, provisioning.Unlock(passphrase=passphrase))
    screener = Screener(asked.home, directory.vault.watchlist_key)

    def ask(action: Callable[..., Any], command: Any) -> Any:  # noqa: ANN401 - the action's own types
        if action is obeying.obey:
            return action(directory, command)
        return action(screener if action is provisioning.adopt_release else directory.vault, command)

    try:
        if asked.verb == "now":
            return _now(ask)
        if asked.verb == "release":
            return take_release(Courier(ask), TakeRelease(path=str(asked.file)))
        if asked.way == "export":
            return carrying.export(ask, asked.file, blobs=not asked.records_only)
        return carrying.take_reply(ask, asked.file)
    finally:
        screener.close()
        directory.lock()


def _now(ask: AskRoom) -> Synced:
    courier = Courier(ask)
    try:
        return sync_now(courier, SyncNow())
    finally:
        courier.close()


def _sentence(error: FieldappError) -> str:
    facts = dict(error.facts)
    if text.has(f"why.{facts.get('why')}", "en"):
        facts["why"] = text.say(f"why.{facts['why']}", "en")
    return text.say(f"error.{error.code}", "en", **facts)


if __name__ == "__main__":
    sys.exit(main())
