"""A laptop to test with: an enrolled vault, a screener with the practice list, a reader and a press, all real
and all in this process, used through the same actions as the window uses them."""

import tempfile
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import resources
from fieldapp import canonical
from fieldapp.actions import opening, provisioning, scanning
from fieldapp.actions.provisioning import AdoptRelease, NoteRelease
from fieldapp.actions.rooms import Press, Screener
from fieldapp.clock import Clock, now
from fieldapp.consignment.consignment import Consignment
from fieldapp.enrolment import Policy
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.scan import Scan
from fieldapp.scan.reader import Reader
from fieldapp.vault.vault import Vault
from fieldapp.watchlist.release import Header, write_release
from fieldapp.watchlist.sources import source
from fieldapp.watchlist.trust import Target, permitted
from tests.support.vaults import Headquarters, enrolled_vault

LABELS = resources.path("practice", "labels")


@lru_cache
def practice_release(number: int = 1, hours_old: float = 1.0) -> tuple[Target, bytes]:
    """Return the practice watchlist as a release of that number, issued that long ago."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "practice.release"
        entries = source("csv").read([resources.path("practice", "watchlist.csv")])
        issued = now() - timedelta(hours=hours_old)
        write_release(file, Header(number=number, name="practice", issued=issued), entries)
        content = file.read_bytes()
    target = Target(
        number=number, name="practice", issued=issued, sha256=canonical.sha256(content), size=len(content)
    )
    return target, content


def consignment(file: str = "1-intermediate") -> Consignment:
    """Return one of the practice consignments."""
    return canonical.decode(
        resources.path("practice", "consignments", f"{file}.json").read_bytes(), Consignment
    )


class Laptop:
    """Everything one inspector has."""

    def __init__(self, folder: Path, vault: Vault | None = None) -> None:
        self.vault = vault or enrolled_vault(folder)
        self.screener = Screener(folder / "vault", self.vault.watchlist_key)
        self.reader = Reader()
        self.press = Press()

    def adopt(self, hours_old: float = 1.0) -> None:
        """Take in the practice list."""
        target, content = practice_release(hours_old=hours_old)
        permit = permitted(target, self.vault.watchlist_key)
        state = provisioning.adopt_release(self.screener, AdoptRelease(target=permit, content=content))
        provisioning.note_release(self.vault, NoteRelease(state=state))

    def open(self, file: str = "1-intermediate") -> Inspection:
        """Begin to inspect a practice consignment."""
        return opening.open_inspection(self.vault, opening.OpenInspection(consignment=consignment(file)))

    def examine(self, inspection: Inspection, label: Path) -> Scan:
        """Read a label, screen what it says and remember the verdict: the three rooms one after the other."""
        reading = scanning.read_picture(self.reader, scanning.ReadPicture(path=str(label)))
        screened = scanning.screen_code(
            self.screener,
            scanning.ScreenCode(symbol=reading.symbols[0], consignment=inspection.consignment),
        )
        return scanning.remember(
            self.vault,
            scanning.Remember(
                inspection=inspection.id,
                source="file",
                symbol=reading.symbols[0],
                identified=screened.identified,
                screening=screened.screening,
                goods_seq=screened.goods_seq,
            ),
        )

    def close(self) -> None:
        """Close both files."""
        self.screener.close()
        self.vault.close()


def laptop(
    folder: Path,
    headquarters: Headquarters | None = None,
    policy: Policy | None = None,
    clock: Clock = now,
    hours_old: float = 1.0,
) -> Laptop:
    """Return a laptop enrolled to `headquarters` with the practice list taken in."""
    made = Laptop(folder, enrolled_vault(folder, headquarters, policy, clock))
    made.adopt(hours_old)
    return made
