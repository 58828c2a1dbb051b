"""Runs a command in a terminal and tells what somebody would see: `drive-terminal.py COLUMNS ROWS COMMAND...`.

Takes one JSON object a line on standard input and answers each with one on standard output:
{"keys": TEXT} types, {"resize": [COLUMNS, ROWS]}, {"signal": "TERM"} signals the command, {} only looks. The answer is the screen,
whether the alternate screen is shown, the cursor is visible and the terminal echoes, how much was written, and the exit code.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios

import pyte


def set_size(columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class Screen(pyte.Screen):
    """pyte has no alternate screen; it only remembers which modes are set."""

    is_alternate = False
    main = None

    def set_mode(self, *modes, **kwargs):
        super().set_mode(*modes, **kwargs)
        if kwargs.get("private") and 1049 in modes and not self.is_alternate:
            self.is_alternate = True
            self.main = (list(self.display), self.cursor.y)
            self.erase_in_display(2)

    def reset_mode(self, *modes, **kwargs):
        super().reset_mode(*modes, **kwargs)
        if kwargs.get("private") and 1049 in modes and self.is_alternate:
            self.is_alternate = False
            self.erase_in_display(2)
            self.cursor_position(1, 1)


columns, rows = int(sys.argv[1]), int(sys.argv[2])
# The command starts when the terminal has its size.
start_read, start_write = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    os.read(start_read, 1)
    os.execvp(sys.argv[3], sys.argv[3:])
set_size(columns, rows)
os.write(start_write, b"x")
screen = Screen(columns, rows)
stream = pyte.ByteStream(screen)
written = 0
code = None


def look(seconds):
    """Takes what the command writes for so long."""
    global written, code
    readable, _, _ = select.select([terminal], [], [], seconds)
    while readable:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            data = b""
        if not data:
            if code is None:
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            return
        written += len(data)
        stream.feed(data)
        readable, _, _ = select.select([terminal], [], [], 0)


def told():
    echoes = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
    return {
        "lines": [text.rstrip() for text in screen.display],
        "alternate": screen.is_alternate,
        "cursor": not screen.cursor.hidden,
        "echoes": echoes,
        "written": written,
        "code": code,
    }


try:
    for text in sys.stdin:
        asked = json.loads(text)
        if "keys" in asked and code is None:
            os.write(terminal, asked["keys"].encode())
        if "resize" in asked:
            columns, rows = asked["resize"]
            screen.resize(rows, columns)
            set_size(columns, rows)
        if "signal" in asked and code is None:
            os.kill(pid, getattr(signal, "SIG" + asked["signal"]))
        look(0.05)
        print(json.dumps(told()), flush=True)
finally:
    if code is None:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
