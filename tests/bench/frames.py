"""Synthetic camera frames: real symbols on a cluttered table, treated as hands, lamps and lenses do."""

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fieldapp.scan import draw

Grey = NDArray[np.uint8]

WIDTH, HEIGHT = 1280, 720

SYMBOLS: dict[str, tuple[draw.Drawable, float]] = {
    # name: symbology of the writer, pixels a module
    "DataMatrix": ("DataMatrix", 3.2),
    "QRCode": ("QRCode", 3.2),
    "Aztec": ("Aztec", 3.2),
    "PDF417": ("PDF417", 2.4),
    "Code128": ("Code128", 2.2),
    "EAN13": ("EAN13", 2.2),
    "Code39": ("Code39", 2.2),
    "ITF": ("ITF", 2.2),
    "DataBarExp": ("DataBarExp", 2.2),
}


class Case(NamedTuple):
    """One frame, what is in it, and what was done to it."""

    frame: Grey
    raw: bytes
    symbology: str
    treatment: str


def cases(seed: int, times: int = 1) -> Iterator[Case]:
    """Yield every symbology under every treatment, `times` times, fresh for each seed."""
    chance = np.random.default_rng(seed)
    for _ in range(times):
        for name, (symbology, module) in SYMBOLS.items():
            for treatment in TREATMENTS:
                content, raw, gs1 = _content(name, chance)
                matrix = draw.draw_code(content, symbology, gs1=gs1, scale=1)
                yield Case(_frame(matrix, module, treatment, chance), raw, name, treatment)


def blank(chance: np.random.Generator) -> Grey:
    """Return a frame of table, print and parcels without any code."""
    return _clutter(chance)


def _digits(chance: np.random.Generator, count: int) -> str:
    return "".join(str(digit) for digit in chance.integers(0, 10, count))


def _check(digits: str) -> str:
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def _content(name: str, chance: np.random.Generator) -> tuple[str, bytes, bool]:
    if name == "EAN13":
        number = _check("4" + _digits(chance, 11))
        return number, number.encode(), False
    if name == "ITF":
        number = _check("0" + _digits(chance, 12))
        return number, number.encode(), False
    if name in ("DataMatrix", "DataBarExp"):
        gtin, batch = _check("0" + _digits(chance, 12)), "L" + _digits(chance, 4)
        serial = "S" + _digits(chance, 3)
        text = f"(01){gtin}(10){batch}(21){serial}"
        return text, f"01{gtin}10{batch}\x1d21{serial}".encode(), True
    text = f"FIELD-{_digits(chance, 6)}" if name != "Code39" else f"F{_digits(chance, 6)}"
    return text, text.encode(), False


def _clutter(chance: np.random.Generator) -> Grey:
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    ground = 150 + 40 * np.sin(columns / 400 + chance.random() * 6) + 25 * np.cos(rows / 300)
    frame = ground.astype(np.uint8)
    for _ in range(14):
        left, top = int(chance.integers(0, WIDTH)), int(chance.integers(0, HEIGHT))
        size = (int(chance.integers(30, 260)), int(chance.integers(20, 160)))
        cv2.rectangle(frame, (left, top), (left + size[0], top + size[1]), int(chance.integers(60, 240)), -1)
    for _ in range(25):
        place = (int(chance.integers(0, WIDTH)), int(chance.integers(0, HEIGHT)))
        word = "".join(chance.choice(list("ABCDEFGHKLMNPRSTUXYZ0123456789 "), 12))
        cv2.putText(
            frame, word, place, cv2.FONT_HERSHEY_SIMPLEX, 0.4 + chance.random() * 0.6, 40, 1, cv2.LINE_AA
        )
    return frame


def _frame(matrix: Grey, module: float, treatment: str, chance: np.random.Generator) -> Grey:
    if treatment == "small":
        module *= 0.6
    paper = cv2.copyMakeBorder(matrix, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=(255,))
    code = cv2.resize(paper, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    if treatment == "curved":
        code = _curve(np.asarray(code, np.uint8))
    low, high = {"low contrast": (95, 150), "low light": (12, 60)}.get(treatment, (25, 225))
    code = np.asarray(low + code.astype(np.float32) * (high - low) / 255, np.uint8)
    turn = {
        "rot15": 15.0,
        "rot28-42": chance.uniform(28, 42),
        "rot52-68": chance.uniform(52, 68),
    }.get(treatment, chance.uniform(-3, 3))
    frame = _clutter(chance)
    if treatment == "low light":
        frame = np.asarray(frame * 0.2, np.uint8)
    frame = _place(frame, code, module / 8, turn, chance, slanted=treatment == "perspective")
    return _lens(frame, treatment, chance)


def _curve(code: Grey) -> Grey:
    height, width = code.shape
    angle = np.linspace(-1.05, 1.05, width)
    across = (np.sin(angle) / np.sin(1.05) + 1) / 2 * (width - 1)
    back = np.interp(np.arange(width), across, np.arange(width)).astype(np.float32)
    rows = np.repeat(np.arange(height, dtype=np.float32)[:, None], width, axis=1)
    return np.asarray(cv2.remap(code, np.repeat(back[None], height, axis=0), rows, cv2.INTER_AREA), np.uint8)


def _place(
    frame: Grey, code: Grey, scale: float, turn: float, chance: np.random.Generator, *, slanted: bool
) -> Grey:
    height, width = code.shape
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    centred = (flat - flat.mean(axis=0)) * scale
    if slanted:
        depth = 1 + 0.35 * centred[:, 0] / max(abs(centred[:, 0]).max(), 1) * np.sin(np.radians(40))
        centred = centred * np.array([np.cos(np.radians(40)), 1]) / depth[:, None]
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    turned = centred @ np.array([(cos, sin), (-sin, cos)])
    middle = (WIDTH / 2 + chance.uniform(-90, 90), HEIGHT / 2 + chance.uniform(-50, 50))
    target = np.asarray(turned + middle, np.float32)
    matrix = cv2.getPerspectiveTransform(flat, target)
    # Draw at twice the size and shrink, so that modules are mixed as a lens mixes them.
    double = np.diag((2.0, 2.0, 1.0)) @ matrix
    size = (2 * WIDTH, 2 * HEIGHT)
    large = cv2.warpPerspective(
        cv2.GaussianBlur(code, (0, 0), 0.3 / scale), double, size, flags=cv2.INTER_AREA
    )
    cover = cv2.warpPerspective(np.full_like(code, 255), double, size)
    large, cover = (
        cv2.resize(part, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA) for part in (large, cover)
    )
    share = cover.astype(np.float32) / 255
    return np.asarray(frame * (1 - share) + large.astype(np.float32) * share.clip(0, 1), np.uint8)


def _lens(frame: Grey, treatment: str, chance: np.random.Generator) -> Grey:
    if treatment.startswith("blur"):
        frame = np.asarray(cv2.GaussianBlur(frame, (0, 0), float(treatment[4:])), np.uint8)
    if treatment == "motion7":
        kernel = np.zeros((7, 7), np.float32)
        kernel[3] = 1 / 7
        around = cv2.getRotationMatrix2D((3, 3), chance.uniform(0, 180), 1)
        kernel = cv2.warpAffine(kernel, around, (7, 7))
        frame = np.asarray(cv2.filter2D(frame, -1, kernel / kernel.sum()), np.uint8)
    if treatment == "glare":
        rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
        away = (columns - WIDTH / 2 - 40) ** 2 / 180**2 + (rows - HEIGHT / 2 - 20) ** 2 / 60**2
        frame = np.clip(frame + 190 * np.exp(-away), 0, 250).astype(np.uint8)
    noise = 5.0 if treatment == "low light" else 2.5
    frame = np.clip(frame + chance.normal(0, noise, frame.shape), 0, 255).astype(np.uint8)
    if treatment == "jpeg15":
        _, packed = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 15])
        frame = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    return frame


TREATMENTS = (
    "clean", "small", "rot15", "rot28-42", "rot52-68", "blur1.5", "blur2.2", "motion7", "low light",
    "low contrast", "glare", "perspective", "curved", "jpeg15",
)  # fmt: skip
