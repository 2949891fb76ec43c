"""Where things live on this machine, frozen or not.

One environment variable, FIELDAPP_HOME, moves everything; without it the system's own folders are
used (platformdirs). Nothing here creates a folder: whoever writes does.
"""

import os
from pathlib import Path

import platformdirs

_APP = "fieldapp"


def home() -> Path:
    """Return the folder that holds vaults and lists."""
    moved = os.environ.get("FIELDAPP_HOME")
    return Path(moved) if moved else Path(platformdirs.user_data_dir(_APP, appauthor=False))


def config() -> Path:
    """Return the folder that holds the settings of this device."""
    moved = os.environ.get("FIELDAPP_HOME")
    return Path(moved) if moved else Path(platformdirs.user_config_dir(_APP, appauthor=False))


def vaults() -> Path:
    """Return the folder that holds one folder per inspector's vault."""
    return home() / "vaults"


def crash() -> Path:
    """Return the folder for crash files: tracebacks, never case material."""
    return home() / "crash"
