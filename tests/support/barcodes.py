"""Real symbols on synthetic pictures: drawn by the writer, then treated as a camera treats them."""

import io
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fieldapp.scan import draw

Grey = NDArray[np.uint8]

GTIN_PACK = "(01)09506000134352(17)280600(10)AB-12(21)X1"


def code(
    content: str = GTIN_PACK, symbology: Any = "DataMatrix", *, gs1: bool = True, scale: int = 4
) -> Grey:
    """A clean symbol with its quiet zone."""
    return draw.draw_code(content, symbology, gs1=gs1, scale=scale)


def on_page(
    symbol: Grey, width: int = 640, height: int = 480, at: tuple[int, int] = (60, 60), paper: int = 235
) -> Grey:
    """The symbol on a page, its top left corner at `at`."""
    page = np.full((height, width), paper, np.uint8)
    left, top = at
    page[top : top + symbol.shape[0], left : left + symbol.shape[1]] = symbol
    return page


def rotated(grey: Grey, degrees: float, paper: int = 235) -> Grey:
    """The picture turned, with nothing cut off."""
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    wide, high = int(height * sin + width * cos) + 2, int(height * cos + width * sin) + 2
    matrix[0, 2] += wide / 2 - width / 2
    matrix[1, 2] += high / 2 - height / 2
    return np.asarray(cv2.warpAffine(grey, matrix, (wide, high), borderValue=(paper,)), np.uint8)


def blurred(grey: Grey, sigma: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.uint8)


def noisy(grey: Grey, sigma: float, seed: int = 1) -> Grey:
    noise = np.random.default_rng(seed).normal(0, sigma, grey.shape)
    return np.clip(grey + noise, 0, 255).astype(np.uint8)


def dim(grey: Grey, floor: int, ceiling: int) -> Grey:
    """The picture squeezed into a narrow band of greys."""
    return (floor + grey.astype(np.float32) * (ceiling - floor) / 255).astype(np.uint8)


def encoded(grey: Grey | Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """The picture as file content."""
    picture = grey if isinstance(grey, Image.Image) else Image.fromarray(grey)
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def pdf(pages: list[Grey], dpi: int = 300) -> bytes:
    """A PDF with one picture a page."""
    pictures = [Image.fromarray(page) for page in pages]
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi)
    return out.getvalue()
