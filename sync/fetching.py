"""Posting one message and fetching one file, within a conversation; and the files of an earlier laptop.

What is fetched is bytes: whether they are what they should be is looked at where the keys are.
"""

from typing import TypeVar

import msgspec

from fieldapp.actions import inheriting
from fieldapp.errors import TrustError
from fieldapp.vault.evidence import EvidenceAltered
from sync import wire
from sync.steps import Ask, Conversation, Fetch, Post
from sync.wire import GivenAnswer, GivenRequest, TargetPart

FULL_BATCH = 100  # entries
T = TypeVar("T")


class Line(msgspec.Struct):
    """What outlives one exchange: the token of the open session, how much to push at once, which frames.

    `device` is whose session it is: on a shared laptop the next exchange may be another officer's vault.
    """

    token: str = ""
    device: bytes = b""
    limit: int = FULL_BATCH
    dictionary: bool = True  # until headquarters says that it holds another

    def belongs_to(self, device: bytes) -> None:
        """Keep the session for the vault it was opened for, and for no other."""
        if self.device != device:
            self.token, self.device = "", device

    def failed(self) -> None:
        """Halve the next batch: what was too much for this line may pass in parts."""
        self.limit = max(1, self.limit // 2)

    def held(self) -> None:
        """Go back to full batches."""
        self.limit = FULL_BATCH


def post(line: Line, path: str, message: msgspec.Struct, of: type[T]) -> Conversation[T]:
    """Post a message; once more, and from then on, without the dictionary where headquarters has another."""
    for _attempt in range(2):
        try:
            answer: T = yield Post(
                path=path, message=message, of=of, token=line.token, dictionary=line.dictionary
            )
            return answer
        except wire.FrameRefused as error:
            if not line.dictionary or error.facts.get("why") != wire.OTHER_DICTIONARY:
                raise
            line.dictionary = False
    raise wire.FrameRefused(why=wire.OTHER_DICTIONARY)


def fetch(line: Line, h: str, size: int, limit: int) -> Conversation[bytes]:
    """Fetch the `size` bytes that headquarters holds under `h`; the vault looks whether they are."""
    if size > limit:
        raise wire.FrameRefused(why="size")
    content = bytearray()
    while len(content) < size:
        part: TargetPart = yield Fetch(h=h, offset=len(content), token=line.token)
        if part.offset != len(content) or not part.content or part.size != size:
            raise wire.FrameRefused(why="release")
        content += part.content
    return bytes(content)


def fetch_given(line: Line) -> Conversation[None]:
    """Fetch what records of an earlier laptop name. One that headquarters does not have holds up no other."""
    missing: inheriting.Missing = yield Ask(inheriting.missing_files, inheriting.MissingFiles())
    for sealed in missing.files:
        try:
            yield from _fetch_file(line, sealed)
        except (wire.BlobUnwanted, wire.BlobDamaged):
            continue
        except TrustError as error:
            if error.code != EvidenceAltered.code:
                raise


def _fetch_file(line: Line, sealed: str) -> Conversation[None]:
    asked = GivenRequest(v=wire.VERSION, sealed=sealed)
    answer = yield from post(line, "/v1/given", asked, GivenAnswer)
    content = yield from fetch(line, answer.h, answer.size, wire.MAX_BLOB)
    yield Ask(inheriting.keep_file, inheriting.KeepFile(sealed=sealed, content=content))
