"""The TRN in an addenda, and deposits read from the bank's file."""

from dataclasses import replace

import pytest

from edi.nacha import INBOUND, Addenda05, Trn, deposits, find_trn, read, trn_text, write


@pytest.mark.parametrize(
    ("text", "trn"),
    [
        ("TRN*1*EFT1*1911234567\\", Trn("EFT1", "1911234567")),
        ("TRN*1*EFT1*1911234567~", Trn("EFT1", "1911234567")),
        ("TRN*1*EFT1*1911234567*SUB~rest", Trn("EFT1", "1911234567", "SUB")),
        ("REF*EV*X~TRN*1*EFT1*1911234567~", Trn("EFT1", "1911234567")),
        ("TRN*1*EFT1  *1911234567  \\", Trn("EFT1", "1911234567")),
        ("TRN*1*EFT1*1911234567", Trn("EFT1", "1911234567", terminated=False)),
        ("TRN*1**1911234567~TRN*1*EFT2*1911234567~", Trn("EFT2", "1911234567")),
        ("TRN*1*EFT1", None),
        ("TRN*1**1911234567~", None),
        ("TRN 1 EFT1 1911234567", None),
        ("TRN*2*EFT1*1911234567~", None),
        ("", None),
    ],
)
def test_a_trn_is_found_wherever_it_stands_and_never_made_up(text, trn):
    assert find_trn(text) == trn


def test_a_trn_reads_back():
    assert find_trn("X" + trn_text("A1", "1912345678", "S")) == Trn("A1", "1912345678", "S")
    for parts in (("", "1"), ("A*", "1"), ("A", "1~")):
        with pytest.raises(ValueError, match="TRN"):
            trn_text(*parts)


def test_deposits_are_the_live_ccd_entries(ach_file, make_entry, make_batch):
    addenda = [Addenda05(text="TRN*1*EFT77*1911234567\\")]
    entries = [
        make_entry(1, 500, addenda=addenda),
        make_entry(2, 700, code=27, addenda=addenda),
        make_entry(3, 0, code=23),
        make_entry(4, 0, code=24, addenda=addenda),
        make_entry(5, 900),
        make_entry(6, 100, addenda=[Addenda05(text="TRN*1*EFT78*1911234567")]),
    ]
    bank = replace(
        ach_file, batches=[make_batch(1, "CCD", entries, service_class=200), make_batch(2, "PPD", [make_entry(7, 5)])]
    )
    document = read(write(bank), INBOUND)
    assert document.ok
    found = deposits(document.file)
    assert [(d.trn_trace, d.amount_cents, d.trn_terminated) for d in found] == [
        ("EFT77", 500, True), ("EFT77", -700, True), (None, 900, False), ("EFT78", 100, False),
    ]  # fmt: skip
    assert found[0].payer_id == "1911234567"
    assert found[0].company_name == "SAMPLE MEDICS"
    assert found[0].trace == "091000010000001"
    assert found[0].effective_date.isoformat() == "2026-11-24"
