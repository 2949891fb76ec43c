"""The signature under an inspection, as 21 CFR 11.50 and 11.200 mean it.

Printed name, role, time and meaning stand in the question before anything is signed, and the passphrase is
given again. A wrong one seals nothing and costs the wait of a wrong unlock; the right one is good for this
signature alone, and without it the vault signs nothing.
"""

from collections.abc import Callable

from fieldapp import clock
from fieldapp.actions import provisioning, sealing
from fieldapp.actions.provisioning import Confirmed, ConfirmPassphrase
from fieldapp.actions.sealing import Sealed, SealInspection
from fieldapp.inspection.inspection import Inspection
from fieldapp.vault.proofs import subject
from ui.models.moments import stamp
from ui.models.naming import printable
from ui.screens.passphrase import AskPassphrase
from ui.screens.screen import Screen


def ask(screen: Screen, inspection: Inspection, sealed: Callable[[Sealed], object]) -> AskPassphrase:
    """Ask for the passphrase, then seal and sign; `sealed` gets the record."""
    say, officer = screen.say, inspection.officer

    def seal(confirmed: Confirmed) -> None:
        screen.run(sealing.seal, SealInspection(inspection=inspection.id, proof=confirmed.proof), sealed)

    return AskPassphrase(
        screen,
        title=say("seal.title", number=inspection.number),
        words=say("seal.words", name=printable(officer.name)),
        yes=say("seal.do"),
        icon="stamp",
        facts=(
            (say("seal.name"), printable(officer.name)),
            (say("seal.role"), ", ".join(printable(part) for part in (officer.role, officer.unit) if part)),
            (say("seal.time"), stamp(clock.now())),
            (say("seal.meaning"), say("seal.authored")),
        ),
    ).try_with(
        provisioning.confirm_passphrase,
        lambda given: ConfirmPassphrase(passphrase=given, signing=subject("authored", inspection.id)),
        seal,
    )
