"""Whether bytes are BAI2, and whether they are all there."""

import re

# A file header: its code, sender, receiver, and a date of six digits or eight.
_BEGINNING = re.compile(rb"01,[^,\r\n/]*,[^,\r\n/]*,\d{6}(?:\d\d)?,")


def is_bai2(start: bytes) -> bool:
    """Whether the bytes begin as a BAI2 file does; blanks before them are the caller's to strip."""
    return _BEGINNING.match(start) is not None


def is_whole(data: bytes) -> bool:
    """Whether the last line is a file trailer with its slash. One without it may lack its last digits too."""
    lines = [line for line in data.replace(b"\r", b"\n").split(b"\n") if line.strip(b" \t\x00\x1a")]
    return bool(lines) and lines[-1].startswith(b"99,") and lines[-1].rstrip(b" \t\x00\x1a").endswith(b"/")
