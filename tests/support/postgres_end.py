"""Ends a PostgreSQL of the tests once those who started it have ended, killed ones too.

`python -m tests.support.postgres_end FOLDER PG_CTL USER` reads its standard input to the end, which comes
with the end of the process that holds the other side. Then it stops the server in FOLDER/data and removes
FOLDER. USER is who runs the server, "" for whoever runs this.
"""

import shutil
import subprocess
import sys
from pathlib import Path


def end(folder: Path, pg_ctl: Path, user: str) -> None:
    """Stop the server, if one runs, and remove its folder: one still starting ends without its files."""
    subprocess.run(
        [pg_ctl, "-D", folder / "data", "-w", "-m", "immediate", "stop"],
        check=False, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120,
        user=user or None,
    )  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    end(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
