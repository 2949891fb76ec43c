"""Which worker an action runs in, what it answers, and what it changes. Tables, so that they can be read."""

import inspect
import typing
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sync.worker
from fieldapp import worker

KEYED = ("vault", "screening")  # the rooms that hold keys: a lock ends both
ROOMS = (*worker.ROOMS, "sync")

_LANES = {
    "VaultDirectory": "vault",
    "Vault": "vault",
    "Screener": "screening",
    "Reader": "reader",
    "Press": "press",
    "Courier": "sync",
}
_ACTIONS = (*(action for actions in worker.ROOMS.values() for action in actions), *sync.worker.ACTIONS)
_LANE_OF_NAME = {worker.name_of(action): room for room, actions in worker.ROOMS.items() for action in actions}
# What the courier of the sync worker may ask of the rooms with keys, besides all of `exchanging`.
_ASKED = {
    "provisioning.prepare_enrolment",
    "provisioning.accept_enrolment",
    "provisioning.adopt_release",
    "provisioning.note_release",
    "trusting.take_metadata",
    "hearing.take_feed",
    "obeying.obey",
    "inheriting.missing_files",
    "inheriting.keep_file",
}

# What an action changes, so that screens which show it read it again.
CHANGES: dict[str, frozenset[str]] = {
    "provisioning.create_vault": frozenset({"session"}),
    "provisioning.unlock": frozenset({"session"}),
    "tokens.unlock_with_key": frozenset({"session"}),
    "tokens.add_key": frozenset({"session"}),
    "tokens.remove_key": frozenset({"session"}),
    "recovering.take_recovery": frozenset({"session"}),
    "recovering.change_passphrase": frozenset({"session"}),
    "inheriting.keep_file": frozenset({"inspections"}),
    "recovering.seal_vault": frozenset({"session"}),
    "retaining.purge": frozenset({"inspections", "outbox", "consignments"}),
    "healing.check": frozenset({"session"}),
    "healing.restore": frozenset({"session", "inspections", "outbox", "consignments"}),
    "healing.salvage": frozenset({"session", "inspections", "outbox", "consignments"}),
    "provisioning.accept_enrolment": frozenset({"session"}),
    "provisioning.note_release": frozenset({"session"}),
    "opening.take_in_consignment": frozenset({"consignments"}),
    "opening.open_inspection": frozenset({"inspections", "consignments"}),
    "seeking.keep_filter": frozenset({"filters"}),
    "seeking.forget_filter": frozenset({"filters"}),
    "scanning.remember": frozenset({"inspections"}),
    "scanning.withdraw": frozenset({"inspections"}),
    "judging.adjudicate": frozenset({"inspections", "later"}),
    "finding.record": frozenset({"inspections"}),
    "finding.withdraw": frozenset({"inspections"}),
    "evidence.attach": frozenset({"inspections"}),
    "evidence.keep_derivative": frozenset({"inspections"}),
    "measuring.record_result": frozenset({"inspections"}),
    "examining.note_position": frozenset({"inspections"}),
    "installing.install_form": frozenset({"forms"}),
    "examining.begin_checklist": frozenset({"inspections"}),
    "examining.give_answer": frozenset({"inspections"}),
    "examining.note_found": frozenset({"inspections"}),
    "examining.note_place": frozenset({"inspections"}),
    "examining.note_paper": frozenset({"inspections"}),
    "examining.record_field_test": frozenset({"inspections"}),
    "examining.note_present": frozenset({"inspections"}),
    "examining.add_addendum": frozenset({"inspections"}),
    "sampling.draw_sample": frozenset({"inspections"}),
    "sampling.move_exhibit": frozenset({"inspections"}),
    "disposing.decide": frozenset({"inspections"}),
    "disposing.place_hold": frozenset({"inspections"}),
    "disposing.lift_hold": frozenset({"inspections"}),
    "disposing.take_second": frozenset({"inspections"}),
    "countersigning.take_hand_over": frozenset({"inspections"}),
    "sealing.seal": frozenset({"inspections", "outbox"}),
    "reviewing.reopen": frozenset({"inspections", "later"}),
    "rescreening.keep": frozenset({"inspections", "later"}),
    "rescreening.judge_later": frozenset({"later"}),
    "rescreening.addend": frozenset({"inspections", "later"}),
    "exchanging.note_acks": frozenset({"outbox", "inspections"}),
    "exchanging.note_blob": frozenset({"outbox"}),
    "hearing.take_feed": frozenset({"outbox", "inspections", "session"}),
}


@lru_cache(maxsize=256)
def lane_of(action: Callable[..., Any]) -> str:
    """Return the lane that `action` runs in: its first parameter's class names it."""
    first = next(iter(inspect.signature(action).parameters))
    return _LANES[typing.get_type_hints(action)[first].__name__]


@lru_cache(maxsize=256)
def answer_type(action: Callable[..., Any]) -> Any:  # noqa: ANN401 - whatever the action answers
    """Return the type of an action's answer."""
    return worker.types_of(action)[1]


def asked_lane(name: str) -> str | None:
    """Return the lane that may answer the courier's question `name`; None refuses it."""
    allowed = name.startswith("exchanging.") or name in _ASKED
    return _LANE_OF_NAME.get(name) if allowed else None


def changed_by(name: str) -> frozenset[str]:
    """Return the nouns that the action `name` changes."""
    return CHANGES.get(name, frozenset())
