"""The shelf: data a lawyer, a translator or a chemist can read. No code lives here.

`path()` is the one way to reach a file of it, in a checkout as in a frozen bundle.
"""

from importlib.resources import files
from pathlib import Path


def path(*parts: str) -> Path:
    """Return where the resource `parts` lies on this disk."""
    return Path(str(files("resources"))).joinpath(*parts)
