"""Bytes that nobody promised to be a file: no reader of ours raises, whatever they are."""

import random

from damage import damaged
from every_reader import golden_files, read_by_all
from hypothesis import given, settings
from hypothesis import strategies as st

FILES = golden_files()
SETTINGS = settings(max_examples=80, deadline=None)


@SETTINGS
@given(st.sampled_from([b"", b"ISA*", FILES[0][:106], b"ST*837*", b"101 ", b"PK\x03\x04", b"IEA*1~"]), st.binary())
def test_arbitrary_bytes(start, rest):
    read_by_all(start + rest)


@SETTINGS
@given(st.sampled_from(FILES), st.integers(0, 10**9))
def test_damaged_golden_files(file, seed):
    read_by_all(damaged(random.Random(seed), file, FILES))
