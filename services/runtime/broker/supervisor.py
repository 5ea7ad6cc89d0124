"""Runs one command, which never outlives the process that asked for it, not even one that was killed with SIGKILL.

Run as a file, on the standard library alone: `python supervisor.py SCRATCH COMMAND...`. Its standard input is a pipe
from the asking process: `stop` asks the command to end; end of file means that the asking process is gone: the command
is ended, and the folder SCRATCH removed unless the argument is empty. Its only line of output is the command's process
id; what the command prints goes to standard error. It ends when the command does, with the command's exit code (128 + n
when signal n ended it).
"""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading

_GRACE_S = 15.0  # data that stay deserve a clean end
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Run the command to its end."""
    scratch, *command = sys.argv[1:]
    supervisor = os.getpid()
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=lambda: _die_with(supervisor),  # noqa: PLW1509 - safe: no other thread runs yet
    )
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    sys.stdout.write(f"{child.pid}\n")
    sys.stdout.flush()
    orphaned = threading.Event()
    threading.Thread(target=_obey, args=(child, orphaned, 0.0 if scratch else _GRACE_S), daemon=True).start()
    code = child.wait()
    if orphaned.is_set() and scratch:
        shutil.rmtree(scratch, ignore_errors=True)
    os._exit(code if code >= 0 else 128 - code)  # not sys.exit: the other thread may still be reading


def _die_with(supervisor: int) -> None:
    """Should the supervisor itself be killed, Linux then kills the command; elsewhere this cannot be had."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != supervisor:  # it was gone before the line above
            os._exit(1)


def _obey(child: "subprocess.Popen[bytes]", orphaned: threading.Event, grace_s: float) -> None:
    while os.read(0, 16):
        child.terminate()
    orphaned.set()
    child.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(grace_s)
    child.kill()


if __name__ == "__main__":
    main()
