"""Where everything is built and wired: jobs, window, settings, in the order a start needs them.

`main` is the installed command. With a verb it hands over to the headless doors and imports no Qt; without
one it opens the window.
"""

import multiprocessing
import sys

SMOKE = "--open-and-close"  # opens the window, lets its workers answer once, and closes it
SYNC_VERBS = frozenset({"now", "sync", "bundle"})


def main() -> int:
    """Open the window, or serve the verb that the process was called with."""
    multiprocessing.freeze_support()
    if len(sys.argv) < 2 or sys.argv[1] == SMOKE:
        return _open_window()
    if sys.argv[1] in SYNC_VERBS:
        import sync.__main__

        rest = sys.argv[2:] if sys.argv[1] == "sync" else sys.argv[1:]
        return sync.__main__.main(rest)
    import fieldapp.__main__

    return fieldapp.__main__.main()


def _open_window() -> int:
    from PySide6.QtWidgets import QApplication

    from fieldapp import paths, settings, text
    from fieldapp.actions import provisioning
    from ui import alerts, theme
    from ui.jobs import WorkerJobs
    from ui.window import Window

    app = QApplication(sys.argv[:1])
    app.setApplicationName("Fieldapp")
    app.setQuitOnLastWindowClosed(True)
    loaded = settings.load()
    theme.wear(app, loaded.settings.theme)
    folder = paths.vaults() / (loaded.settings.inspector_hint or "inspector")
    window = Window(WorkerJobs(folder), loaded.settings)
    alerts.watch_for_bugs(window.show_failure)
    window.resize(1366, 728)
    room = app.primaryScreen().availableSize()
    if room.width() < 1366 or room.height() < 728:
        window.showMaximized()
    else:
        window.show()
    if loaded.moved_aside is not None:
        language = loaded.settings.language
        window.screens["unlock"].banner.show_alert(
            text.say("alert.situation", language), text.say("settings.moved-aside", language), "warn"
        )
    if SMOKE in sys.argv:

        def close(_answer: object) -> None:
            sys.stdout.write(f"lock signs: {window.signs.heard}\n")
            window.close()

        window.jobs.run(provisioning.look, provisioning.Look(), done=close, failed=close)
    return app.exec()
