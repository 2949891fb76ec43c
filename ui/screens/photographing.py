"""Photos as evidence: the reader proves that a file is one, the vault hashes and seals it; the strip of them.

What a photo says of itself is shown as said by the file, and where it disagrees with this moment or this
place, that is said at once. A marked copy stands beside its original.
"""

from fieldapp.actions import developing, evidence, scanning
from fieldapp.actions.developing import LookAtPhoto, PhotoSeen
from fieldapp.actions.evidence import AttachEvidence, EvidenceContent, ShowEvidence
from fieldapp.actions.scanning import MakeThumbnail
from fieldapp.inspection.evidence import Evidence
from fieldapp.inspection.inspection import Inspection
from fieldapp.scan.claims import Claims
from fieldapp.text import say
from ui.jobs import REFRESH
from ui.models.naming import printable
from ui.screens import annotating, files
from ui.screens.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.card import Clear
from ui.widgets.label import Elided
from ui.widgets.photo_strip import Photo, PhotoStrip


def pick(screen: Screen) -> None:
    """Ask for a file."""
    files.choose(screen, screen.say("act.photo"), lambda file: take(screen, file), files.PICTURES[:-1])


def take(screen: Screen, file: str) -> None:
    """Check the file in the reader, then attach it to the open inspection."""
    inspection = screen.desk.inspection
    if inspection is None:
        return

    def attach(seen: PhotoSeen) -> None:
        command = AttachEvidence(inspection=inspection.id, path=file, claims=seen.claims, sha256=seen.sha256)
        screen.run(evidence.attach, command, lambda after: _attached(screen, after))

    screen.run(developing.look_at_photo, LookAtPhoto(path=file), attach)


def _attached(screen: Screen, after: Inspection) -> None:
    screen.desk.put_inspection(after)
    kept = after.evidence[-1]
    told = [f"• {screen.say(f'claim.doubt.{doubt}')}" for doubt in kept.doubts]
    if kept.claims is not None:
        told.append(screen.say("photo.claims", told=claimed(kept.claims)))
    told.append(screen.say("photo.kept-words", hash=kept.plain_sha256[:16]))
    if kept.doubts:
        screen.banner.show_alert(screen.say("photo.doubt"), "\n".join(told), "warn")
    else:
        screen.note(screen.say("photo.kept"), "\n".join(told))


def claimed(claims: Claims) -> str:
    """Return what a file says of itself, in one line."""
    place = ""
    if claims.latitude is not None and claims.longitude is not None:
        place = f"{claims.latitude:.5f}, {claims.longitude:.5f}"
    return " · ".join(filter(None, (claims.taken.replace("T", " "), place, printable(claims.camera))))


def caption(item: Evidence, language: str) -> str:
    """Return what a photo is called; a copy says that it is one."""
    words = printable(item.caption or item.original_name or item.plain_sha256[:12])
    return say("mark.copy", language, caption=words) if item.derived_from else words


class Exhibits(Clear):
    """The photos of the open inspection. `strip` says which are pressed; `annotate` marks a copy of one."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(row=False, spacing=8)
        self._screen = screen
        self._pictures: dict[str, bytes] = {}
        self._words = Elided(screen.say("findings.photo-none"), "muted")
        self.annotate = Button(screen.say("photo.mark"), "flag")
        self.annotate.clicked.connect(lambda: self._annotate(""))
        self.body.addWidget(self._words)
        self.strip = PhotoStrip(screen.say("findings.photo-strip"))
        self.strip.opened.connect(self._annotate)
        self.body.addWidget(self.strip)
        self.annotate.hide()

    def forget(self) -> None:
        """Another inspection comes: its pictures are its own."""
        self._pictures.clear()

    def show_inspection(self, inspection: Inspection) -> None:
        """Show the photos; those that belong to no finding yet are marked for the next one."""
        exhibits = tuple(item for item in inspection.evidence if item.purpose == "exhibit")
        known = {photo.id for photo in exhibits}
        fresh = tuple(item.id for item in exhibits if item.id not in self._pictures)
        taken = {photo for each in inspection.findings for photo in each.evidence}
        photos = [
            Photo(
                id=item.id,
                caption=caption(item, self._screen.language),
                picture=self._pictures.get(item.id, b""),
            )
            for item in exhibits
        ]
        chosen = {*self.strip.marked(), *(item for item in fresh if item not in taken)} & known
        self.strip.show_photos(photos, tuple(chosen))
        self._words.setText(self._screen.say("findings.photo-mark" if photos else "findings.photo-none"))
        originals = any(not item.derived_from for item in exhibits)
        self.annotate.setVisible(originals and inspection.state == "draft")
        for item in fresh:
            self._pictures[item] = b""
            self._fetch(inspection, item)

    def _annotate(self, photo: str) -> None:
        """Mark the photo that was opened, or the last one pressed that is an original."""
        inspection = self._screen.desk.inspection
        if inspection is None or inspection.state != "draft":
            return
        originals = [item.id for item in inspection.evidence if not item.derived_from]
        wanted = [photo] if photo else [item for item in self.strip.marked() if item in originals]
        if not wanted or wanted[-1] not in originals:
            self._screen.note(self._screen.say("photo.mark"), self._screen.say("mark.none"))
            return
        annotating.open_for(self._screen, inspection, wanted[-1])

    def _fetch(self, inspection: Inspection, item: str) -> None:
        """Have the vault open one photo and the reader make it small."""
        screen = self._screen

        def keep(jpeg: bytes) -> None:
            self._pictures[item] = jpeg
            if screen.desk.inspection is not None and screen.desk.inspection.id == inspection.id:
                self.show_inspection(screen.desk.inspection)

        def shrink(shown: EvidenceContent) -> None:
            command = MakeThumbnail(content=shown.content, edge=240)
            screen.jobs.run(
                scanning.make_thumbnail, command, done=lambda made: keep(made.jpeg), priority=REFRESH
            )

        show = ShowEvidence(inspection=inspection.id, evidence=item, revision=inspection.revision)
        screen.run(evidence.show, show, shrink, priority=REFRESH)
