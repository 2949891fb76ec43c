"""In memory: the calls go to a function. For tests, and for bundles that are read where they lie."""

from collections.abc import Callable

from sync.transport import Call, Reply


class Memory:
    """One headquarters behind a function."""

    def __init__(self, answer: Callable[[Call], Reply]) -> None:
        self._answer = answer

    def carry(self, call: Call) -> Reply:
        """Hand `call` over and return the answer."""
        return self._answer(call)

    def close(self) -> None:
        """Nothing to let go of."""
