"""The reader process's room: opens pictures and documents of strangers and draws their previews.

Promises: holds no key, no case material and no state between calls but the open camera and port, so that
ending its process loses nothing. Refuses: files that are not regular files, and everything
`fieldapp.scan.picture` refuses. The engines are loaded with their first use: the window and the other rooms
know this class and need none of them.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from fieldapp.errors import SituationError
from fieldapp.scan.abilities import CameraAbilities, CameraWish
from fieldapp.scan.preview import Preview
from fieldapp.scan.symbol import Reading, Symbol

if TYPE_CHECKING:  # loads the engines
    from fieldapp.scan.film import Film
    from fieldapp.scan.serial import Line


class CameraClosed(SituationError):
    """Nothing is open to look through: the reader was started anew since."""

    code = "camera-closed"


class PortClosed(SituationError):
    """No port is open to listen to: the reader was started anew since."""

    code = "serial-port-closed"


class Reader:
    """What the actions of the reader lane are handed."""

    def __init__(self) -> None:
        self._film: Film | None = None
        self._line: Line | None = None

    def read(self, path: str = "", content: bytes = b"") -> Reading:
        """Return the codes in `content`, or in the file at `path` where there is no content."""
        from fieldapp.scan import decode

        return decode.decode_picture(content, path) if content else decode.decode_file(path)

    def preview(self, path: str = "", content: bytes = b"", page: int = 1, width: int = 800) -> Preview:
        """Return one page drawn `width` pixels wide; raises the errors of `fieldapp.scan.picture`."""
        from fieldapp.scan import draw

        return draw.preview(content or self.content(path), page, width)

    def thumbnail(self, path: str = "", content: bytes = b"", edge: int = 160) -> bytes:
        """Return a JPEG whose longer edge is at most `edge` pixels."""
        from fieldapp.scan import draw

        return draw.thumbnail(content or self.content(path), edge)

    def draw_code(self, text: str, scale: int) -> bytes:
        """Return `text` as a Data Matrix, PNG."""
        from fieldapp.scan import draw

        return draw.code_png(text, "DataMatrix", scale=scale)

    def open_camera(self, index: int, path: str = "") -> None:
        """Open a camera or its stand-in; the one before is closed. Raises the errors of `frames`."""
        from fieldapp.scan import film

        self.close_camera()
        self._film = film.Film(film.open_source(index, path))

    def film(self) -> "Film":
        """Return what is open; raises `CameraClosed`."""
        if self._film is None:
            raise CameraClosed
        return self._film

    def adjust_camera(self, wish: CameraWish) -> CameraAbilities:
        """Change light or size of the open camera, and return what it can; an empty wish only asks.

        Raises `CameraClosed`, and the errors of `frames`.
        """
        return self.film().adjust(wish)

    def close_camera(self) -> None:
        """Let go of the camera, if one is open."""
        film, self._film = self._film, None
        if film is not None:
            film.close()

    def open_port(self, name: str, baud: int) -> None:
        """Open a serial port by name; the one before is closed. Raises `PortMissing`."""
        from fieldapp.scan import serial

        self.close_port()
        self._line = serial.Line(serial.open_port(name, baud=baud), name)

    def heard(self) -> tuple[Symbol, ...]:
        """Return the codes that came to an end; raises `PortClosed`, and `PortMissing` where it went away."""
        if self._line is None:
            raise PortClosed
        try:
            return self._line.listen(time.perf_counter() * 1000)
        except SituationError:
            self.close_port()
            raise

    def close_port(self) -> None:
        """Let go of the port, if one is open."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def content(self, path: str) -> bytes:
        """Return the bytes of a file within the limits; raises the errors of `fieldapp.scan.picture`."""
        from fieldapp.scan import picture

        return picture.load(Path(path))
