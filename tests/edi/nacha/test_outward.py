"""Prenotes, reversals, offsets, and remittances in many addenda: as the rules want them, and accepted by our strict check."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from places import GOLDEN

from edi.errors import NotRepresentable
from edi.nacha import AchEntry, check, read, write
from edi.nacha.outward import OffsetAccount, balanced, prenote, reversal_file, service_class, trace_number
from edi.nacha.remittance import in_addenda
from edi.x12.syntax.reader import read as read_x12

WHEN = datetime.fromisoformat("2026-11-25T10:00")
REMITTANCE = (
    "ISA*00*          *00*          *30*1912345678     *ZZ*VENDOR         *261123*0941*U*00401*000000001*0*P*>~"
    + ("ST*820*0001~BPR*C*125.5*C*ACH*CTX~TRN*1*PAY000000001*1912345678~ENT*1~RMR*IV*INV-77**125.5~SE*6*0001~" * 9)
)


def with_batches(file, *batches):
    return replace(file, batches=list(batches))


def ctx_entry(make_entry, text: str) -> AchEntry:
    return make_entry(1, 12_550, name="BOLT PARTS", addenda=in_addenda(text))


def test_a_remittance_runs_unbroken_over_the_addenda_of_a_ctx(ach_file, make_batch, make_entry):
    entry = ctx_entry(make_entry, REMITTANCE)
    data = write(with_batches(ach_file, make_batch(1, "CTX", [entry])))
    assert check(data) == []
    lines = data.decode().split("\n")
    count = -(-len(REMITTANCE) // 80)
    assert lines[2][54:58] == f"{count:04d}"
    assert lines[2][58:74] == "BOLT PARTS".ljust(16)
    assert lines[2][78] == "1"
    assert "".join(line[3:83] for line in lines[3 : 3 + count]).rstrip() == REMITTANCE
    assert [line[83:87] for line in lines[3 : 3 + count]] == [f"{n:04d}" for n in range(1, count + 1)]
    [batch] = read(data).file.batches
    assert batch.entries[0].information == REMITTANCE


def test_blanks_at_the_end_of_an_addenda_are_kept_between_pieces():
    text = "X" * 75 + " " * 10 + "Y"
    addenda = in_addenda(text)
    assert [len(one.text) for one in addenda] == [75, 6]
    entry = AchEntry(
        transaction_code=22, rdfi="", account="", amount_cents=1, individual_id="", name="", trace="", addenda=addenda
    )
    assert entry.information == text


@pytest.mark.parametrize("text", ["", "   ", "ends ", "a\nb", "Ünïcode", "X" * (80 * 9_999 + 1)])
def test_text_that_addenda_cannot_hold_is_refused(text):
    with pytest.raises(ValueError, match="addenda"):
        in_addenda(text)


def test_a_stated_number_of_addenda_that_differs_is_found(ach_file, make_batch, make_entry):
    data = write(with_batches(ach_file, make_batch(1, "CTX", [ctx_entry(make_entry, REMITTANCE)])))
    lines = data.split(b"\n")
    lines[2] = lines[2][:54] + b"0001" + lines[2][58:]
    assert [(f.code, f.place.line, f.place.columns) for f in check(b"\n".join(lines))] == [
        ("ACH-ADDENDA-COUNT", 3, (55, 58))
    ]


def test_more_addenda_than_the_class_has_are_refused(ach_file, make_batch, make_entry):
    with pytest.raises(NotRepresentable, match="ACH-ADDENDA-MANY"):
        write(with_batches(ach_file, make_batch(1, "CCD", [ctx_entry(make_entry, REMITTANCE)])))


def test_a_prenote_moves_no_money(ach_file, make_batch, make_entry):
    tried = [make_entry(1, 500, code=22), make_entry(2, 500, code=32), make_entry(3, 1, code=42)]
    made = [prenote(entry, trace_number("09100001", number)) for number, entry in enumerate(tried, start=7)]
    assert [(one.transaction_code, one.amount_cents, one.trace[8:]) for one in made] == [
        (23, 0, "0000007"),
        (33, 0, "0000008"),
        (43, 0, "0000009"),
    ]
    assert all(one.is_prenote for one in made)
    assert check(write(with_batches(ach_file, make_batch(1, "PPD", made)))) == []


@pytest.mark.parametrize("code", [21, 23, 24, 55])
def test_a_prenote_of_what_is_not_live_is_refused(make_entry, code):
    with pytest.raises(ValueError, match="no prenote"):
        prenote(make_entry(1, 0, code=code), "091000010000009")


def test_a_reversal_takes_back_the_same_money_from_the_same_account(ach_file):
    traces = ["091000010000002", "091000010000004"]
    file = reversal_file(
        ach_file, traces, created=WHEN, effective_date=date(2026, 11, 27), modifier="B", first_sequence=50
    )
    assert check(write(file)) == []
    first, second = file.batches
    assert (first.sec, first.description, first.descriptive_date) == ("PPD", "REVERSAL", "261124")
    assert (first.company_id, first.company_name, first.service_class) == ("1912345678", "SAMPLE MEDICS", 225)
    assert (first.effective_date, second.number, file.modifier, file.created) == (date(2026, 11, 27), 2, "B", WHEN)
    [one], [other] = first.entries, second.entries
    assert (one.transaction_code, one.amount_cents, one.account, one.trace) == (37, 99, "1000000002", "091000010000050")
    assert (other.transaction_code, other.amount_cents, other.addenda) == (27, 1_000_000, [])
    assert (file.debit_cents, file.credit_cents) == (1_000_099, 0)


@pytest.mark.parametrize(
    ("traces", "why"), [([], "not in the file"), (["1"], "not in the file"), (["091000010000003"], "live")]
)
def test_what_cannot_be_reversed_is_refused(ach_file, traces, why):
    with pytest.raises(ValueError, match=why):
        reversal_file(ach_file, traces, created=WHEN, effective_date=date(2026, 11, 27))


def test_a_reversal_of_a_reversal_and_of_a_loan_turn_the_side_back(make_entry):
    from edi.nacha.codes import reversed_code

    assert {code: reversed_code(code) for code in (22, 27, 32, 37, 42, 47, 52, 55)} == {
        22: 27, 27: 22, 32: 37, 37: 32, 42: 47, 47: 42, 52: 55, 55: 52,
    }  # fmt: skip


def test_a_balanced_batch_nets_to_nothing(ach_file, make_batch, make_entry):
    account = OffsetAccount(routing_number="091000019", account="778899", name="SAMPLE MEDICS")
    mixed = [make_entry(1, 700), make_entry(2, 300, code=27), make_entry(3, 40, code=32)]
    batch = balanced(make_batch(1, "CCD", mixed), account)
    assert (batch.service_class, batch.debit_cents, batch.credit_cents) == (200, 1_040, 1_040)
    assert [(one.transaction_code, one.amount_cents, one.trace[8:]) for one in batch.entries[3:]] == [
        (27, 740, "0000004"),
        (22, 300, "0000005"),
    ]
    assert check(write(with_batches(ach_file, batch))) == []
    credits_only = balanced(make_batch(1, "CCD", mixed[:1]), replace(account, savings=True))
    assert [one.transaction_code for one in credits_only.entries] == [22, 37]


def test_nothing_is_offset_where_no_money_moves(make_batch, make_entry):
    account = OffsetAccount(routing_number="091000019", account="778899", name="SAMPLE MEDICS")
    for entries in ([], [make_entry(1, 0, code=23)]):
        with pytest.raises(ValueError, match="offset"):
            balanced(make_batch(1, "CCD", entries), account)


def test_a_spent_sequence_never_starts_over():
    assert trace_number("09100001", 9_999_999) == "091000019999999"
    with pytest.raises(ValueError, match="spent"):
        trace_number("09100001", 10_000_000)


def test_the_service_class_follows_from_the_sides(make_entry):
    credit, debit = make_entry(1, 1), make_entry(2, 1, code=27)
    assert [service_class(one) for one in ([credit], [debit], [credit, debit])] == [220, 225, 200]


def test_an_820_travels_whole_in_a_ctx(ach_file, make_batch, make_entry):
    """Every 820 that we have as a golden file comes out of the addenda as it went in, blanks of its header included."""
    paths = sorted((GOLDEN / "x12").glob("820*.x12"))
    assert paths
    for path in paths:
        text = path.read_text().replace("\n", "")
        data = write(with_batches(ach_file, make_batch(1, "CTX", [make_entry(1, 100, addenda=in_addenda(text))])))
        assert check(data) == []
        [batch] = read(data).file.batches
        carried = batch.entries[0].information
        assert carried == text
        assert [one.set_id for one in read_x12(carried.encode()).sets] == ["820"] * text.count("~ST*820")
