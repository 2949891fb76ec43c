"""Structures: read, made comparable, held against the class rules, drawn.

The only door to RDKit, which is an optional part of the installation: without it `available()` is False and
everything else about substances still works. Refuses what is too large to be a substance of any list.
"""

from importlib.util import find_spec


def available() -> bool:
    """Say whether structures can be read on this machine."""
    return find_spec("rdkit") is not None
