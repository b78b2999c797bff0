"""A file read bit by bit gives what the whole readers give: parts, values, findings, in whatever chunks it comes."""

import itertools
import tracemalloc

import pytest
from damage import damaged
from every_reader import golden_files
from hypothesis import given, settings
from hypothesis import strategies as st
from streamed import assert_same_syntax, assert_same_values

from edi.x12.sets import t835, t837p
from edi.x12.streaming import Billed, Decided, read_stream
from edi.x12.syntax.envelope import write_interchange

FILES = golden_files()
SIZES = st.lists(st.integers(1, 400), min_size=1, max_size=3)
BLOCKS = st.sampled_from((1, 2, 37, 600, 65_536))


def same(data, sizes, block):
    assert_same_syntax(data, sizes, block)
    assert_same_values(data, sizes, block)


@pytest.mark.parametrize("at", range(len(FILES)))
def test_every_golden_file_streams_as_it_reads(at):
    same(FILES[at], (997,), 512)


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), SIZES, BLOCKS)
def test_damaged_files_in_any_chunks_give_the_same_values_and_findings(rng, sizes, block):
    data = damaged(rng, rng.choice(FILES), FILES)
    same(data[:4_000] if block < 10 else data, sizes, block)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: b"",
        lambda data: b"stray \x1a" * 300 + data + b" \x00\n" + b"more" * 400,
        lambda data: data.replace(b"~", b"\r\n"),
        lambda data: b"\n".join(data[at : at + 80] for at in range(0, len(data), 80)),
        lambda data: data.replace(b"~", b" ~\n"),
        lambda data: data.replace(b"~SE*", b"~~\n~SE*"),
        lambda data: data.rstrip(b"~") + b"\n" + data.replace(b"000000101", b"000000102"),
        lambda data: data.rstrip(b"~") + b"\nrest\n" + data.translate(bytes.maketrans(b"~", b"'")),
        lambda data: data + b"ISA*broken" + b"x" * 1_000 + data,
        lambda data: data.replace(b"~ST*", b"~REF*AA*1\tB~TA1*000000001*261103*1425*A*000~ST*", 1),
        lambda data: data[: len(data) // 2] + data,
        lambda data: data + data,
    ],
)
@pytest.mark.parametrize("block", [1, 700])
def test_what_stands_around_and_between_interchanges_is_told_alike(make, spoil, block):
    value = make.shapes_837p()["both branches"]
    data = write_interchange(make.envelope("HC", t837p.VERSION), [t837p.write_set(value, "0001").data])
    same(spoil(data), (13, 170), block)


@pytest.mark.parametrize(("kind", "begins"), [("835", b"CLP*"), ("837P", b"HL*2*")])
def test_no_more_is_held_than_a_window_of_the_file(make, kind, begins):
    if kind == "835":
        functional_id, version = "HP", t835.VERSION
        written = t835.write_set(make.shapes_835()["reversal and correction"], "0001").data
    else:
        functional_id, version = "HC", t837p.VERSION
        written = t837p.write_set(make.shapes_837p()["both branches"], "0001").data
    data = write_interchange(make.envelope(functional_id, version), [written])
    start, end = data.index(begins), data.rindex(b"SE*")
    claims, count = data[start:end], 300

    def grown(repeats):
        tracemalloc.start()
        chunks = itertools.chain([data[:start]], itertools.repeat(claims, repeats), [data[end:]])
        found = sum(isinstance(part, Decided | Billed) for part in read_stream(chunks, block=4_096))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return found, peak

    grown(count // 10)  # what is remembered of amounts and dates is there
    (few, small), (many, large) = grown(count // 10), grown(count)
    assert many == 10 * few > 0
    assert large - small < 60_000 < len(claims) * count
