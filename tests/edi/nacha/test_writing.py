"""Writing: golden bytes, an outside judge, refusals, and reading back equal."""

import string
from dataclasses import replace
from datetime import date, datetime

import achkit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.errors import NotRepresentable
from edi.nacha import AchBatch, AchEntry, AchFile, Addenda05, OtherAddenda, check, codes, read, write


def test_golden_file(ach_file, golden_folder):
    assert write(ach_file) == (golden_folder / "refunds_and_vendor.ach").read_bytes()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", ""])
def test_what_we_write_passes_our_own_check(ach_file, line_end):
    data = write(ach_file, line_end)
    assert len(data) == 20 * (94 + len(line_end))
    assert check(data) == []


def test_an_outside_judge_accepts_what_we_write(ach_bytes):
    assert achkit.validate(ach_bytes.decode()) == {"ok": True, "errors": []}
    told = achkit.parse(ach_bytes.decode())["batches"]
    assert [[entry["amount_cents"] for entry in batch["entries"]] for batch in told] == [[12_345, 99, 0], [1_000_000]]


def test_totals_and_hash(ach_file):
    assert (ach_file.credit_cents, ach_file.debit_cents, ach_file.entry_addenda_count) == (1_012_444, 0, 5)
    assert ach_file.entry_hash == 3 * 12104288 + 23138010
    assert ach_file.key == ("1912345678", "2611230941", "A")


def test_the_hash_keeps_its_right_ten_digits(make_entry, make_batch):
    entries = [make_entry(n, 1, rdfi="999999992") for n in range(1, 102)]
    batch = make_batch(1, "PPD", entries)
    assert batch.entry_hash == (101 * 99999999) % 10**10


def with_entry(file: AchFile, **over) -> AchFile:
    batch = file.batches[0]
    return replace(file, batches=[replace(batch, entries=[replace(batch.entries[0], **over)])])


@pytest.mark.parametrize(
    ("over", "code", "columns"),
    [
        ({"name": "A NAME OF MORE THAN 22 CHARACTERS"}, "ACH-FIELD", (55, 76)),
        ({"amount_cents": 10**10}, "ACH-FIELD", (30, 39)),
        ({"account": "1" * 18}, "ACH-FIELD", (13, 29)),
        ({"rdfi": "12104288"}, "ACH-FIELD", (4, 12)),
        ({"trace": "121042880000001"}, "ACH-TRACE-BANK", (80, 94)),
        ({"trace": ""}, "ACH-TRACE-ORDER", (80, 94)),
        ({"transaction_code": 99}, "ACH-TRANSACTION-CODE", (2, 3)),
        ({"addenda": [Addenda05(text="X" * 81)]}, "ACH-FIELD", (4, 83)),
        ({"addenda": [Addenda05(text="1"), Addenda05(text="2", sequence=2)]}, "ACH-ADDENDA-MANY", None),
    ],
)
def test_an_entry_that_does_not_fit_is_refused(ach_file, over, code, columns):
    with pytest.raises(NotRepresentable) as caught:
        write(with_entry(ach_file, **over))
    finding = caught.value.finding
    assert (finding.code, finding.place.columns) == (code, columns)
    assert finding.place.line == (4 if "addenda" in over and columns else 3)
    assert "MORE THAN" not in str(caught.value)


def test_a_file_without_money_in_it_is_refused(ach_file):
    for spoiled in (
        replace(ach_file, batches=[]),
        replace(ach_file, batches=[replace(ach_file.batches[0], entries=[])]),
        replace(ach_file, batches=[replace(ach_file.batches[0], sec="WEB")]),
        replace(ach_file, batches=[replace(ach_file.batches[0], entries=ach_file.batches[0].entries[::-1])]),
        replace(ach_file, created=None),
        replace(ach_file, origin="12345678"),
    ):
        with pytest.raises(NotRepresentable):
            write(spoiled)
    with pytest.raises(ValueError, match="line_end"):
        write(ach_file, "\n\n")


def test_a_total_too_wide_is_refused(make_entry, make_batch, ach_file):
    entries = [make_entry(n, 10**10 - 1) for n in range(1, 102)]
    with pytest.raises(NotRepresentable) as caught:
        write(replace(ach_file, batches=[make_batch(1, "PPD", entries)]))
    assert caught.value.finding.place.columns == (33, 44)


@pytest.mark.parametrize("entries", range(1, 12))
def test_blocks_are_always_full(make_entry, make_batch, ach_file, entries):
    data = write(replace(ach_file, batches=[make_batch(1, "PPD", [make_entry(n, n) for n in range(1, entries + 1)])]))
    assert data.count(b"\n") % 10 == 0
    assert check(data) == []


def test_another_addenda_is_written_as_it_stands(ach_file):
    entry = ach_file.batches[1].entries[0]
    addenda = [OtherAddenda(type_code="02", text="TERMINAL 7")]
    file = replace(ach_file, batches=[replace(ach_file.batches[1], entries=[replace(entry, addenda=addenda)])])
    assert read(write(file)).file == file


def texts(width: int, least: int = 0) -> st.SearchStrategy[str]:
    alphabet = string.ascii_letters + string.digits + " .*-/&'()"
    return (
        st.text(alphabet, min_size=least, max_size=width).map(str.rstrip).filter(lambda t: not least or t.strip(" 0"))
    )


ROUTINGS = st.integers(10_000_000, 99_999_999).map(str).map(lambda text: text + codes.check_digit(text))
DAYS = st.dates(date(2020, 1, 1), date(2099, 12, 31))


@st.composite
def entries(draw, odfi: str, sequence: int) -> AchEntry:
    live = draw(st.booleans())
    text = draw(st.none() | texts(80))
    return AchEntry(
        transaction_code=draw(st.sampled_from([22, 32] if live else [23, 33])),
        rdfi=draw(ROUTINGS),
        account=draw(texts(17, 1)),
        amount_cents=draw(st.integers(1, 10**9)) if live else 0,
        individual_id=draw(texts(15)),
        name=draw(texts(22, 1)),
        discretionary=draw(texts(2)),
        trace=f"{odfi}{sequence:07d}",
        addenda=[] if text is None else [Addenda05(text=text)],
    )


@st.composite
def files(draw) -> AchFile:
    batches = []
    sequence = 0
    for number in range(1, draw(st.integers(1, 3)) + 1):
        odfi = draw(ROUTINGS)[:8]
        rows = []
        for _ in range(draw(st.integers(1, 4))):
            sequence += 1
            rows.append(draw(entries(odfi, sequence)))
        batches.append(
            AchBatch(
                service_class=draw(st.sampled_from([200, 220])),
                company_name=draw(texts(16, 1)),
                company_data=draw(texts(20)),
                company_id=draw(texts(10, 1)),
                sec=draw(st.sampled_from(["PPD", "CCD"])),
                description=draw(texts(10, 1)),
                descriptive_date=draw(texts(6)),
                effective_date=draw(DAYS),
                odfi=odfi,
                number=number,
                entries=rows,
            )
        )
    return AchFile(
        origin=draw(st.integers(1_000_000_000, 9_999_999_999).map(str)),
        origin_name=draw(texts(23)),
        destination=draw(ROUTINGS),
        destination_name=draw(texts(23)),
        created=draw(st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2099-12-31"))).replace(
            second=0, microsecond=0
        ),
        modifier=draw(st.sampled_from(string.ascii_uppercase + string.digits)),
        reference=draw(texts(8)),
        batches=batches,
    )


@settings(max_examples=40, deadline=None)
@given(files(), st.sampled_from(["\n", "\r\n", ""]))
def test_any_file_reads_back_equal_and_passes_both_judges(file, line_end):
    data = write(file, line_end)
    document = read(data)
    assert document.findings == []
    assert document.file == file
    assert document.complete
    if line_end:
        assert achkit.validate(data.decode())["errors"] == []
