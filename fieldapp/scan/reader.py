"""The reader process's room: opens pictures and documents of strangers and draws their previews.

Promises: holds no key, no case material and no state between calls but the open camera, so that ending its
process loses nothing. Refuses: files that are not regular files, and everything `fieldapp.scan.picture`
refuses. The engines are loaded with their first use: the window and the other rooms know this class and need
none of them.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from fieldapp.errors import SituationError
from fieldapp.scan.preview import Preview
from fieldapp.scan.symbol import Reading

if TYPE_CHECKING:  # loads the engines
    from fieldapp.scan.film import Film


class CameraClosed(SituationError):
    """Nothing is open to look through: the reader was started anew since."""

    code = "camera-closed"


class Reader:
    """What the actions of the reader lane are handed."""

    def __init__(self) -> None:
        self._film: Film | None = None

    def read(self, path: str = "", content: bytes = b"") -> Reading:
        """Return the codes in `content`, or in the file at `path` where there is no content."""
        from fieldapp.scan import decode

        return decode.decode_picture(content, path) if content else decode.decode_file(path)

    def preview(self, path: str = "", content: bytes = b"", page: int = 1, width: int = 800) -> Preview:
        """Return one page drawn `width` pixels wide; raises the errors of `fieldapp.scan.picture`."""
        from fieldapp.scan import draw

        return draw.preview(content or self._content(path), page, width)

    def thumbnail(self, path: str = "", content: bytes = b"", edge: int = 160) -> bytes:
        """Return a JPEG whose longer edge is at most `edge` pixels."""
        from fieldapp.scan import draw

        return draw.thumbnail(content or self._content(path), edge)

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

    def close_camera(self) -> None:
        """Let go of the camera, if one is open."""
        film, self._film = self._film, None
        if film is not None:
            film.close()

    def _content(self, path: str) -> bytes:
        from fieldapp.scan import picture

        return picture.load(Path(path))
