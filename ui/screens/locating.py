"""The place from a receiver on a serial port: asked for, heard, and kept with how sure it is."""

from fieldapp.actions import examining, listening, locating
from fieldapp.actions.examining import NotePosition
from fieldapp.actions.listening import ListPorts, PortList
from fieldapp.actions.locating import AskReceiver, ReceiverSaid
from fieldapp.inspection import position
from fieldapp.inspection.inspection import Inspection
from ui.screens.section import Section
from ui.widgets.picker import Picker

TRIES = 10  # times two seconds; a receiver that knows the sky answers in the first


def pick(section: Section) -> None:
    """Ask which port the receiver is on, then listen to it."""

    def listed(found: PortList) -> None:
        if not found.ports:
            section.banner.show_alert(section.say("locate.device"), section.say("locate.none"), "warn")
            return
        options = [(port.name, f"{port.name}  {port.description}") for port in found.ports]
        title, no = section.say("locate.port"), section.say("do.cancel")
        Picker(section.window(), title, options, no).pick(lambda port: listen(section, port))

    section.run(listening.list_ports, ListPorts(), listed)


def listen(section: Section, port: str, tries: int = TRIES) -> None:
    """Listen until the receiver has a place, or says nothing that a receiver says."""
    inspection = section.desk.inspection
    if inspection is None or inspection.state != "draft":
        return
    section.note(section.say("locate.waiting"))

    def said(heard: ReceiverSaid) -> None:
        if heard.fix is not None:
            fix = heard.fix
            command = NotePosition(
                inspection=inspection.id,
                latitude=fix.latitude,
                longitude=fix.longitude,
                uncertainty_m=fix.uncertainty_m,
                device=port,
            )
            section.run(examining.note_position, command, lambda after: _kept(section, after))
        elif heard.sentences and tries > 1:
            listen(section, port, tries - 1)
        else:
            why = "locate.no-fix" if heard.sentences else "locate.silent"
            section.banner.show_alert(section.say("locate.device"), section.say(why), "warn")

    section.run(locating.ask_receiver, AskReceiver(port=port), said)


def _kept(section: Section, after: Inspection) -> None:
    section.keep(after)
    if after.located is not None:
        place = position.words(after.located, section.language)
        section.note(section.say("locate.kept", place=place))
