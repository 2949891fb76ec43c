"""The camera in the reader process, and codes drawn for the screen.

Promises: `next_sight` answers with the newest picture there is, downscaled to the view, with every code in it
and those to take now; a camera that is missing, busy or pulled out is an error of its own. The camera stays
open between calls until it is closed. Refuses: to keep pictures, which the vault does; to call a code fresh
that is not confirmed.
"""

from typing import Literal

import msgspec

from fieldapp import canonical
from fieldapp.errors import SituationError
from fieldapp.scan.abilities import CameraAbilities, CameraWish
from fieldapp.scan.reader import Reader
from fieldapp.scan.symbol import Symbol


class ListCameras(msgspec.Struct, frozen=True, kw_only=True):
    """Try the first `most` cameras of this machine."""

    most: int = 4


class CameraSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A camera that gives a picture: its number and its picture's size in pixels."""

    index: int
    width: int
    height: int


class CameraList(msgspec.Struct, frozen=True, kw_only=True):
    """The cameras that answered."""

    cameras: tuple[CameraSeen, ...] = ()


class OpenCamera(msgspec.Struct, frozen=True, kw_only=True):
    """Open a camera by number, or a picture or video at `path` that stands in for one."""

    index: int = 0
    path: str = ""


class AdjustCamera(msgspec.Struct, frozen=True, kw_only=True):
    """Ask the open camera for light or another size; an empty wish only asks what it can."""

    wish: CameraWish = CameraWish()


class CloseCamera(msgspec.Struct, frozen=True, kw_only=True):
    """Let go of the camera."""


class CameraState(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a camera is open now."""

    open: bool


class NextSight(msgspec.Struct, frozen=True, kw_only=True):
    """Look at the newest picture; its preview is at most `width` pixels wide."""

    width: int = 640


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """What the camera shows now.

    `jpeg` is the preview; `width` and `height` are those of the whole picture, in which the corners of
    `symbols` are given. `fresh` are the confirmed codes to take now; with them comes `frame`, the whole
    picture as PNG, to be kept. `state` is "waiting" while no new picture has come, with nothing else in it.
    `dropped` counts pictures that were never looked at.
    """

    state: Literal["seeing", "waiting"]
    jpeg: bytes = b""
    frame: bytes = b""
    frame_sha256: str = ""
    width: int = 0
    height: int = 0
    symbols: tuple[Symbol, ...] = ()
    fresh: tuple[Symbol, ...] = ()
    ms: float = 0.0
    dropped: int = 0


class DrawCode(msgspec.Struct, frozen=True, kw_only=True):
    """Draw `text` as a Data Matrix, `scale` pixels a module."""

    text: str
    scale: int = 4


class DrawnCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code as PNG, quiet zone included."""

    png: bytes


def list_cameras(reader: Reader, command: ListCameras) -> CameraList:
    """Return the cameras that give a picture; the one that is open is closed for it."""
    from fieldapp.scan import frames

    reader.close_camera()
    found = frames.cameras(max(0, min(command.most, 10)))
    return CameraList(
        cameras=tuple(CameraSeen(index=each.index, width=each.width, height=each.height) for each in found)
    )


def open_camera(reader: Reader, command: OpenCamera) -> CameraState:
    """Open a camera, in place of any other."""
    reader.open_camera(command.index, command.path)
    return CameraState(open=True)


def next_sight(reader: Reader, command: NextSight) -> Sighting:
    """Look once. A camera that fails is closed."""
    from fieldapp.scan import frames

    film = reader.film()
    try:
        looked = film.look()
    except SituationError:
        reader.close_camera()
        raise
    if looked is None:
        return Sighting(state="waiting", dropped=film.dropped)
    frame, sight = looked
    kept = frames.to_png(frame) if sight.fresh else b""
    return Sighting(
        state="seeing",
        jpeg=frames.to_jpeg(frame, 80, max(64, min(command.width, 1920))),
        frame=kept,
        frame_sha256=canonical.sha256(kept) if kept else "",
        width=sight.width,
        height=sight.height,
        symbols=sight.symbols,
        fresh=sight.fresh,
        ms=sight.ms,
        dropped=film.dropped,
    )


def adjust_camera(reader: Reader, command: AdjustCamera) -> CameraAbilities:
    """Change what the driver lets be changed and return what it can now; raises `CameraUnplugged`."""
    return reader.adjust_camera(command.wish)


def close_camera(reader: Reader, command: CloseCamera) -> CameraState:
    """Let go of the camera; nothing happens where none is open."""
    del command
    reader.close_camera()
    return CameraState(open=False)


def draw_code(reader: Reader, command: DrawCode) -> DrawnCode:
    """Draw a code for the screen; raises `CodeUndrawable`."""
    return DrawnCode(png=reader.draw_code(command.text, max(1, min(command.scale, 16))))
