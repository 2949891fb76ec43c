"""Live scanning: one frame at a time, inside a budget, reads gathered over frames.

Promises: every frame gets the quick look; one step of the ladder more, a different one each frame, where
the budget allows; a code is reported once when enough reads of it agree within half a second, and again
only after it was out of sight for a second and a half. Refuses: to queue; to report what is not confirmed.
"""

import time
from collections.abc import Iterable

import msgspec

from fieldapp.scan import agreement, frames, ladder, region, zxing
from fieldapp.scan.frames import Frame
from fieldapp.scan.ladder import Scene, Stage
from fieldapp.scan.picture import Grey
from fieldapp.scan.read import Read
from fieldapp.scan.symbol import Symbol

_TOGETHER_MS = 500
_REARM_MS = 1500
_REARM_LOOKS = 5  # in vain, besides: where nobody looked, nothing was out of sight
_RESERVE_MS = 5  # kept for the picture that goes with a fresh code
_DEARER = 1.15  # than the last few times: how much a step may turn out to be
_GRAINY = 3.5  # levels of grey
_AIM = 0.68  # of width and height: where a person aims, in half the pixels

Key = tuple[str, str]


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What one frame showed.

    `symbols` are all codes in it, for the overlay, confirmed or not yet; `fresh` the codes to take now;
    `picture` the frame as JPEG when there is something fresh, to be kept as evidence; `ms` the time spent.
    """

    symbols: tuple[Symbol, ...]
    fresh: tuple[Symbol, ...]
    picture: bytes
    width: int
    height: int
    ms: float


class Live:
    """Watches a stream of frames. Holds only the reads of the last half second and the codes in sight."""

    def __init__(self, budget_ms: float = 40, stages: Iterable[Stage] | None = None) -> None:
        self.budget_ms = budget_ms
        self._stages = tuple(stages or (stage for stage in ladder.STAGES if stage.name != "full"))
        self._turn = 0
        self._frames = 0
        self._reads: dict[Key, list[float]] = {}
        self._seen: dict[Key, tuple[float, int]] = {}  # taken: when last in sight, and in which frame
        # What a step last cost here, a pixel; the list's figures are another machine's. Of the processor, not
        # of the clock: while others keep it busy, a look is no dearer.
        self._cost: dict[str, float] = {}

    def look(self, frame: Frame, at: float) -> Sight:
        """Look at one frame taken at `at` milliseconds of any steady clock."""
        begun = time.perf_counter()
        grey = frames.to_grey(frame)
        scene = Scene(grey, 1, until=begun + self.budget_ms * 0.7 / 1000)
        reads = self._quick(grey) if grey.size else []
        scene.found = ladder.merged((), (self._counted(read, at) for read in reads))
        if grey.size:
            scene.found = ladder.merged(scene.found, self._more(scene, begun))
        fresh = self._fresh(scene.found, at)
        return Sight(
            symbols=scene.found,
            fresh=fresh,
            picture=frames.to_jpeg(frame) if fresh else b"",
            width=grey.shape[1],
            height=grey.shape[0],
            ms=round((time.perf_counter() - begun) * 1000, 2),
        )

    def _quick(self, grey: Grey) -> list[Read]:
        """Look at the entire frame, or where that takes too long here, mostly at its middle."""
        self._frames += 1
        whole = self._cost.get("quick", 0.0) * grey.size <= 0.7 * self.budget_ms or self._frames % 4 == 0
        view = grey if whole else _middle(grey, _AIM)
        started = time.thread_time()
        # The engine takes noise for modules: a dark picture as it is costs five times as much.
        calm = region.softened(view) if region.grain(view) > _GRAINY else view
        reads = zxing.read(calm, "live", downscale=False, invert=False)
        cost = (time.thread_time() - started) * 1000 / view.size
        self._learn("quick", cost)
        across, down = _offset(grey, view)
        return [_shifted(read, across, down) for read in reads]

    def _counted(self, read: Read, at: float) -> Symbol:
        """Return the read as a symbol, with the frames that lately agreed as its votes."""
        times = self._reads.setdefault((read.symbology, read.raw.hex()), [])
        times.append(at)
        times[:] = [moment for moment in times if at - moment <= _TOGETHER_MS]
        enough = agreement.needed(read)
        self._forget(at)
        return agreement.as_symbol(read, 1, len(times), confirmed=0 < enough <= len(times))

    def _forget(self, at: float) -> None:
        for key in [key for key, times in self._reads.items() if at - times[-1] > _TOGETHER_MS]:
            del self._reads[key]

    def _more(self, scene: Scene, begun: float) -> tuple[Symbol, ...]:
        """Climb one more step, whichever is next and fits what is left of the budget."""
        for _ in self._stages:
            stage = self._stages[self._turn % len(self._stages)]
            self._turn += 1
            if stage.only_if_none and scene.found:
                continue
            view = self._view(scene, stage)
            left = self.budget_ms - _RESERVE_MS - (time.perf_counter() - begun) * 1000
            if self._expected(stage, view.grey) > left:
                continue
            started = time.thread_time()
            found = tuple(stage.look(view))
            cost = (time.thread_time() - started) * 1000 / view.grey.size
            self._learn(stage.name, cost)
            across, down = _offset(scene.grey, view.grey)
            return tuple(_moved(symbol, across, down) for symbol in found)
        return ()

    def _view(self, scene: Scene, stage: Stage) -> Scene:
        # Treated pictures are dear: only the middle, where a person holds what is to be read.
        if stage.name == "regions" or max(scene.grey.shape) <= 640:
            return scene
        return Scene(_middle(scene.grey, 0.5), 1, scene.until)

    def _learn(self, name: str, cost: float) -> None:
        # The dearest of the last few: a busy table costs more than an empty one.
        self._cost[name] = max(cost, 0.9 * self._cost.get(name, 0.0))

    def _expected(self, stage: Stage, grey: Grey) -> float:
        return self._cost.get(stage.name, stage.cost / (1280 * 720)) * grey.size * _DEARER

    def _fresh(self, found: Iterable[Symbol], at: float) -> tuple[Symbol, ...]:
        """Return the confirmed codes that were not taken yet, and note all that is in sight, sure or not."""
        for key, (moment, frame) in tuple(self._seen.items()):
            if at - moment > _REARM_MS and self._frames - frame > _REARM_LOOKS:
                del self._seen[key]
        now = {(symbol.symbology, symbol.hex): symbol for symbol in found}
        fresh = {key: symbol for key, symbol in now.items() if symbol.confirmed and key not in self._seen}
        for key in now:
            if key in self._seen or key in fresh:
                self._seen[key] = at, self._frames
        return tuple(fresh.values())


def _offset(whole: Grey, part: Grey) -> tuple[int, int]:
    return (whole.shape[1] - part.shape[1]) // 2, (whole.shape[0] - part.shape[0]) // 2


def _middle(grey: Grey, part: float) -> Grey:
    across, down = (round(edge * (1 - part) / 2) for edge in (grey.shape[1], grey.shape[0]))
    return grey[down : grey.shape[0] - down, across : grey.shape[1] - across]


def _shifted(read: Read, across: int, down: int) -> Read:
    return msgspec.structs.replace(read, corners=tuple((x + across, y + down) for x, y in read.corners))


def _moved(symbol: Symbol, across: int, down: int) -> Symbol:
    corners = tuple((x + across, y + down) for x, y in symbol.corners)
    return msgspec.structs.replace(symbol, corners=corners)
