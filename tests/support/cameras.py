"""A stand-in for a camera's driver: it takes only the properties it is told to take."""

from collections.abc import Iterable

import cv2
import numpy as np

from fieldapp.scan.abilities import Size


class Driver:
    """Gives `pictures` pictures and then none; `torch` is the property its light goes by, 0 for none.

    `sizes` are the ones it takes; asked for another it stays at the nearest narrower one, as drivers do.
    """

    def __init__(
        self,
        *,
        pictures: int = 1000,
        present: bool = True,
        torch: int = 0,
        sizes: Iterable[Size] = ((640, 480), (1280, 720)),
    ) -> None:
        self.left = pictures
        self.present = present
        self.torch = torch
        self.lit = 0.0
        self.sizes = tuple(sizes)
        self.asked = [640, 480]
        self.released = False

    @property
    def size(self) -> Size:
        fitting = [size for size in self.sizes if size[0] <= self.asked[0] and size[1] <= self.asked[1]]
        return max(fitting, default=self.sizes[0])

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return self.present

    def read(self) -> tuple[bool, np.ndarray | None]:
        if self.left == 0:
            return False, None
        self.left -= 1
        return True, np.full((self.size[1], self.size[0], 3), 200 if self.lit else 90, np.uint8)

    def get(self, prop: int) -> float:
        if prop == cv2.CAP_PROP_FRAME_WIDTH:
            return self.size[0]
        if prop == cv2.CAP_PROP_FRAME_HEIGHT:
            return self.size[1]
        return self.lit if prop == self.torch else -1.0

    def set(self, prop: int, value: float) -> bool:
        if prop == cv2.CAP_PROP_FRAME_WIDTH:
            self.asked[0] = round(value)
        elif prop == cv2.CAP_PROP_FRAME_HEIGHT:
            self.asked[1] = round(value)
        elif prop == self.torch:
            self.lit = value
        else:
            return False
        return True

    def release(self) -> None:
        self.released = True
