"""BAI2: what is written is read back equal, what is cut is never silent, what is damaged has a place and raises nothing."""

import random
from datetime import date

import pytest
from damage import damaged
from hypothesis import given, settings
from hypothesis import strategies as st
from places import GOLDEN

from edi import bai2
from edi.bai2.deposits import trn_in
from edi.errors import NotRepresentable
from edi.inspection import inspect, kind_of

REPORT = (GOLDEN / "bai2" / "payers.bai2").read_bytes()


def read(data=REPORT):
    return bai2.read(data)


def codes_of(document):
    return [(finding.code, finding.place.line) for finding in document.findings]


# -- reading ----------------------------------------------------------------------------------------------------------
def test_the_golden_report_is_sound_and_typed():
    document = read()
    assert (document.ok, document.complete, document.findings, document.lines) == (True, True, [], 20)
    [group] = document.file.groups
    assert (group.status, group.as_of, group.currency, group.modifier) == ("1", date(2026, 11, 19), "USD", "2")
    first, second = group.accounts
    assert [(s.type_code, s.amount_cents, s.items) for s in first.summaries] == [
        ("010", 1_500_000, None), ("040", 2_830_000, None), ("072", 1_020_000, 2), ("110", None, None),
    ]  # fmt: skip
    assert first.summaries[2].availability == ("500000", "300000", "220000")
    assert second.total_cents == -4_500
    assert [one.amount_cents for one in first.transactions] == [
        1_250_050,
        14_500,
        990_000,
        50_000,
        2_500,
        -14_500,
        -7_700,
    ]
    wire = first.transactions[2]
    assert (wire.bank_reference, wire.customer_reference, wire.text) == ("B0003", "C78", "WIRE IN FROM INVENTED PLAN")


def test_deposits_are_payers_money_with_the_trace_wherever_it_stands():
    told = bai2.movements(read().file)
    assert [(m.trn_trace, m.payer_id, m.amount_cents, m.reference) for m in told] == [
        ("T1", "1999999990", 1_250_050, "091000010000001"),
        ("LONGTRACE0000000002", "1999999990", 14_500, "B0002"),
        (None, None, 990_000, "B0003"),
        (None, None, 50_000, "B0004"),
        ("T0", "1999999990", -14_500, "B0006"),
    ]
    assert (told[0].company_name, told[0].company_id) == ("INVENTED PAYER", "1999999990")
    assert {m.day for m in told} == {date(2026, 11, 19)}


OWN = bai2.BaiFile(
    sender="091000080",
    receiver="1",
    created=date(2026, 11, 20),
    created_time="0600",
    file_id="1",
    groups=[
        bai2.Group(
            receiver="1",
            originator="091000080",
            status=status,
            as_of=date(2026, 11, 19),
            accounts=[
                bai2.Account(
                    number="2",
                    transactions=[
                        bai2.Transaction(type_code=code, amount_cents=cents, customer_reference=ours, text=text)
                        for code, cents, ours, text in (
                            ("466", -5000, "OURS-1", "ACH SETTLEMENT"),
                            ("166", 700, "OURS-2", "ACH SETTLEMENT"),
                            ("257", 300, "", "RETURN R03"),
                            ("557", -200, "OURS-3", "DISHONORED"),
                            ("166", 900, "", "ACH SETTLEMENT"),
                            ("166", 800, "OURS-4", "TRN*1*T1*1999999990\\"),
                            ("557", -100, "", "REVERSAL"),
                            ("399", 1, "", "INTEREST"),
                        )
                    ],
                )
            ],
        )
        for status in ("1", "4")
    ],
)


def test_what_is_booked_for_our_own_files_is_no_payers_money_nor_the_other_way_round():
    document = read(bai2.write(OWN))
    assert document.findings == []
    told = bai2.own_movements(document.file)
    assert [(m.kind, m.amount_cents, m.reference) for m in told] == [
        ("settlement", -5000, "OURS-1"),
        ("settlement", 700, "OURS-2"),
        ("return", 300, ""),
        ("return", -200, "OURS-3"),
    ]
    assert {m.day for m in told} == {date(2026, 11, 19)}
    assert [m.amount_cents for m in bai2.movements(document.file)] == [900, 800, -100]
    assert bai2.own_movements(read().file) == []


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        ("TRN*1*T9*1999999990\\", "T9"),
        ("A, B TRN*1*T9*1999999990~ MORE", "T9"),
        ("HCCLAIMPMT\nTRN*1*T\n9*1999999990\\", "T9"),
        ("TRN*1*T9*1999\n999990\\", "T9"),
        ("TRN*1*T9*1999999990", "T9"),  # the bank dropped the terminator, and TRN03 is whole
        ("TRN*1*T9*1999999990\nNEXT LINE~", "T9"),
        ("TRN*1*T9*19999", None),
        ("TRN*1*T9", None),
        ("T9", None),
    ],
)
def test_a_trace_is_found_whole_or_not_at_all(text, trace):
    found = trn_in(text)
    assert (found.trace_number if found else None) == trace


@pytest.mark.parametrize("ends", [b"\r\n", b"\r", b"   \n", b"/\n"])
def test_line_ends_padding_and_slashes_after_texts_make_no_difference(ends):
    lines = [line.removesuffix(b"/") if ends == b"/\n" else line for line in REPORT.splitlines()]
    data = b"".join(line + ends for line in lines)
    assert (read(data).file, read(data).findings) == (read().file, [])


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        (b"49,7679250,14/", b"49,7679251,14/", "BAI2-ACCOUNT-TOTAL", 16),
        (b"49,7679250,14/", b"49,7679250,13/", "BAI2-ACCOUNT-COUNT", 16),
        (b"98,7674750,2,18/", b"98,7674751,2,18/", "BAI2-GROUP-TOTAL", 19),
        (b"98,7674750,2,18/", b"98,7674750,3,18/", "BAI2-GROUP-PARTS", 19),
        (b"99,7674750,1,20/", b"99,1,1,20/", "BAI2-FILE-TOTAL", 20),
        (b"99,7674750,1,20/", b"99,7674750,2,20/", "BAI2-FILE-PARTS", 20),
        (b"99,7674750,1,20/", b"99,7674750,1,2/", "BAI2-FILE-COUNT", 20),
        (b"99,7674750,1,20/", b"99,7674750,1,20", "BAI2-SLASH", 20),
        (b"16,142,1250050,0", b"16,142,12500x0,0", "BAI2-VALUE", 5),
        (b"16,142,", b"16,14,", "BAI2-VALUE", 5),
        (b"16,142,1250050,0", b"16,142,1250050,Q", "BAI2-VALUE", 5),
        (b",50000,D,2,", b",50000,D,x,", "BAI2-VALUE", 12),
        (b",261119,2359", b",261339,2359", "BAI2-VALUE", 2),
        (b",261119,2359", b",261119,2561", "BAI2-VALUE", 2),
        (b",1,261119,", b",7,261119,", "BAI2-VALUE", 2),
        (b"02,1999990001,091000080", b"02,1999990001,", "BAI2-MISSING", 2),
        (b",80,,2/", b",80,,3/", "BAI2-VERSION", 1),
        (b",80,,2/", b",80,,2,02,X/", "BAI2-EXTRA", 1),
        (b"49,7679250,14/\n", b"", "BAI2-TRAILER", 16),
        (b"98,7674750,2,18/\n", b"", "BAI2-TRAILER", 19),
        (b"99,7674750,1,20/\n", b"", "BAI2-TRAILER", 19),
        (b"03,000200301,,015,-4500,,/\n", b"", "BAI2-ORDER", 17),
        (b"16,399,", b"IN OTHER WORDS\n16,399,", "BAI2-RECORD", 13),
        (b"01,091000080", b"88,X/\n01,091000080", "BAI2-RECORD", 1),
        (b"99,7674750,1,20/\n", b"99,7674750,1,20/\n02,A,B,1,261119/\n", "BAI2-AFTER-END", 21),
        (b"02,1999990001", b"01,A,B,261120,,1,,,2/\n02,1999990001", "BAI2-ORDER", 2),
    ],
)  # fmt: skip
def test_each_damage_has_its_place(old, new, code, line):
    assert old in REPORT
    document = read(REPORT.replace(old, new))
    assert (code, line) in codes_of(document)


def test_what_stands_outside_its_level_is_kept():
    document = read(b"01,A,B,261120,,1,,,2/\n16,142,500,,R,,LOST\n99,500,0,3/\n")
    assert [one.text for one in document.file.transactions] == ["LOST"]
    assert not document.ok


def test_a_transaction_with_an_unreadable_amount_is_kept_without_one():
    document = read(REPORT.replace(b"16,142,1250050,0", b"16,142,12500x0,0"))
    assert document.file.transactions[0].amount_cents is None
    assert document.file.transactions[0].bank_reference == "B0001"
    [told, *_] = document.findings
    assert (told.value_class, told.value_length, told.place.columns) == ("letters and digits", 7, (8, 14))


@pytest.mark.parametrize("data", [b"", b"\n\n", b"ISA*00*", b"99,0,0,1/"])
def test_what_is_no_bai2_says_so(data):
    document = read(data)
    assert document.file is None
    assert document.findings[0].code == "BAI2-NOT-BAI2"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b",1,261119,2359,USD", b",2,261119,2359,USD", "BAI2-CORRECTION"),
        (b",1,261119,2359,USD", b",3,261119,2359,USD", "BAI2-CORRECTION"),
        (b"2359,USD,2/", b"2359,CAD,2/", "BAI2-CURRENCY"),
    ],
)
def test_corrections_and_other_money_are_not_taken_in_by_themselves(old, new, code):
    file = read(REPORT.replace(b"03,000200300,USD", b"03,000200300,").replace(old, new)).file
    assert [finding.code for finding in bai2.unusable(file)] == [code]


def test_a_test_group_holds_no_deposits():
    assert bai2.movements(read(REPORT.replace(b",1,261119,", b",4,261119,")).file) == []


# -- properties -------------------------------------------------------------------------------------------------------
_word = st.text("ABCXYZ0189*\\~:.#- ", max_size=12).map(str.strip)
_line = _word.filter(bool)
_cents = st.integers(0, 10**12)
_day = st.dates(date(2000, 1, 1), date(2099, 12, 31))
_time = st.sampled_from(["", "0000", "0915", "2400", "9999"])
_funds = st.one_of(
    st.sampled_from(["", "0", "1", "2", "Z"]).map(lambda kind: (kind, ())),
    st.tuples(_cents, _cents, _cents).map(lambda cents: ("S", tuple(map(str, cents)))),
    _day.map(lambda day: ("V", (f"{day:%y%m%d}", "0900"))),
    st.lists(st.tuples(st.integers(0, 9), _cents), max_size=3).map(
        lambda pairs: ("D", (str(len(pairs)), *(str(part) for pair in pairs for part in pair)))
    ),
)


@st.composite
def _transactions(draw):
    code = draw(st.sampled_from(["115", "142", "165", "195", "399", "455", "475", "930", "970"]))
    cents = draw(st.none() | _cents)
    funds, availability = draw(_funds)
    return bai2.Transaction(
        type_code=code,
        amount_cents=-cents if cents and code in {"455", "475", "970"} else cents,
        funds_type=funds,
        availability=availability,
        bank_reference=draw(_word),
        customer_reference=draw(_word),
        text="\n".join(draw(st.lists(_line, max_size=3))),
    )


@st.composite
def _summaries(draw):
    funds, availability = draw(_funds)
    return bai2.Summary(
        type_code=draw(st.sampled_from(["010", "015", "040", "110"])),
        amount_cents=draw(st.none() | st.integers(-(10**12), 10**12)),
        items=draw(st.none() | st.integers(0, 999)),
        funds_type=funds,
        availability=availability,
    )


_accounts = st.builds(
    bai2.Account,
    number=_line,
    currency=st.sampled_from(["", "USD"]),
    summaries=st.lists(_summaries(), max_size=2),
    transactions=st.lists(_transactions(), max_size=4),
)
_groups = st.builds(
    bai2.Group,
    receiver=_word,
    originator=_line,
    status=st.sampled_from("1234"),
    as_of=_day,
    as_of_time=_time,
    currency=st.sampled_from(["", "USD"]),
    modifier=st.sampled_from(["", "1", "2", "3", "4"]),
    accounts=st.lists(_accounts, max_size=2),
)
_files = st.builds(
    bai2.BaiFile,
    sender=_line,
    receiver=_line,
    created=_day,
    created_time=_time,
    file_id=_line,
    record_length=st.none() | st.integers(0, 999),
    block_size=st.none() | st.integers(0, 999),
    groups=st.lists(_groups, max_size=2),
)


@settings(max_examples=150, deadline=None)
@given(_files)
def test_what_is_written_is_read_back_equal(file):
    document = read(bai2.write(file))
    assert document.findings == []
    assert document.complete
    assert document.file == file


@settings(max_examples=150, deadline=None)
@given(_files, st.data())
def test_a_cut_anywhere_is_never_silent(file, data):
    whole = bai2.write(file)
    cut = data.draw(st.integers(0, len(whole) - 2), label="bytes that are left")
    assert read(whole[:cut]).findings
    assert not bai2.is_whole(whole[:cut]) or not read(whole[:cut]).ok


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing(data):
    for start in (b"", b"01,A,B,261120,", REPORT[:150]):
        read(start + data)
        inspect("x", start + data)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9))
def test_a_damaged_report_raises_nothing(seed):
    document = read(damaged(random.Random(seed), REPORT, [REPORT]))
    if document.file is not None:
        bai2.movements(document.file)
        bai2.unusable(document.file)


@pytest.mark.parametrize(
    "one",
    [
        bai2.Transaction(type_code="142", amount_cents=-1),
        bai2.Transaction(type_code="455", amount_cents=1),
        bai2.Transaction(type_code="142", amount_cents=1, bank_reference="A,B"),
        bai2.Transaction(type_code="142", amount_cents=1, text="A\n\nB"),
        bai2.Transaction(type_code="142", amount_cents=1, text=" A"),
        bai2.Transaction(type_code="142", amount_cents=1, text="É"),
        bai2.Transaction(type_code="142", amount_cents=1, funds_type="S", availability=("1",)),
        bai2.Transaction(type_code="142", amount_cents=1, funds_type="D", availability=("2", "1")),
        bai2.Transaction(type_code="142", amount_cents=1, funds_type="Q"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(one):
    file = bai2.BaiFile(groups=[bai2.Group(accounts=[bai2.Account(number="1", transactions=[one])])])
    with pytest.raises(NotRepresentable):
        bai2.write(file)


# -- inspection -------------------------------------------------------------------------------------------------------
def test_inspection_tells_kinds_and_money_and_no_account():
    assert kind_of(REPORT) == "bai2"
    found = inspect("payers.bai2", REPORT)
    assert (found.kind, found.exit_code) == ("bai2", 0)
    assert (found.summary["deposits"], found.summary["taken_back"], found.summary["traces_835"]) == (4, 1, 3)
    assert found.summary["debit_cents"] == 22_200
    told = str(found.as_dict())
    assert "000200300" not in told
    assert "INVENTED PLAN" not in told
    cut = inspect("payers.bai2", REPORT[:300])
    assert cut.exit_code == 1
    assert not cut.summary["complete"]
