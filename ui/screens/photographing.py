"""Taking a photo in as evidence: the reader proves that it is one, the vault hashes and seals it."""

from fieldapp.actions import evidence, scanning
from fieldapp.actions.evidence import AttachEvidence
from fieldapp.actions.scanning import MakeThumbnail, Thumbnail
from fieldapp.inspection.inspection import Inspection
from ui.screens import files
from ui.screens.screen import Screen


def pick(screen: Screen) -> None:
    """Ask for a file."""
    files.choose(screen, screen.say("act.photo"), lambda file: take(screen, file), files.PICTURES[:-1])


def take(screen: Screen, file: str) -> None:
    """Check the file in the reader, then attach it to the open inspection."""
    inspection = screen.desk.inspection
    if inspection is None:
        return

    def attach(_proof: Thumbnail) -> None:
        command = AttachEvidence(inspection=inspection.id, path=file)
        screen.run(evidence.attach, command, lambda after: _attached(screen, after))

    screen.run(scanning.make_thumbnail, MakeThumbnail(path=file), attach)


def _attached(screen: Screen, after: Inspection) -> None:
    screen.desk.put_inspection(after)
    kept = after.evidence[-1]
    screen.note(screen.say("photo.kept"), screen.say("photo.kept-words", hash=kept.plain_sha256[:16]))
