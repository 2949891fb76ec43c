"""Headquarters from the command line: serve, enrol, publish, supervisor, revoke, ingest, backup, restore.

    python -m sync.headquarters serve --home DIR [--host 127.0.0.1] [--port 8470] [--tls NAME]
    python -m sync.headquarters enrol --home DIR --name NAME --url URL [--role R] [--site S] [--practice]
    python -m sync.headquarters publish RELEASE --home DIR [--practice]     (and more: see `publishing`)
    python -m sync.headquarters supervisor NAME --home DIR [--role R] [--practice] [--password-file FILE]
    python -m sync.headquarters revoke DEVICE --home DIR
    python -m sync.headquarters give-back LOST_DEVICE --to DEVICE --home DIR
    python -m sync.headquarters keys rotate --home DIR [--practice]         (and more: see `rotation`)
    python -m sync.headquarters ingest BUNDLE --home DIR [--reply FILE]
    python -m sync.headquarters backup FOLDER --home DIR
    python -m sync.headquarters restore FOLDER --home NEW_DIR [--database URL] [--blobs URL]
    python -m sync.headquarters promote --home DIR

Each verb prints one JSON object on standard output. Errors are one sentence on standard error and exit 1.
"""

import argparse
import ssl
import sys
from pathlib import Path

import msgspec
import uvicorn

from fieldapp import canonical, clock
from fieldapp.enrolment import invitation_text
from fieldapp.errors import FieldappError
from sync.headquarters import (
    accounts,
    authority,
    backup,
    enrolment,
    ingest,
    inheritance,
    office,
    oidc,
    permissions,
    publishing,
    rotation,
    store,
)
from sync.headquarters.app import build
from sync.headquarters.words import Words

PORT = 8470


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.verb == "serve":
            _serve(asked)
        elif asked.verb == "enrol":
            _enrol(asked)
        elif asked.verb in publishing.VERBS:
            _tell(**publishing.run(asked))
        elif asked.verb == "keys":
            _tell(**rotation.run(asked))
        elif asked.verb == "supervisor":
            _supervisor(asked)
        elif asked.verb == "revoke":
            _revoke(asked)
        elif asked.verb == "give-back":
            _give_back(asked)
        elif asked.verb == "ingest":
            _ingest(asked)
        elif asked.verb == "backup":
            _tell(backup=str(asked.to), blobs=backup.backup(asked.home, asked.to))
        elif asked.verb == "promote":
            _promote(asked)
        else:
            _restore(asked)
    except FieldappError as error:
        print(Words("en").error(error), file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"There is no file {error.filename}.", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sync.headquarters", description="Fieldapp headquarters")
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help="serve laptops and supervisors")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=PORT)
    serve.add_argument("--name", default=office.NAME, help="printed name, when headquarters is made")
    serve.add_argument("--certificate", type=Path, help="TLS certificate chain (PEM)")
    serve.add_argument("--key", type=Path, help="TLS key (PEM)")
    serve.add_argument("--tls", metavar="NAME", default="", help="certify this name or address ourselves")
    serve.add_argument(
        "--proxy", metavar="ADDRESS", default="", help="believe what this proxy says of clients"
    )
    enrol = verbs.add_parser("enrol", help="make an invitation for one inspector's vault")
    enrol.add_argument("--name", required=True)
    for option in ("--role", "--unit", "--site"):
        enrol.add_argument(option, default="")
    enrol.add_argument("--url", required=True, help="headquarters' address as the laptop reaches it")
    enrol.add_argument("--practice", action="store_true")
    enrol.add_argument("--out", type=Path, help="also write the invitation to this file")
    publishing.add_verbs(verbs)
    rotation.add_verbs(verbs)
    taken = verbs.add_parser("ingest", help="take in a bundle that was brought, and write the reply")
    taken.add_argument("bundle", type=Path)
    taken.add_argument("--reply", type=Path, help="where the reply goes; beside the bundle, without it")
    person = verbs.add_parser("supervisor", help="make a person's account, or give it a new link")
    person.add_argument("name")
    person.add_argument("--role", choices=permissions.ROLES, default="supervisor", help="of a new account")
    person.add_argument("--practice", action="store_true", help="a new account for practice alone")
    person.add_argument("--password-file", type=Path, help="first line is the password; without it, a link")
    person.add_argument("--url", default=f"http://127.0.0.1:{PORT}")
    person.add_argument(
        "--oidc", metavar="SUBJECT", default="", help="tie it to the identity provider's name"
    )
    gone = verbs.add_parser("revoke", help="withdraw a laptop; what it still sends is set aside")
    gone.add_argument("device", help="32 hex digits, as the page of laptops shows")
    back = verbs.add_parser("give-back", help="give a lost laptop's records to its officer's new laptop")
    back.add_argument("lost", help="the withdrawn laptop, 32 hex digits")
    back.add_argument("--to", required=True, help="the new laptop, 32 hex digits")
    copy = verbs.add_parser("backup", help="copy database, blobs and keys to a new folder")
    copy.add_argument("to", type=Path)
    again = verbs.add_parser("restore", help="make headquarters from a backup; laptops send what it lacks")
    again.add_argument("backup", type=Path)
    again.add_argument("--database", default="", help="an empty PostgreSQL database; without it, a file")
    again.add_argument("--blobs", default="", help="a place in S3 for the evidence; without it, a folder")
    life = verbs.add_parser("promote", help="begin a new life: this database was a replica of the one before")
    for verb in (serve, enrol, taken, person, gone, back, copy, again, life):
        verb.add_argument("--home", type=Path, required=True, help="headquarters' folder")
    return parser


def _tell(**facts: object) -> None:
    print(canonical.encode(facts).decode("utf-8"), flush=True)


def _serve(asked: argparse.Namespace) -> None:
    office.close(office.open_office(asked.home, name=asked.name))
    if asked.tls and not authority.made(asked.home):
        authority.make(asked.home, asked.name, asked.tls, clock.now)
    opened = office.open_office(asked.home)
    own = authority.server_file(asked.home)
    chain, key = asked.certificate or own, asked.key or (None if asked.certificate else own)
    scheme = "https" if chain else "http"
    config = uvicorn.Config(
        build(opened),
        host=asked.host,
        port=asked.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        proxy_headers=bool(asked.proxy),
        forwarded_allow_ips=asked.proxy or None,
        ssl_certfile=chain,
        ssl_keyfile=key,
    )
    config.load()
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_3
    server = uvicorn.Server(config)
    _tell(headquarters=opened.keyring.name, url=f"{scheme}://{asked.host}:{asked.port}")
    try:
        server.run()
    finally:
        office.close(opened)


def _enrol(asked: argparse.Namespace) -> None:
    opened = office.open_office(asked.home)
    made = enrolment.invite(
        opened,
        url=asked.url,
        name=asked.name,
        role=asked.role,
        unit=asked.unit,
        site=asked.site,
        practice=asked.practice,
    )
    text = invitation_text(made)
    if asked.out:
        asked.out.write_text(text + "\n", "ascii")
    _tell(invitation=text, expires=made.expires, practice=made.practice)
    office.close(opened)


def _ingest(asked: argparse.Namespace) -> None:
    opened = office.open_office(asked.home)
    done = ingest.ingest(opened, asked.bundle)
    reply = asked.reply or asked.bundle.with_suffix(".reply")
    reply.write_bytes(done.reply)
    _tell(**(msgspec.structs.asdict(done) | {"reply": str(reply)}))
    office.close(opened)


def _revoke(asked: argparse.Namespace) -> None:
    opened = office.open_office(asked.home)
    enrolment.revoke(opened, asked.device, "command")
    _tell(revoked=asked.device)
    office.close(opened)


def _give_back(asked: argparse.Namespace) -> None:
    opened = office.open_office(asked.home)
    _tell(records=inheritance.give(opened, asked.lost, asked.to, "command"), to=asked.to)
    office.close(opened)


def _restore(asked: argparse.Namespace) -> None:
    opened, done = backup.restore(
        asked.backup, asked.home, clock.now, database=asked.database, blobs=asked.blobs
    )
    office.close(opened)
    _tell(home=str(asked.home), **msgspec.structs.asdict(done))


def _promote(asked: argparse.Namespace) -> None:
    opened = office.open_office(asked.home)
    backup.begin_life(opened)
    office.close(opened)
    _tell(home=str(asked.home))


def _supervisor(asked: argparse.Namespace) -> None:
    opened, realm = office.open_office(asked.home), "practice" if asked.practice else "both"
    if asked.oidc:
        oidc.tie(opened, asked.name, asked.oidc)
        _tell(name=asked.name, tied=asked.oidc)
    elif asked.password_file:
        password = asked.password_file.read_text("utf-8").splitlines()[0]
        with store.writing(opened.engine) as connection:
            accounts.make(connection, opened, asked.name, asked.role, realm)
        accounts.set_password(opened, asked.name, password, asked.role)
        _tell(name=asked.name)
    else:
        token = accounts.invite(opened, asked.name, asked.role, realm)
        _tell(name=asked.name, link=f"{asked.url.rstrip('/')}/welcome/{token}", hours=48)
    office.close(opened)


if __name__ == "__main__":
    sys.exit(main())
