"""The wire from the command line: `sync now`.

    python -m sync now --home DIR [--passphrase-file FILE]

Unlocks the vault in DIR with the passphrase on standard input (or the first line of FILE), exchanges with
headquarters, prints one JSON object with what was acknowledged and what still waits. Exit 1 and one sentence
on standard error when it could not.
"""

import argparse
import sys
from pathlib import Path

import msgspec

from fieldapp import canonical, text
from fieldapp.actions import provisioning
from fieldapp.actions.rooms import Screener
from fieldapp.errors import FieldappError
from fieldapp.vault.directory import VaultDirectory
from sync.session import Synced
from sync.worker import Courier, SyncNow, sync_now


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m sync", description="Exchange with headquarters")
    verbs = parser.add_subparsers(dest="verb", required=True)
    now = verbs.add_parser("now", help="send what waits, take in what headquarters says")
    now.add_argument("--home", type=Path, required=True, help="the vault's folder")
    now.add_argument("--passphrase-file", type=Path, help="its first line; without it, standard input")
    asked = parser.parse_args(arguments)
    try:
        done = _now(asked.home, _passphrase(asked.passphrase_file))
    except FieldappError as error:
        print(_sentence(error), file=sys.stderr)
        return 1
    print(canonical.encode(msgspec.to_builtins(done)).decode("utf-8"))
    return 0


def _passphrase(file: Path | None) -> str:
    lines = (file.read_text("utf-8") if file else sys.stdin.readline()).splitlines()
    return lines[0] if lines else ""


def _now(home: Path, passphrase: str) -> Synced:
    directory = VaultDirectory(home)
    provisioning.unlock(directory, provisioning.Unlock(passphrase=passphrase))
    screener = Screener(home, directory.vault.watchlist_key)
    courier = Courier(
        lambda action, command: action(
            screener if action is provisioning.adopt_release else directory.vault, command
        )
    )
    try:
        return sync_now(courier, SyncNow())
    finally:
        courier.close()
        screener.close()
        directory.lock()


def _sentence(error: FieldappError) -> str:
    facts = dict(error.facts)
    if text.has(f"why.{facts.get('why')}", "en"):
        facts["why"] = text.say(f"why.{facts['why']}", "en")
    return text.say(f"error.{error.code}", "en", **facts)


if __name__ == "__main__":
    sys.exit(main())
