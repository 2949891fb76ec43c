"""The trade: what an inspector does with a consignment, without Qt, sockets or threads.

Read it from the top down: `actions` holds one function per thing a person does; below it lie the
nouns (`inspection`, `screening`, `watchlist`, `consignment`, `substances`, `identifiers`, `scan`),
`vault` and `report` at either hand, and at the bottom the tools everything stands on (`canonical`,
`clock`, `errors`, `ids`, `ledger`, `paths`, `settings`, `text`).
"""

__version__ = "0.1.0"
