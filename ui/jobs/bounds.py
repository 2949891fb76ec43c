"""Bounds around worker processes on Windows: a job object that ends them with the window and limits memory.

Elsewhere the workers do both themselves: a parent sentinel and RLIMIT_AS. Layouts and numbers are those of
Microsoft's winnt.h (JOBOBJECT_EXTENDED_LIMIT_INFORMATION).
"""

import ctypes
import sys

KILL_ON_JOB_CLOSE = 0x2000
PROCESS_MEMORY = 0x0100
EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


def limits(memory: int) -> ExtendedLimits:
    """Return the limits of a job: it dies with its last handle; `memory` bytes a process, 0 for no limit."""
    made = ExtendedLimits()
    made.BasicLimitInformation.LimitFlags = KILL_ON_JOB_CLOSE | (PROCESS_MEMORY if memory else 0)
    made.ProcessMemoryLimit = memory
    return made


def bind(process_handle: int, memory: int = 0) -> int:
    """Put a process into a job of its own; return the job's handle, which must be kept, or 0 elsewhere.

    Raises OSError where Windows refuses: a worker without its bounds is not started quietly.
    """
    if sys.platform != "win32":
        return 0
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    kernel.SetInformationJobObject.argtypes = (
        ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32,
    )  # fmt: skip
    kernel.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    job = kernel.CreateJobObjectW(None, None)
    wanted = limits(memory)
    done = (
        job
        and kernel.SetInformationJobObject(job, EXTENDED_LIMITS, ctypes.byref(wanted), ctypes.sizeof(wanted))
        and kernel.AssignProcessToJobObject(job, process_handle)
    )
    if not done:
        raise ctypes.WinError(ctypes.get_last_error())
    return int(job)


def release(job: int) -> None:
    """Let go of a job; what still runs in it ends."""
    if sys.platform == "win32" and job:
        kernel = ctypes.WinDLL("kernel32")
        kernel.CloseHandle.argtypes = (ctypes.c_void_p,)
        kernel.CloseHandle(job)
