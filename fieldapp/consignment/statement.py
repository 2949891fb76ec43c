"""What one paper says about one thing: a field, a value as written, the goods line it is about.

Values stay as they were written or scanned; reading them is the comparison's business, so that nothing
is lost by a reading that was too clever.
"""

from typing import Annotated, Literal

import msgspec

from fieldapp.consignment.bounds import Number, Text

Field = Literal[
    "consignor", "consignee", "manufacturer", "goods", "cas", "hs", "batch", "made", "expires",
    "quantity", "packages", "net", "gross", "tare", "container", "seal", "licence", "invoice", "value",
]  # fmt: skip
FIELDS: tuple[Field, ...] = Field.__args__  # type: ignore[attr-defined]  # the one list of them
OF_A_LINE: frozenset[Field] = frozenset(
    {"manufacturer", "goods", "cas", "hs", "batch", "made", "expires", "quantity", "licence"}
)


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One statement. `line` is a goods line's number, None for the whole consignment.

    `uncertainty` is kept as an instrument or a reader gives it ("0.5 kg", "blurred").
    """

    field: Field
    value: Annotated[Text, msgspec.Meta(min_length=1)]
    line: Number | None = None
    uncertainty: Annotated[str, msgspec.Meta(max_length=100)] = ""
