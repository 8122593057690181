"""What strace saw of a run: the system calls that touch an archive, in order."""

import os
import re

CALLS = (
    "openat", "open", "write", "pwrite64", "fsync", "fdatasync", "syncfs", "rename", "renameat",
    "renameat2", "link", "linkat", "unlink", "unlinkat", "ftruncate", "mkdir", "mkdirat",
)

LINE = re.compile(r"^(\d+) +(.*)$")
RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$")
UNFINISHED = " <unfinished ...>"
RESULT = re.compile(r"^(.*)\) += (-?\d+|\?)(?:<.*>)?(?: .*)?$", re.DOTALL)


class Call:
    """One system call: its arguments as strace writes them, and when it began and ended."""

    def __init__(self, thread, name, arguments, result, began, ended):
        self.thread = thread
        self.name = name
        self.arguments = arguments
        self.result = result
        # Positions in the log; what was done by then, and what might have been.
        self.began = began
        self.ended = ended


def split(text):
    """Arguments at their commas; quotes, `<…>` after a descriptor and braces hold together."""
    parts, part, quoted, depth = [], [], False, 0
    index = 0
    while index < len(text):
        char = text[index]
        if quoted:
            if char == "\\":
                part.append(text[index:index + 2])
                index += 2
                continue
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char in "<{[":
            depth += 1
        elif char in ">}]":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append("".join(part).strip())
            part = []
            index += 1
            continue
        part.append(char)
        index += 1
    if part:
        parts.append("".join(part).strip())
    return parts


def unquote(text):
    """The bytes of a string argument, all of them as \\xHH (strace -xx)."""
    require_all = text.endswith('"')
    assert require_all, "strace has cut a string short; -s is too small"
    return bytes.fromhex(text[1:-1].replace("\\x", ""))


def read(log):
    """Yields the calls in the order in which they ended."""
    open_calls = {}
    with open(log, encoding="latin-1") as lines:
        for position, line in enumerate(lines):
            found = LINE.match(line.rstrip("\n"))
            if not found:
                continue
            thread, rest = int(found[1]), found[2]
            resumed = RESUMED.match(rest)
            began = position
            if resumed:
                if thread not in open_calls:
                    continue
                began, head = open_calls.pop(thread)
                rest = head + resumed[2]
            elif rest.endswith(UNFINISHED):
                open_calls[thread] = (position, rest[: -len(UNFINISHED)])
                continue
            name, mark, rest = rest.partition("(")
            if not mark or name not in CALLS:
                continue
            done = RESULT.match(rest)
            if not done or done[2] == "?":
                continue
            yield Call(thread, name, split(done[1]), int(done[2]), began, position)


def descriptor_path(argument):
    """The path that -y wrote behind a descriptor; '' when there is none."""
    mark = argument.find("<")
    if mark < 0:
        return ""
    inner = argument[mark + 1: argument.rfind(">")]
    if "\\x" in inner:
        inner = bytes.fromhex("".join(re.findall(r"\\x(..)", inner))).decode()
    return inner.removesuffix("(deleted)")


def paths(call, text=unquote):
    """The paths that the call is about, absolute, the one acted on first."""
    a = call.arguments

    def below(folder, name):
        name = text(name)
        name = name.decode() if isinstance(name, bytes) else name
        return os.path.join(descriptor_path(folder), name)

    def plain(name):
        name = text(name)
        return name.decode() if isinstance(name, bytes) else name

    if call.name in ("openat", "unlinkat", "mkdirat"):
        return [below(a[0], a[1])]
    if call.name in ("renameat", "renameat2", "linkat"):
        return [below(a[0], a[1]), below(a[2], a[3])]
    if call.name in ("open", "unlink", "mkdir"):
        return [plain(a[0])]
    if call.name in ("rename", "link"):
        return [plain(a[0]), plain(a[1])]
    return [descriptor_path(a[0])]
