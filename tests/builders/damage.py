"""Damage to files as the world does it, and worse: reproducible from the random generator that is handed in."""

from edi.x12.syntax.delimiters import DEFAULT

_LONGEST = 12_000
_ODD_VALUES = [
    b"", b"-", b".", b"-.", b"0", b"00000000", b"99999999", b"20261399", b"20260230", b"2400", b"-1", b"1e9", b"1.2.3",
    b"20261101-", b"-20261101", b"20261101-20261001", b"1,000", b" 1 ", b"9" * 40, b"9" * 5000, b"0." + b"0" * 300,
    b"\xb2", b"\xb9\xb2\xb3", b"\xbd", b"\xa0", b"\x00", b"\x1d\x1e\x1f", b":", b":::::::::", b"^^^^", b"HC:::::::::X",
    b"ISA", b"IEA", b"SE", b"X" * 2000, b"\xc3\xa9", b"\xef\xbb\xbf",
]  # fmt: skip


def damaged(rng, data, others):
    """``data`` after one to four damages; ``others`` are files to join it with."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        data = rng.choice(_DAMAGES)(rng, data, others)[:_LONGEST]
    return data


def _span(rng, data):
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.choice((1, 2, 5, 20, 200)))


def _bytes_flipped(rng, data, _others):
    spoilt = bytearray(data)
    for _ in range(min(len(data), rng.choice((1, 2, 8)))):
        at = rng.randrange(len(spoilt))
        spoilt[at] = rng.randrange(256) if rng.random() < 0.5 else spoilt[at] ^ (1 << rng.randrange(8))
    return bytes(spoilt)


def _cut_short(rng, data, _others):
    return data[: rng.randrange(len(data) + 1)]


def _cut_out(rng, data, _others):
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def _repeated(rng, data, _others):
    start, end = _span(rng, data)
    return data[:end] + data[start:end] * rng.choice((1, 2, 10, 300)) + data[end:]


def _inserted(rng, data, _others):
    at = rng.randrange(len(data) + 1)
    new = rng.randbytes(rng.choice((1, 3, 30))) if rng.random() < 0.5 else rng.choice(_ODD_VALUES)
    return data[:at] + new + data[at:]


def _signs_swapped(rng, data, _others):
    """Two characters change places all over the file, mostly two that separate."""
    one, other = (ord(rng.choice([*DEFAULT.all, "\n", "\r", "A", "0", " ", "\x1d", "\xa7"])) for _ in range(2))
    return data.translate(bytes({one: other, other: one}.get(byte, byte) for byte in range(256)))


def _header_spoilt(rng, data, _others):
    """Something in the 106 bytes of ISA becomes something else, longer or shorter."""
    at = rng.randrange(min(len(data), 107) + 1)
    gone = rng.choice((0, 1, 1, 4))
    return data[:at] + rng.choice((b"", b"*", b"~", b"\n", b"   ", b"\x00", b"U", b"1")) + data[at + gone :]


def _joined(rng, data, others):
    between = rng.choice((b"", b"\n", b"\r\n", b"garbage", b"\x1a", b"~"))
    return data + between + rng.choice(others)


def _spliced(rng, data, others):
    other = rng.choice(others)
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _by_segments(change):
    def damage(rng, data, _others):
        segments = data.split(b"~")
        change(rng, segments)
        return b"~".join(segments)

    return damage


def _shuffle(rng, segments):
    middle = segments[2:-3]
    rng.shuffle(middle)
    segments[2:-3] = middle


def _swap(rng, segments):
    one, other = rng.randrange(len(segments)), rng.randrange(len(segments))
    segments[one], segments[other] = segments[other], segments[one]


def _drop(rng, segments):
    start = rng.randrange(len(segments))
    del segments[start : start + rng.choice((1, 1, 3))]


def _double(rng, segments):
    at = rng.randrange(len(segments))
    segments[at:at] = [segments[at]] * rng.choice((1, 2, 60))


def _element_replaced(rng, segments):
    at = rng.randrange(len(segments))
    elements = segments[at].split(b"*")
    elements[rng.randrange(len(elements))] = rng.choice(_ODD_VALUES)
    segments[at] = b"*".join(elements)


def _element_moved(rng, segments):
    """An element more or one less, so that all behind it shift."""
    at = rng.randrange(len(segments))
    elements = segments[at].split(b"*")
    where = rng.randrange(len(elements))
    elements[where : where + rng.randrange(2)] = [b"X"] * rng.randrange(2)
    segments[at] = b"*".join(elements)


def _element_borrowed(rng, segments):
    """An element takes the value of another, anywhere in the file."""
    one, other = rng.randrange(len(segments)), rng.randrange(len(segments))
    elements = segments[one].split(b"*")
    elements[rng.randrange(len(elements))] = rng.choice(segments[other].split(b"*"))
    segments[one] = b"*".join(elements)


def _by_lines(change):
    """The same for records in lines, as a bank's files have them."""

    def damage(rng, data, _others):
        lines = data.split(b"\n")
        change(rng, lines)
        return b"\n".join(lines)

    return damage


def _columns_replaced(rng, lines):
    """Some columns of a record become others, of the same width or not."""
    at = rng.randrange(len(lines))
    start = rng.randrange(len(lines[at]) + 1)
    end = min(len(lines[at]), start + rng.choice((1, 2, 8, 15)))
    new = rng.choice((b"9", b"0", b" ", b"A", b"REJ01", b"\xc3\xa9")) * rng.choice((1, end - start))
    lines[at] = lines[at][:start] + new + lines[at][end:]


_DAMAGES = [
    _bytes_flipped,
    _cut_short,
    _cut_out,
    _repeated,
    _inserted,
    _signs_swapped,
    _header_spoilt,
    _joined,
    _spliced,
    *(_by_segments(one) for one in (_shuffle, _swap, _drop, _double)),
    *(_by_segments(one) for one in (_element_replaced, _element_moved, _element_borrowed) * 2),
    *(_by_lines(one) for one in (_shuffle, _swap, _drop, _double, _columns_replaced, _columns_replaced)),
]
