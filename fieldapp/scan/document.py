"""PDF pages as grey pictures, through pypdfium2.

Promises: pages are drawn, nothing in them is run: no form environment is set up, so no JavaScript, no
links, no embedded files. Refuses: documents behind a password, and pages whose drawing would pass the
pixel limit (they are drawn smaller). Past the limit on pages or time it says what was left.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pypdfium2
from PIL import Image

from fieldapp.scan.picture import (
    MEGAPIXELS,
    Grey,
    PictureDamaged,
    PictureLocked,
    check_bytes,
    check_size,
    check_turn,
)
from fieldapp.scan.symbol import Symbol

_POINTS_PER_INCH = 72
_PASSWORD = 4  # FPDF_ERR_PASSWORD


class Sheet(NamedTuple):
    """One page of an open document; `number` counts from 1."""

    document: pypdfium2.PdfDocument
    number: int

    def draw(self, dpi: float) -> Grey:
        """Return the page as 8-bit grey; raises PictureDamaged."""
        return draw_page(self.document, self.number - 1, dpi)

    def is_finer(self, dpi: float) -> bool:
        """Say whether there is more to see than `dpi` shows: anything but scans of that density or less."""
        try:
            for item in self.document[self.number - 1].get_objects(max_depth=4):
                if not isinstance(item, pypdfium2.PdfImage):
                    return True
                left, bottom, right, top = item.get_bounds()
                across, down = item.get_px_size()
                inches = (right - left) * (top - bottom) / _POINTS_PER_INCH**2
                if across * down > inches * (1.05 * dpi) ** 2:
                    return True
        except (pypdfium2.PdfiumError, ValueError):
            return True
        return False


Look = Callable[[Sheet], tuple[Symbol, ...]]


def is_pdf(content: bytes) -> bool:
    """Say whether the content calls itself PDF within its first kibibyte, as readers accept it."""
    return b"%PDF-" in content[:1024]


def open_document(content: bytes) -> pypdfium2.PdfDocument:
    """Return the opened document; raises PictureLocked, PictureDamaged or PictureTooLarge."""
    check_bytes(len(content))
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "assword" in str(error):
            raise PictureLocked(bytes=len(content)) from None
        raise PictureDamaged(bytes=len(content)) from None


def draw_page(document: pypdfium2.PdfDocument, number: int, dpi: float) -> Grey:
    """Return page `number` (from 0) as 8-bit grey at `dpi`, or less where the page is huge."""
    try:
        page = document[number]
        width, height = page.get_size()
        scale = dpi / _POINTS_PER_INCH
        pixels = max(width * height * scale * scale, 1.0)
        scale *= min(1.0, (MEGAPIXELS * 1_000_000 / pixels) ** 0.5)
        bitmap = page.render(scale=scale, grayscale=True)
        return np.ascontiguousarray(bitmap.to_numpy().reshape(bitmap.height, bitmap.width))
    except (pypdfium2.PdfiumError, ValueError, MemoryError, OverflowError):
        raise PictureDamaged(page=number + 1) from None


def draw_width(content: bytes, page: int, width: int) -> tuple[Image.Image, int]:
    """Return page `page` (from 1, kept in range), `width` pixels wide, in RGB, and the page count."""
    document = open_document(content)
    try:
        count = len(document)
        if count == 0:
            raise PictureDamaged(pages=0)
        opened = document[max(1, min(page, count)) - 1]
        across, down = opened.get_size()
        scale = width / max(across, 1.0)
        check_size(width, int(down * scale))
        return opened.render(scale=scale).to_pil().convert("RGB"), count
    except (pypdfium2.PdfiumError, ValueError, MemoryError, OverflowError):
        raise PictureDamaged(page=page) from None
    finally:
        document.close()


def read(content: bytes, page_of: Look, until: float = math.inf) -> Iterator[tuple[Symbol, ...]]:
    """Yield what `page_of` finds on each page.

    No page is begun at or after `until`, a moment of `time.perf_counter`; raises DocumentPagesLeft then.
    """
    document = open_document(content)
    try:
        for number in range(len(document)):
            check_turn(number, until)
            yield page_of(Sheet(document, number + 1))
    finally:
        document.close()
