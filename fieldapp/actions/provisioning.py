"""Making, unlocking and enrolling a vault, and taking in a watchlist release."""

import contextlib
import platform

import msgspec

from fieldapp import enrolment
from fieldapp.actions import obeying
from fieldapp.actions.rooms import Progress, Screener
from fieldapp.enrolment import (
    Answer,
    Certificate,
    HeadquartersKeys,
    Invitation,
    InvitationExpired,
    Policy,
    Request,
)
from fieldapp.errors import InspectorError, TrustError
from fieldapp.inspection.inspection import Officer
from fieldapp.screening.verdict import ListState
from fieldapp.vault import health
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.keys import TOKEN
from fieldapp.vault.vault import Enrolment, Owner, Tx, Vault
from fieldapp.watchlist import trust
from fieldapp.watchlist.trust import Target


class AlreadyEnrolled(InspectorError):
    """This vault belongs to a headquarters already."""

    code = "already-enrolled"


class WatchlistRolledBack(TrustError):
    """A list older than the one in use was offered: this vault is older than its index."""

    code = "watchlist-rolled-back"


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """Ask what is here, before anything is unlocked."""


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """Another inspector's vault on this laptop: its folder and what its owner called it."""

    folder: str
    name: str


class VaultState(msgspec.Struct, frozen=True, kw_only=True):
    """What can be known of a locked vault."""

    exists: bool
    unlocked: bool
    wait_seconds: float
    name: str
    sealed: bool = False  # only headquarters can open it
    recoverable: bool = False  # headquarters can
    token: bool = False  # a security key can
    folder: str = ""
    others: tuple[Neighbour, ...] = ()  # vaults of other inspectors on this laptop


class CreateVault(msgspec.Struct, frozen=True, kw_only=True):
    """Make a vault for one inspector on this laptop."""

    passphrase: str
    name: str
    role: str = ""
    unit: str = ""
    site: str = ""


class Unlock(msgspec.Struct, frozen=True, kw_only=True):
    """Open the vault."""

    passphrase: str


class ConfirmPassphrase(msgspec.Struct, frozen=True, kw_only=True):
    """Give the passphrase again before a signature: the person who unlocked may have walked away.

    `signing` is what will be signed, as `fieldapp.vault.proofs.subject` names it; "" only checks.
    """

    passphrase: str
    signing: str = ""


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """It was the right one. `by` is the name that the signature will bear, `proof` what it asks for, once."""

    by: Officer
    proof: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Ask what the open vault is."""


class Unlocked(msgspec.Struct, frozen=True, kw_only=True):
    """An open vault: whose, where, under which headquarters, with which list."""

    device: str
    officer: Officer
    site: str
    practice: bool
    enrolled: bool
    headquarters: str
    policy: Policy
    watchlist: ListState
    clock_suspect: bool = False
    damage: str = ""  # why the vault can only be read: pages, ledger or rows
    recoverable: bool = False  # headquarters holds a slot


class PrepareEnrolment(msgspec.Struct, frozen=True, kw_only=True):
    """Read an invitation (file text or QR text) and make the request it allows."""

    text: str


class EnrolmentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What goes to headquarters, and where."""

    url: str
    invitation: Invitation
    request: Request


class AcceptEnrolment(msgspec.Struct, frozen=True, kw_only=True):
    """Take headquarters' answer to the request made from `invitation`."""

    invitation: Invitation
    answer: Answer


class AdoptRelease(msgspec.Struct, frozen=True, kw_only=True):
    """Build the index from a release that the vault has verified and permitted."""

    target: Target
    content: bytes


class NoteRelease(msgspec.Struct, frozen=True, kw_only=True):
    """Remember which list is in use."""

    state: ListState


def look(directory: VaultDirectory, _command: Look) -> VaultState:
    """Say whether a vault is here and whether it must be waited for."""
    return VaultState(
        exists=directory.exists,
        unlocked=directory.unlocked,
        wait_seconds=directory.wait_seconds(),
        name=directory.label(),
        sealed=directory.sealed,
        recoverable=directory.recoverable,
        token=directory.holds(TOKEN),
        folder=directory.folder.name,
        others=_others(directory),
    )


def _others(directory: VaultDirectory) -> tuple[Neighbour, ...]:
    """Return the vaults beside this one; one that cannot be read goes by its folder's name."""
    if not directory.folder.parent.is_dir():
        return ()
    found = []
    for folder in sorted(directory.folder.parent.iterdir()):
        beside = VaultDirectory(folder)
        if folder != directory.folder and beside.exists:
            with contextlib.suppress(TrustError):
                found.append(Neighbour(folder=folder.name, name=beside.label() or folder.name))
    return tuple(found)


def create_vault(directory: VaultDirectory, command: CreateVault) -> Unlocked:
    """Make the vault and open it."""
    owner = Owner(name=command.name.strip(), role=command.role, unit=command.unit, site=command.site)
    vault = directory.create(command.passphrase, owner)
    with vault.transaction() as tx:
        tx.journal.note("vault-created", tx.now)
    return status(vault, Status())


def unlock(directory: VaultDirectory, command: Unlock) -> Unlocked:
    """Open the vault and write so into the ledger."""
    directory.unlock(command.passphrase)
    return opened(directory)


def opened(directory: VaultDirectory, **facts: str) -> Unlocked:
    """Write into the ledger that the vault was opened, see whether it may be, and return what it is."""
    vault = directory.vault
    # On a full disk the officer must still be able to read; the line is owed and goes in first of all.
    vault.note_soon("unlocked", **facts)
    health.quick(vault)
    obeying.enforce(directory)
    return status(vault, Status())


def confirm_passphrase(directory: VaultDirectory, command: ConfirmPassphrase) -> Confirmed:
    """Check the passphrase against its slot, with the same waits, and the same end, as at the unlock."""
    vault = directory.vault
    data_key = directory.confirm(command.passphrase)
    proof = vault.prove(data_key, command.signing) if command.signing else ""
    with vault.reading() as tx:
        return Confirmed(by=tx.officer(), proof=proof)


def status(vault: Vault, _command: Status) -> Unlocked:
    """Return what the open vault is."""
    with vault.reading() as tx:
        return _unlocked(vault, tx)


def _unlocked(vault: Vault, tx: Tx) -> Unlocked:
    enrolled = tx.enrolment()
    held = enrolled.certificate if enrolled else None
    return Unlocked(
        device=vault.device.hex(),
        officer=tx.officer(),
        site=held.site if held else tx.owner().site,
        practice=held.practice if held else False,
        enrolled=held is not None,
        headquarters=enrolled.keys.headquarters if enrolled else "",
        policy=tx.policy(),
        watchlist=tx.meta.get("watchlist", ListState) or ListState(),
        clock_suspect=clock_suspect(vault, tx),
        damage=vault.damage,
        recoverable=vault.recoverable,
    )


def clock_suspect(vault: Vault, tx: Tx) -> bool:
    """Say whether this machine's clock cannot be right: behind what is known to be past, or it jumped."""
    return bool(vault.doubt(tx))


def prepare_enrolment(vault: Vault, command: PrepareEnrolment) -> EnrolmentRequest:
    """Make the request; nothing is stored until headquarters has answered."""
    invitation = enrolment.read_invitation(command.text)
    if invitation.expires < vault.clock():
        raise InvitationExpired(on=invitation.expires.date().isoformat())
    with vault.reading() as tx:
        if tx.enrolment() is not None:
            raise AlreadyEnrolled
    bare = Request(
        invitation=invitation.id,
        device=vault.device,
        public=vault.public,
        recipient=vault.recipient,
        host=platform.system(),
        paper_key=vault.paper_key.public,
    )
    mac = enrolment.request_mac(bare, invitation.secret)
    return EnrolmentRequest(
        url=invitation.url, invitation=invitation, request=msgspec.structs.replace(bare, mac=mac)
    )


def accept_enrolment(vault: Vault, command: AcceptEnrolment) -> Unlocked:
    """Check the three statements from the root down, and keep them."""
    invitation, answer = command.invitation, command.answer
    keys = enrolment.open_statement(answer.keys, "keys", HeadquartersKeys, (invitation.root,))
    held = enrolment.open_statement(answer.certificate, "certificate", Certificate, keys.signing)
    policy = enrolment.open_statement(answer.policy, "policy", Policy, keys.signing)
    ours = held.device == vault.device.hex() and held.public == vault.public.hex()
    if not ours or held.practice != invitation.practice or keys.practice != invitation.practice:
        raise enrolment.StatementRefused(kind="certificate", why="content")
    if not enrolment.is_x509_of(answer.x509, held, vault.paper_key.public):
        raise enrolment.StatementRefused(kind="certificate", why="x509")
    with vault.transaction() as tx:
        if tx.enrolment() is not None:
            raise AlreadyEnrolled
        kept = Enrolment(
            root=invitation.root,
            url=invitation.url,
            keys=keys,
            keys_statement=answer.keys,
            certificate=held,
            certificate_statement=answer.certificate,
            x509=answer.x509,
        )
        tx.meta.put("enrolment", kept)
        tx.meta.put("policy", policy)
        tx.journal.note("enrolled", tx.now, headquarters=keys.headquarters, practice=held.practice)
    vault.keep_recovery(keys.recovery_recipients)
    return status(vault, Status())


def adopt_release(screener: Screener, command: AdoptRelease, progress: Progress | None = None) -> ListState:
    """Check the vault's permit and the file, refuse an older one, build the index or apply the delta."""
    screener.check_permit(command.target)
    trust.check_content(command.target, command.content)
    if command.target.number < screener.state().number:
        raise WatchlistRolledBack(number=command.target.number)
    if command.target.base:
        return screener.apply(command.content)
    return screener.adopt(command.content, progress)


def note_release(vault: Vault, command: NoteRelease) -> Unlocked:
    """Remember the list in use, and write so into the ledger."""
    with vault.transaction() as tx:
        tx.meta.put("watchlist", command.state)
        tx.meta.put("release-number", command.state.number)
        tx.journal.note("watchlist-adopted", tx.now, number=command.state.number, name=command.state.name)
    return status(vault, Status())
