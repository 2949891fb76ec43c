"""A checklist or an instrument's profile from a file: read in the reader, refused by line, or installed."""

from pathlib import Path

from fieldapp.actions import installing
from fieldapp.actions.installing import FormSeen, InstallForm, ReadForm
from fieldapp.inspection.checklist import SITES
from fieldapp.text import explain
from ui.models.naming import printable
from ui.screens import files
from ui.screens.screen import Screen
from ui.widgets.picker import Picker

FAULTS = 6  # of a file told at once


def pick(screen: Screen) -> None:
    """Ask for a file."""
    files.choose(screen, screen.say("checklist.from-file"), lambda file: take(screen, file), ("toml", "xlsx"))


def take(screen: Screen, file: str) -> None:
    """Read a file in the reader and install what is in it; for a sheet the kind of site is asked first."""
    if not file.casefold().endswith(".xlsx"):
        _read(screen, ReadForm(path=file))
        return
    sites = [(site, screen.say(f"checklist.site.{site}")) for site in SITES]
    Picker(screen.window(), screen.say("checklist.site"), sites, screen.say("do.cancel")).pick(
        lambda site: _read(screen, ReadForm(path=file, site=site))  # type: ignore[arg-type]  # one of SITES
    )


def _read(screen: Screen, command: ReadForm) -> None:
    def seen(form: FormSeen) -> None:
        made = form.checklist or form.profile
        if made is None:
            _refuse(screen, form, Path(command.path).name)
            return
        words = printable(made.words.in_language(screen.language))
        told = screen.say("checklist.installed", name=words, version=made.version)
        install = InstallForm(checklist=form.checklist, profile=form.profile)
        screen.run(installing.install_form, install, lambda _forms: screen.note(told))

    screen.run(installing.read_form, command, seen)


def _refuse(screen: Screen, form: FormSeen, name: str) -> None:
    """Say every fault with its line, the first few of many."""
    lines = []
    for fault in form.faults[:FAULTS]:
        why = explain(f"why.{fault.code}", screen.language, {})
        part = f"({printable(fault.part)})" if fault.part else ""
        lines.append(screen.say("checklist.fault-line", line=fault.line, why=why, part=part).rstrip())
    if len(form.faults) > FAULTS:
        lines.append(screen.say("checklist.more-faults", count=len(form.faults) - FAULTS))
    title = screen.say("checklist.refused", name=printable(name))
    screen.banner.show_alert(title, "\n".join(lines), "warn")
