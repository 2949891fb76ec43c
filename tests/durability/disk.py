"""A disk as POSIX promises it, and nothing more: what is left of a tape when the power goes.

Durable is a file's content after its own sync, and a name after its folder's sync. Everything later may
have reached the disk or not, each change for itself, a write in whole or in some of its 512-byte sectors.
"""

import posixpath
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.durability.tape import Op

SECTOR = 512


class Disk:
    """Contents by inode, names by path; each with what is still pending."""

    def __init__(self) -> None:
        self._next = 0
        self._live: dict[str, int] = {}  # what a program sees
        self._names: dict[str, int] = {}  # what is durable
        self._folders: set[str] = {""}
        self._contents: dict[int, bytearray] = {}
        self._pending: dict[int, list[Op]] = {}
        self._pending_names: dict[str, list[tuple[Op, int]]] = {}

    def play(self, op: Op) -> None:
        """Take in the next change."""
        if op.kind == "sync":
            self._sync(op.path)
        elif op.kind in ("write", "cut"):
            self._pending[self._inode(op.path)].append(op)
        elif op.kind in ("create", "rename", "unlink", "mkdir"):
            inode = self._name(op)
            self._pending_names.setdefault(posixpath.dirname(op.path), []).append((op, inode))

    def _inode(self, path: str) -> int:
        if path not in self._live:
            self._next += 1
            self._live[path] = self._next
            self._contents[self._next] = bytearray()
            self._pending[self._next] = []
        return self._live[path]

    def _name(self, op: Op) -> int:
        if op.kind == "mkdir":
            return 0
        inode = self._inode(op.path)
        if op.kind in ("rename", "unlink"):
            del self._live[op.path]
        if op.kind == "rename":
            self._live[op.other] = inode
        return inode

    def _sync(self, path: str) -> None:
        if path in self._live:
            inode = self._live[path]
            for op in self._pending[inode]:
                _apply(self._contents[inode], op)
            self._pending[inode].clear()
            return
        for op, inode in self._pending_names.pop(path, []):
            _rename(self._names, self._folders, op, inode)

    def cut(self, folder: Path, rng: random.Random) -> None:
        """Write into the empty `folder` one disk that may be found after the power went now."""
        names, folders = dict(self._names), set(self._folders)
        eager = rng.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        for waiting in self._pending_names.values():
            for op, inode in waiting:
                if rng.random() < eager:
                    _rename(names, folders, op, inode)
        for place in sorted(folders):
            if all(str(parent) in folders for parent in Path(place).parents if str(parent) != "."):
                (folder / place).mkdir(exist_ok=True)
        eager = rng.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        for path, inode in names.items():
            if (folder / path).parent.is_dir():
                (folder / path).write_bytes(self._left(inode, eager, rng))

    def _left(self, inode: int, eager: float, rng: random.Random) -> bytes:
        content = bytearray(self._contents[inode])
        for op in self._pending[inode]:
            if op.kind == "cut" or rng.random() < 0.7:
                if rng.random() < eager:
                    _apply(content, op)
                continue
            for start in range(0, len(op.content), SECTOR):
                if rng.random() < eager:
                    _apply(content, Op("write", "", op.at + start, op.content[start : start + SECTOR]))
        return bytes(content)


def _apply(content: bytearray, op: Op) -> None:
    if op.kind == "cut":
        del content[op.at :]
        content.extend(bytes(op.at - len(content)))
        return
    content.extend(bytes(max(0, op.at - len(content))))
    content[op.at : op.at + len(op.content)] = op.content


def _rename(names: dict[str, int], folders: set[str], op: Op, inode: int) -> None:
    if op.kind == "mkdir":
        folders.add(op.path)
    elif op.kind == "create":
        names[op.path] = inode
    else:
        if names.get(op.path) == inode:
            del names[op.path]
        if op.kind == "rename":
            names[op.other] = inode


def without_folder_sync(ops: Iterable[Op]) -> Iterator[Op]:
    """Give the tape of a program that never syncs a folder."""
    taped = list(ops)
    files = {op.path for op in taped if op.kind in ("create", "write")}
    files |= {op.other for op in taped if op.kind == "rename"}
    return (op for op in taped if op.kind != "sync" or op.path in files)


def without_sync(ops: Iterable[Op]) -> Iterator[Op]:
    """Give the tape of a program that never syncs at all."""
    return (op for op in ops if op.kind != "sync")
