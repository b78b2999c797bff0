"""Invented ACH files: one credit file with two batches, and its bytes to spoil."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from places import GOLDEN, SAMPLES

from edi.nacha import AchBatch, AchEntry, AchFile, Addenda05, trn_text, write

FOLDER = SAMPLES / "ach"


def entry(sequence: int, cents: int, code: int = 22, **over) -> AchEntry:
    base = AchEntry(
        transaction_code=code,
        rdfi="121042882",
        account=f"10{sequence:08d}",
        amount_cents=cents,
        individual_id=f"REFUND{sequence:06d}",
        name="RIVER EXAMPLE",
        trace=f"09100001{sequence:07d}",
    )
    return replace(base, **over)


def batch(number: int, sec: str, entries: list[AchEntry], **over) -> AchBatch:
    base = AchBatch(
        service_class=220,
        company_name="SAMPLE MEDICS",
        company_id="1912345678",
        sec=sec,
        description="REFUND" if sec == "PPD" else "VENDORPAY",
        descriptive_date="NOV 26",
        effective_date=date(2026, 11, 24),
        odfi="09100001",
        number=number,
        entries=entries,
    )
    return replace(base, **over)


def sample_file(**over) -> AchFile:
    addenda = [Addenda05(text=trn_text("PAY000000001", "1912345678"))]
    base = AchFile(
        origin="1912345678",
        origin_name="SAMPLE MEDICS",
        destination="091000019",
        destination_name="SAMPLE BANK",
        created=datetime.fromisoformat("2026-11-23T09:41"),
        modifier="A",
        reference="R1",
        batches=[
            batch(1, "PPD", [entry(1, 12_345), entry(2, 99, code=32), entry(3, 0, code=23)]),
            batch(2, "CCD", [entry(4, 1_000_000, addenda=addenda, rdfi="231380104")]),
        ],
    )
    return replace(base, **over)


@pytest.fixture
def ach_file() -> AchFile:
    return sample_file()


@pytest.fixture
def make_entry() -> Callable[..., AchEntry]:
    return entry


@pytest.fixture
def make_batch() -> Callable[..., AchBatch]:
    return batch


@pytest.fixture
def ach_bytes() -> bytes:
    return write(sample_file())


@pytest.fixture
def golden_folder() -> Path:
    return GOLDEN / "nacha"


@pytest.fixture
def sample_folder() -> Path:
    if not FOLDER.exists():
        pytest.skip("no sample folder beside the checkout")
    return FOLDER
