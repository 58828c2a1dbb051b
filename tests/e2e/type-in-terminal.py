"""Runs a command in a terminal of 100 columns and types into it: `type-in-terminal.py STEPS COMMAND...`.

STEPS is JSON: pairs of a pattern that is waited for in what was written since the last keys, and the keys that are then typed.
Writes all that the command wrote, and exits as it did; 124 when a pattern does not come within 30 s.
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time

steps = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))

seen = ""
deadline = time.monotonic() + 30
while time.monotonic() < deadline:
    readable, _, _ = select.select([terminal], [], [], 0.2)
    if readable:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        text = data.decode(errors="replace")
        sys.stdout.write(text)
        seen += text
    elif steps and re.search(steps[0][0], seen):
        # It has fallen silent: it waits for the keys.
        _, keys = steps.pop(0)
        os.write(terminal, keys.encode())
        seen = ""
        deadline = time.monotonic() + 30
else:
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    sys.exit(124)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
