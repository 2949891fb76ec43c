"""The door of a worker process: one room, one pipe, one command at a time.

A room is what the process holds: `vault` (keys, the encrypted database), `screening` (the watchlist's
file), `reader` (pictures of strangers; no keys, bounded memory), `press` (reports; no keys). A request
names an action of that room's list and carries its command; the answer is the result or an error's family,
code and facts. Messages are msgpack over `send_bytes`, never pickles. The process ends when its pipe closes
or its parent dies: ending it is the lock.

The watchlist's key goes from the vault's process to the screening process over a pipe of their own; the
window, which starts both, never holds it.
"""

import inspect
import multiprocessing
import multiprocessing.connection
import os
import sys
import threading
import traceback
import typing
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from fieldapp.actions import (
    collecting,
    countersigning,
    developing,
    disposing,
    drafting,
    evidence,
    examining,
    exchanging,
    exporting,
    filming,
    finding,
    healing,
    hearing,
    inheriting,
    installing,
    judging,
    listening,
    listing,
    locating,
    measuring,
    obeying,
    opening,
    provisioning,
    recovering,
    reporting,
    rescreening,
    retaining,
    reviewing,
    sampling,
    sanctioning,
    scanning,
    sealing,
    seeking,
    standing,
    tokens,
    trusting,
)
from fieldapp.actions.rooms import Press, Screener
from fieldapp.errors import FieldappError, InspectorError, SituationError, TrustError
from fieldapp.scan.reader import Reader
from fieldapp.vault.directory import VaultDirectory

Action = Callable[..., Any]

ROOMS: dict[str, tuple[Action, ...]] = {
    "vault": (
        provisioning.look,
        provisioning.create_vault,
        provisioning.unlock,
        provisioning.status,
        provisioning.confirm_passphrase,
        standing.show_standing,
        tokens.unlock_with_key,
        tokens.add_key,
        tokens.remove_key,
        recovering.suggest,
        recovering.change_passphrase,
        recovering.set_duress,
        recovering.seal_vault,
        recovering.ask_recovery,
        recovering.take_recovery,
        inheriting.missing_files,
        inheriting.keep_file,
        retaining.purge,
        exporting.export_ledger,
        exporting.export_vault,
        exporting.export_inspections,
        healing.check,
        healing.check_files,
        healing.keep_backup,
        healing.restore,
        healing.salvage,
        healing.sweep,
        provisioning.prepare_enrolment,
        provisioning.accept_enrolment,
        provisioning.note_release,
        trusting.take_metadata,
        opening.list_inspections,
        opening.list_consignments,
        opening.take_in_consignment,
        opening.open_inspection,
        opening.get_inspection,
        seeking.stand,
        seeking.keep_filter,
        seeking.forget_filter,
        seeking.tell_timeline,
        scanning.remember,
        scanning.withdraw,
        judging.adjudicate,
        finding.record,
        finding.withdraw,
        evidence.attach,
        evidence.keep_picture,
        evidence.keep_derivative,
        evidence.show,
        drafting.hold_words,
        drafting.held_words,
        examining.begin_checklist,
        examining.give_answer,
        examining.note_found,
        examining.note_place,
        examining.note_paper,
        examining.note_position,
        examining.record_field_test,
        measuring.record_result,
        installing.install_form,
        installing.list_forms,
        examining.note_present,
        examining.add_addendum,
        examining.compare,
        sampling.draw_sample,
        sampling.move_exhibit,
        disposing.decide,
        disposing.place_hold,
        disposing.lift_hold,
        disposing.ask_second,
        disposing.take_second,
        disposing.sign_as_second,
        countersigning.ask_hand_over,
        countersigning.take_hand_over,
        countersigning.sign_beside,
        sanctioning.show_balances,
        sealing.seal,
        reporting.gather,
        reporting.sign,
        reviewing.reopen,
        rescreening.next_work,
        rescreening.keep,
        rescreening.list_later,
        rescreening.judge_later,
        rescreening.addend,
        exchanging.next_batch,
        exchanging.sign_challenge,
        exchanging.note_acks,
        hearing.take_feed,
        obeying.obey,
        exchanging.needed_blobs,
        exchanging.read_blob,
        exchanging.note_blob,
        exchanging.open_reply,
        exchanging.outbox,
    ),
    "screening": (
        provisioning.adopt_release,
        scanning.screen_code,
        scanning.screen_text,
        listing.suggest,
        listing.show_entry,
        rescreening.screen_again,
    ),
    "reader": (
        scanning.read_picture,
        scanning.draw_preview,
        scanning.make_thumbnail,
        developing.look_at_photo,
        developing.draw_strokes,
        measuring.read_result,
        installing.read_form,
        locating.ask_receiver,
        filming.list_cameras,
        filming.open_camera,
        filming.next_sight,
        filming.adjust_camera,
        filming.close_camera,
        filming.draw_code,
        collecting.look_at_columns,
        collecting.try_mapping,
        collecting.write_list,
        listening.list_ports,
        listening.open_port,
        listening.next_codes,
        listening.close_port,
    ),
    "press": (reporting.render, reporting.bind, reporting.print_slip),
}
LARGEST_MESSAGE = 512 * 1024 * 1024  # bytes
READER_MEMORY = 3 * 1024**3  # bytes of address space; OpenCV alone maps some 400 MB
READER_SECONDS = 60  # of processor time a reader may spend on one command
KEY_WAIT = 5.0  # seconds the screening process waits for its key after an unlock


class Request(msgspec.Struct, frozen=True):
    """One command for this room. `n` comes back with the answer."""

    n: int
    action: str
    command: msgspec.Raw


class Failure(msgspec.Struct, frozen=True):
    """Why there is no result. Family is inspector, situation, trust or bug; `trace` only for a bug."""

    family: str
    code: str
    facts: dict[str, str | int | float] = {}
    trace: str = ""


class Progress(msgspec.Struct, frozen=True):
    """How far a long action has come."""

    code: str
    done: int
    total: int


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What comes back for request `n`: a result or an error ends it; progress and questions may come before.

    `ask` is a question of the sync worker to another room. The window passes it on and sends that room's
    answer down the same pipe; nothing else is sent meanwhile.
    """

    n: int
    result: bytes | None = None  # msgpack of the action's result
    error: Failure | None = None
    progress: Progress | None = None
    ask: Request | None = None


def name_of(action: Action) -> str:
    """Return the name an action has on the wire: its module's last name and its own."""
    return f"{action.__module__.rpartition('.')[2]}.{action.__name__}"


def types_of(action: Action) -> tuple[type, type]:
    """Return the types of an action's command and result."""
    hints = typing.get_type_hints(action)
    command = list(inspect.signature(action).parameters)[1]
    return hints[command], hints["return"]


def error_of(failure: Failure) -> FieldappError:
    """Return the error that a failure of another process tells of, with its own code."""
    families = {"inspector": InspectorError, "situation": SituationError, "trust": TrustError}
    error = families.get(failure.family, FieldappError)(**failure.facts)
    error.code = failure.code
    return error


def failure_of(error: BaseException) -> Failure:
    """Return what may be told of an error; of a bug only its type and where, never its message."""
    if isinstance(error, FieldappError):
        family = next(
            name
            for kind, name in (
                (InspectorError, "inspector"),
                (SituationError, "situation"),
                (TrustError, "trust"),
            )
            if isinstance(error, kind)
        )
        return Failure(family, error.code, dict(error.facts))
    frames = traceback.extract_tb(error.__traceback__)
    where = "\n".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    return Failure("bug", "bug", {"type": type(error).__name__}, where)


class Service:
    """One room with its actions by name."""

    def __init__(self, kind: str, room: object, actions: tuple[Action, ...] = ()) -> None:
        self.room = room
        self._actions: dict[str, tuple[Action, type, type, int]] = {
            name_of(action): (action, *types_of(action), len(inspect.signature(action).parameters))
            for action in actions or ROOMS[kind]
        }

    def perform(self, request: Request, progress: Callable[[Progress], None]) -> Answer:
        """Run one command; an error becomes an answer."""
        try:
            action, command_type, _result, count = self._actions[request.action]
            command: Any = msgspec.msgpack.decode(request.command, type=command_type)
            first = self.room
            if isinstance(first, VaultDirectory) and "directory" not in inspect.signature(action).parameters:
                first = first.vault
            extra = (
                (lambda done, total: progress(Progress(request.action, done, total)),) if count > 2 else ()
            )
            result = action(first, command, *extra)
            return Answer(request.n, result=msgspec.msgpack.encode(result))
        except Exception as error:  # noqa: BLE001 - the door: everything becomes an answer
            return Answer(request.n, error=failure_of(error))


def make_room(kind: str, folder: Path) -> object:
    """Return what the process of `kind` holds, for the vault in `folder`."""
    if kind == "vault":
        return VaultDirectory(folder)
    if kind == "screening":
        return Screener(folder)
    return Reader() if kind == "reader" else Press()


def end_with_parent() -> None:
    """Start the thread that ends this process when its parent dies, even in the middle of an action."""
    threading.Thread(target=_watch_parent, name="parent-sentinel", daemon=True).start()


def _watch_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)  # a busy worker would outlive a killed window by seconds, unlocked


def _harden(kind: str) -> None:
    if sys.platform == "win32":
        return  # there the window puts its workers into a job object
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold keys
    if kind == "reader":
        resource.setrlimit(resource.RLIMIT_AS, (READER_MEMORY, READER_MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # whatever breaks into it leaves no file behind


def _grant_time(kind: str, seconds: int = READER_SECONDS) -> None:
    """Let a reader spend so much processor time on the next command; past it the system ends the process."""
    if kind != "reader" or sys.platform == "win32":
        return  # on Windows the window's deadline and the job object end it
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def run(kind: str, pipe: Connection, keys: Connection | None, folder: str) -> None:
    """Serve `kind` until the pipe closes. `keys` joins the vault's and the screening process."""
    _harden(kind)
    end_with_parent()
    room = make_room(kind, Path(folder))
    service = Service(kind, room)
    handed_over = False

    def report(step: Progress, n: int) -> None:
        pipe.send_bytes(msgspec.msgpack.encode(Answer(n, progress=step)))

    while True:
        try:
            raw = pipe.recv_bytes(LARGEST_MESSAGE)
        except (EOFError, OSError):
            return
        request = msgspec.msgpack.decode(raw, type=Request)
        if isinstance(room, Screener) and keys is not None:
            while keys.poll(0 if room.has_key else KEY_WAIT):
                room.unlock(keys.recv_bytes(32))
        _grant_time(kind)
        answer = service.perform(request, lambda step, n=request.n: report(step, n))  # type: ignore[misc]
        if isinstance(room, VaultDirectory) and keys is not None and room.unlocked and not handed_over:
            keys.send_bytes(room.vault.watchlist_key)
            handed_over = True
        pipe.send_bytes(msgspec.msgpack.encode(answer))
