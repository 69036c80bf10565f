"""What a child process may take."""

import os
import sys
from dataclasses import dataclass

_MB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Seconds from its start to its answer; bytes of memory, of what it works on, and of the answer."""

    seconds: float = 10
    memory: int = 300 * _MB
    file: int = 100 * _MB
    answer: int = 128 * _MB


def restrict(seconds: float, memory: int) -> None:
    """Bind this process for the rest of its life, so that not even one that has lost its parent goes on for long.

    On Windows nothing is bound here: there the parent's time limit alone holds. macOS takes the limit of memory, but
    does not keep to it.
    """
    if sys.platform == "win32":
        return
    import resource
    import signal

    time = int(seconds) + 2
    wishes = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, time),
        (resource.RLIMIT_FSIZE, 0),  # nothing of the content gets into a file
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in wishes:
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # a system that refuses this one; the others still count
            continue
    signal.alarm(time)  # ends it, as nobody handles the signal


def quiet() -> int:
    """The number of the pipe to answer on; whatever else writes to the standard output writes nowhere from now on."""
    answer = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answer
