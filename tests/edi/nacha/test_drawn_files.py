"""Files drawn from the tables: written, read, and the same; sound ones pass our check and the judges from outside."""

import achkit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacha_judges import judged_by_achlens
from nacha_strategies import files_of, sound_files

from edi.nacha import INBOUND, STRICT, check, read, write, write_back
from edi.nacha.classes import ENTRY_CLASSES
from edi.nacha.reading import read_rows

LINE_ENDS = st.sampled_from(["\n", "\r\n", ""])


@pytest.mark.parametrize("sec", ENTRY_CLASSES)
def test_every_class_reads_back_as_it_was_written(sec):
    @settings(max_examples=25, deadline=None)
    @given(files_of(sec), LINE_ENDS)
    def drawn(file, line_end):
        data = write(file, line_end, any_class=True)
        document = read(data, INBOUND)
        assert document.file == file
        assert document.complete
        assert write_back(document) == data
        assert not [finding.code for finding in document.findings if finding.code in {"ACH-FIELD", "ACH-LENGTH"}]

    drawn()


@settings(max_examples=60, deadline=None)
@given(sound_files(), LINE_ENDS)
def test_a_sound_file_passes_every_judge(file, line_end):
    data = write(file, line_end)
    document = read(data)
    assert document.findings == []
    assert document.file == file
    assert document.complete
    assert write_back(document) == data
    if line_end:  # neither of them reads a file without line ends
        assert achkit.validate(data.decode())["errors"] == []
        assert judged_by_achlens(data) == []


@settings(max_examples=80, deadline=None)
@given(sound_files(), st.data())
def test_the_short_way_and_the_long_way_say_the_same(file, data):
    """Whatever one character becomes: the short way gives nothing, or what the long way gives without a finding."""
    written = bytearray(write(file, data.draw(st.sampled_from(["\n", "\r\n"]))))
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(written) - 1))
        written[at] = data.draw(st.sampled_from(b"0123456789 AZ*\n\r\xe9"))
    for profile in (STRICT, INBOUND):
        short, long = read(bytes(written), profile), read_rows(bytes(written), profile)
        assert (short.file, short.findings, short.lines, short.complete) == (
            long.file,
            long.findings,
            long.lines,
            long.complete,
        )
    assert write_back(read(bytes(written))) == bytes(written)


@settings(max_examples=40, deadline=None)
@given(sound_files(), st.data())
def test_one_digit_changed_in_money_is_always_found(file, data):
    """An amount, a total, an entry hash or a count that differs by a digit never passes."""
    lines = write(file).split(b"\n")
    columns = {b"6": (30, 39), b"8": (5, 44), b"9": (2, 55)}
    targets = [n for n, line in enumerate(lines) if line[:1] in columns and line != b"9" * 94]
    at = data.draw(st.sampled_from(targets))
    first, last = columns[lines[at][:1]]
    column = data.draw(st.integers(first, last))
    old = lines[at][column - 1 : column]
    new = data.draw(st.sampled_from(b"0123456789").filter(lambda digit: bytes([digit]) != old))
    lines[at] = lines[at][: column - 1] + bytes([new]) + lines[at][column:]
    assert check(b"\n".join(lines))
