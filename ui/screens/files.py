"""Choosing files without a blocking loop, and reading or writing small ones. A lock closes the dialogs."""

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

PICTURES = ("png", "jpg", "jpeg", "webp", "gif", "tif", "tiff", "bmp", "pdf")


def choose(
    parent: QWidget, title: str, then: Callable[[str], object], suffixes: tuple[str, ...] = ()
) -> None:
    """Ask for an existing file; `then` gets its path."""
    dialog = QFileDialog(parent.window(), title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    if suffixes:
        dialog.setNameFilter(f"{title} ({' '.join(f'*.{suffix}' for suffix in suffixes)})")
    dialog.fileSelected.connect(then)
    dialog.open()


def choose_folder(parent: QWidget, title: str, then: Callable[[str], object]) -> None:
    """Ask for an existing folder; `then` gets its path."""
    dialog = QFileDialog(parent.window(), title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(then)
    dialog.open()


def choose_new(parent: QWidget, title: str, name: str, then: Callable[[str], object]) -> None:
    """Ask where to write `name`; `then` gets the path, with the suffix of `name` where none was typed."""
    dialog = QFileDialog(parent.window(), title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.selectFile(name)
    dialog.fileSelected.connect(then)
    dialog.open()


def read_small(file: str, limit: int) -> bytes:
    """Return at most `limit` bytes of `file`; raises OSError."""
    with Path(file).open("rb") as handle:
        return handle.read(limit)


def write_whole(file: str, content: bytes) -> None:
    """Write a temporary file, sync it, rename it over `file`; raises OSError and leaves nothing half done."""
    place = Path(file)
    part = place.with_name(place.name + ".part")
    try:
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
