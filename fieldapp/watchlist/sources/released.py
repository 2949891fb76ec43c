"""A release of ours as a source: to look into one, to merge several, to build on one that was published.

A bare release proves that it is whole. One that headquarters wrote for a stick brings its metadata, which is
verified here down to the file: signed by two officers under its own root, and with `anchor` under a root that
is known otherwise. When it was signed does not matter here; a laptop that takes one in asks that too.
Entries keep the source they came from.
"""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from fieldapp.errors import TrustError
from fieldapp.watchlist import release, trust
from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.frames import ReleaseDamaged, ReleaseForeign
from fieldapp.watchlist.release import Packed
from fieldapp.watchlist.sources.refusal import SourceRefused, Tell, silent, told

NAME = "release"


def read(paths: Sequence[Path], tell: Tell = silent) -> Iterator[Entry]:
    """Yield the entries of every release of `paths`."""
    for path in paths:
        try:
            with path.open("rb") as raw:
                carried = trust.is_carried(raw.read(len(trust.CARRIED)))
            if carried:
                packed, _ = opened(path)
                tell(path.stat().st_size)
                yield from release.open_release(packed)[1]
            else:
                with path.open("rb") as raw:
                    yield from release.open_release(told(raw, tell))[1]
        except (ReleaseForeign, release.ReleaseEmpty, trust.CarriedForeign) as error:
            raise SourceRefused(source=NAME, file=path.name, reason="root", line=0) from error
        except ReleaseDamaged as error:
            raise SourceRefused(source=NAME, file=path.name, reason="cut", line=0) from error
        except TrustError as error:
            raise SourceRefused(source=NAME, file=path.name, reason="signature", line=0) from error


def opened(path: Path, anchor: str = "") -> tuple[Packed, bool]:
    """Return the release in `path`, out of its wrapping, and whether it is signed under `anchor`.

    Raises what `trust` has against its metadata; a bare release is never anchored.
    """
    with path.open("rb") as raw:
        if not trust.is_carried(raw.read(len(trust.CARRIED))):
            return path, False
    metadata, content = trust.unpack_carried(path.read_bytes())
    from fieldapp.watchlist import verification  # loads python-tuf: only for a release that is signed

    target = verification.signed_release(metadata, anchor)
    trust.check_content(target, content)
    return io.BytesIO(content), bool(anchor)
