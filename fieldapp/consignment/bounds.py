"""What a declared field may hold: more than any real paper, less than would stop a screen or a report."""

from typing import Annotated

import msgspec

LINES = 2000  # goods lines, parties, papers, numbers: the largest real papers have some hundreds
Text = Annotated[str, msgspec.Meta(max_length=20_000)]
Short = Annotated[str, msgspec.Meta(max_length=200)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
Number = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Kilograms = Annotated[float, msgspec.Meta(ge=0.0, le=1e9)]
