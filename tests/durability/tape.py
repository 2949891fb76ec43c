"""Every change this process makes to the disk, on a tape: what the kernel was asked, in its order.

The calls that SQLite and Python import from the C library (open, write, pwrite, ftruncate, fsync, rename,
unlink, mkdir, sendfile) are caught where each loaded library keeps their addresses, so nothing has to be
compiled or preloaded and neither library knows. Linux with 64-bit ELF only; `available()` says so.

A tape can also be told to run out of room: from then on the caught calls answer ENOSPC.
"""

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

_PROT_READ_WRITE = 3
_PAGE = 4096
_INT, _SIZE, _PTR = ctypes.c_int, ctypes.c_size_t, ctypes.c_void_p
_OFF = ctypes.c_int64
_KINDS: dict[str, Any] = {
    "open": ctypes.CFUNCTYPE(_INT, _PTR, _INT, _INT, use_errno=True),
    "openat": ctypes.CFUNCTYPE(_INT, _INT, _PTR, _INT, _INT, use_errno=True),
    "write": ctypes.CFUNCTYPE(ctypes.c_ssize_t, _INT, _PTR, _SIZE, use_errno=True),
    "pwrite": ctypes.CFUNCTYPE(ctypes.c_ssize_t, _INT, _PTR, _SIZE, _OFF, use_errno=True),
    "ftruncate": ctypes.CFUNCTYPE(_INT, _INT, _OFF, use_errno=True),
    "fsync": ctypes.CFUNCTYPE(_INT, _INT, use_errno=True),
    "rename": ctypes.CFUNCTYPE(_INT, _PTR, _PTR, use_errno=True),
    "unlink": ctypes.CFUNCTYPE(_INT, _PTR, use_errno=True),
    "mkdir": ctypes.CFUNCTYPE(_INT, _PTR, _INT, use_errno=True),
    "sendfile": ctypes.CFUNCTYPE(ctypes.c_ssize_t, _INT, _INT, _PTR, _SIZE, use_errno=True),
}
_NAMES = {
    "open": "open", "open64": "open", "openat": "openat", "openat64": "openat", "write": "write",
    "pwrite": "pwrite", "pwrite64": "pwrite", "ftruncate": "ftruncate", "ftruncate64": "ftruncate",
    "fsync": "fsync", "fdatasync": "fsync", "rename": "rename", "unlink": "unlink", "mkdir": "mkdir",
    "sendfile": "sendfile", "sendfile64": "sendfile",
}  # fmt: skip


class Op(msgspec.Struct, frozen=True):
    """One change. `path` is relative to the watched folder; `kind` is create, cut, write, sync, rename,
    unlink, mkdir or mark; `at` is an offset or length, `other` the new name, `mark` what was acknowledged."""

    kind: str
    path: str = ""
    at: int = 0
    content: bytes = b""
    other: str = ""
    mark: Any = None


def available() -> bool:
    """Say whether calls can be caught on this machine."""
    return sys.platform == "linux" and struct.calcsize("P") == 8


def _libraries() -> Iterator[tuple[str, int]]:
    seen = set()
    for line in Path("/proc/self/maps").read_text("utf-8").splitlines():
        fields = line.split(None, 5)
        if len(fields) < 6 or fields[2] != "00000000" or fields[5] in seen:
            continue
        if any(part in fields[5] for part in ("python", "sqlcipher")):
            seen.add(fields[5])
            yield fields[5], int(fields[0].split("-")[0], 16)


def _places(file: str, base: int) -> Iterator[tuple[str, int]]:
    """Give (name, address of the pointer) for each call that the library in `file` imports."""
    raw = Path(file).read_bytes()
    if raw[:5] != b"\x7fELF\x02":
        return
    kind = struct.unpack_from("<H", raw, 16)[0]
    shift = base if kind == 3 else 0  # 3: position-independent
    at, size, count = (
        struct.unpack_from("<Q", raw, 40)[0],
        struct.unpack_from("<H", raw, 58)[0],
        struct.unpack_from("<H", raw, 60)[0],
    )
    sections = [struct.unpack_from("<IIQQQQIIQQ", raw, at + n * size) for n in range(count)]
    for section in sections:
        if section[1] != 4:  # SHT_RELA
            continue
        symbols = sections[section[6]]
        if symbols[1] != 11:  # SHT_DYNSYM
            continue
        strings = sections[symbols[6]][4]
        for entry in range(section[4], section[4] + section[5], 24):
            offset, info, addend = struct.unpack_from("<QQq", raw, entry)
            if not info >> 32 or addend:
                continue
            name_at = strings + struct.unpack_from("<I", raw, symbols[4] + (info >> 32) * 24)[0]
            name = raw[name_at : raw.index(b"\0", name_at)].decode("ascii", "replace")
            if name in _NAMES:
                yield name, shift + offset


class Tape:
    """What happened below `folder` between `start()` and `stop()`."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder.resolve())
        self.ops: list[Op] = []
        self.room: int | None = None  # bytes that still fit; None: as many as you like
        self._caught: list[tuple[int, int]] = []
        self._kept: list[Any] = []
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._real = {name: kind((name, self._libc)) for name, kind in _KINDS.items()}

    def mark(self, value: Any) -> None:
        """Note that `value` was acknowledged to a person here."""
        self.ops.append(Op("mark", mark=value))

    def start(self) -> "Tape":
        """Catch the calls from now on."""
        hooks: dict[str, Callable[..., int]] = {
            "open": self._open, "openat": self._openat, "write": self._write, "pwrite": self._pwrite,
            "ftruncate": self._ftruncate, "fsync": self._fsync, "rename": self._rename,
            "unlink": self._unlink, "mkdir": self._mkdir, "sendfile": self._sendfile,
        }  # fmt: skip
        callbacks = {name: _KINDS[name](hook) for name, hook in hooks.items()}
        self._kept = list(callbacks.values())
        found = [place for library in _libraries() for place in _places(*library)]
        for name, address in found:
            pointer = ctypes.c_uint64.from_address(address)
            page = address & ~(_PAGE - 1)
            self._libc.mprotect(_PTR(page), _SIZE(2 * _PAGE), _PROT_READ_WRITE)
            self._caught.append((address, pointer.value))
            pointer.value = ctypes.cast(callbacks[_NAMES[name]], _PTR).value or 0
        return self

    def stop(self) -> None:
        """Let the calls go straight again."""
        for address, value in self._caught:
            ctypes.c_uint64.from_address(address).value = value
        self._caught.clear()

    def _name(self, path: str) -> str | None:
        whole = path if path.startswith("/") else f"{Path.cwd()}/{path}"
        return whole[len(self.folder) + 1 :] if whole.startswith(self.folder + "/") else None

    def _of_pointer(self, pointer: int) -> str | None:
        return self._name(os.fsdecode(ctypes.string_at(pointer)))

    def _of_handle(self, fd: int) -> str | None:
        try:
            target = os.readlink(f"/proc/self/fd/{fd}")  # noqa: PTH115 - a link of the kernel
        except OSError:
            return None
        if target == self.folder:
            return ""
        return None if target.endswith(" (deleted)") else self._name(target)

    def _fits(self, size: int) -> bool:
        if self.room is None:
            return True
        self.room -= size
        if self.room < 0:
            ctypes.set_errno(errno.ENOSPC)
            return False
        return True

    def _opened(self, path: str | None, flags: int, act: Callable[[], int]) -> int:
        if path is None or not flags & (os.O_WRONLY | os.O_RDWR):
            return act()
        there = os.path.exists(f"{self.folder}/{path}")  # noqa: PTH110
        if not there and not self._fits(512):
            return -1
        fd = act()
        if fd >= 0 and not there:
            self.ops.append(Op("create", path))
        elif fd >= 0 and flags & os.O_TRUNC:
            self.ops.append(Op("cut", path, 0))
        return fd

    def _open(self, path: int, flags: int, mode: int) -> int:
        return self._opened(self._of_pointer(path), flags, lambda: self._real["open"](path, flags, mode))

    def _openat(self, folder: int, path: int, flags: int, mode: int) -> int:
        return self._opened(
            self._of_pointer(path), flags, lambda: self._real["openat"](folder, path, flags, mode)
        )

    def _wrote(self, path: str | None, at: int, pointer: int, size: int, act: Callable[[], int]) -> int:
        if path is None:
            return act()
        if not self._fits(size):
            return -1
        content = ctypes.string_at(pointer, size)
        done = act()
        if done > 0:
            self.ops.append(Op("write", path, at, content[:done]))
        return done

    def _write(self, fd: int, pointer: int, size: int) -> int:
        path = self._of_handle(fd)
        at = os.lseek(fd, 0, os.SEEK_CUR) if path is not None else 0
        return self._wrote(path, at, pointer, size, lambda: self._real["write"](fd, pointer, size))

    def _pwrite(self, fd: int, pointer: int, size: int, at: int) -> int:
        path = self._of_handle(fd)
        return self._wrote(path, at, pointer, size, lambda: self._real["pwrite"](fd, pointer, size, at))

    def _sendfile(self, out: int, source: int, offset: int | None, size: int) -> int:
        path = self._of_handle(out)
        at = os.lseek(out, 0, os.SEEK_CUR) if path is not None else 0
        if path is not None and not self._fits(min(size, os.fstat(source).st_size)):
            return -1
        done = self._real["sendfile"](out, source, offset, size)
        if path is not None and done > 0:
            with open(f"{self.folder}/{path}", "rb") as file:  # noqa: PTH123
                file.seek(at)
                self.ops.append(Op("write", path, at, file.read(done)))
        return done

    def _ftruncate(self, fd: int, length: int) -> int:
        done = self._real["ftruncate"](fd, length)
        if done == 0 and (path := self._of_handle(fd)) is not None:
            self.ops.append(Op("cut", path, length))
        return done

    def _fsync(self, fd: int) -> int:
        done = self._real["fsync"](fd)
        if done == 0 and (path := self._of_handle(fd)) is not None:
            self.ops.append(Op("sync", path))
        return done

    def _rename(self, old: int, new: int) -> int:
        done = self._real["rename"](old, new)
        before, after = self._of_pointer(old), self._of_pointer(new)
        if done == 0 and before is not None and after is not None:
            self.ops.append(Op("rename", before, other=after))
        return done

    def _unlink(self, path: int) -> int:
        done = self._real["unlink"](path)
        if done == 0 and (name := self._of_pointer(path)) is not None:
            self.ops.append(Op("unlink", name))
        return done

    def _mkdir(self, path: int, mode: int) -> int:
        done = self._real["mkdir"](path, mode)
        if done == 0 and (name := self._of_pointer(path)) is not None:
            self.ops.append(Op("mkdir", name))
        return done
