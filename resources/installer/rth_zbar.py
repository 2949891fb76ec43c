"""Runtime hook of the frozen program: lets pyzbar find the libzbar that lies in the bundle."""

import ctypes.util
import sys
from pathlib import Path

_found = ctypes.util.find_library


def _find(name: str) -> str | None:
    if name == "zbar":
        bundled = sorted(Path(getattr(sys, "_MEIPASS", ".")).glob("libzbar*"))
        if bundled:
            return str(bundled[0])
    return _found(name)


ctypes.util.find_library = _find
