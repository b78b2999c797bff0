"""Replacements and voids at a payer: what it decided before is taken back, from the version that it decided last."""

import io
import re
import zipfile

import pytest

from edi.x12.sets import t835
from edi.x12.syntax.reader import read
from sandbox.identifiers import payer_control_number


@pytest.fixture
def payer(make_sandbox, x12):
    """Sends one claim a file and gives what its 835 says: (CLP02, CLM05-3, charge, paid) of each paragraph."""
    sandbox, seen, sent = make_sandbox(), set(), []

    def send(member_id, charge_cents, frequency="1", *, number="C1", changes=None):
        control = 101 + len(sent)
        before = [one for clm01, one in sent if clm01 == number]
        changes = changes or (payer_control_number("10202", number, before[-1]) if before else "OLD123")
        sent.append((number, frequency))
        claim = x12.claim(number, [charge_cents], frequency=frequency, changes=changes)
        sandbox.put("oa", f"837P_{control}.txt", x12.interchange([[x12.subscriber(member_id, [claim])]], control))
        sandbox.tick()
        said = []
        for name, data in sandbox.outbound("oa").items():
            if name not in seen and name.endswith(".zip"):
                with zipfile.ZipFile(io.BytesIO(data)) as held:
                    inner = next(one for one in held.namelist() if held.read(one).startswith(b"ISA"))
                    values = [t835.read_set(one)[0] for one in read(held.read(inner)).sets]
                assert [t835.balance(one) for one in values] == [[]] * len(values)
                said += [
                    (one.status, one.frequency, one.charge_cents, one.paid_cents)
                    for value in values
                    for one in value.claims
                ]
            elif name not in seen:
                said += re.findall(rb"STC\*(A[37]:\d+:[A-Z]{2})\*", data)
            seen.add(name)
        return said

    send.sandbox = sandbox
    return send


def test_a_replacement_takes_the_earlier_decision_back_and_is_decided_anew(payer):
    assert payer("A15", 10_000) == [("1", "1", 10_000, 0)]
    assert payer("A10", 12_000, "7") == [("22", "1", -10_000, 0), ("1", "7", 12_000, 9_600)]
    assert payer("A10", 11_000, "7") == [("22", "7", -12_000, -9_600), ("1", "7", 11_000, 8_800)]


def test_a_void_takes_back_what_was_paid_though_it_says_something_else(payer):
    assert payer("A10", 10_000) == [("1", "1", 10_000, 8_000)]
    assert payer("A10", 99_000, "8") == [("22", "1", -10_000, -8_000)]


def test_a_corrected_decision_is_taken_back_as_it_was_corrected(payer):
    first, *corrected = payer("A18", 10_000)
    assert first == ("1", "1", 10_000, 8_000)
    assert corrected == [("22", "1", -10_000, -8_000), ("1", "1", 10_000, 6_000)]
    assert payer("A10", 10_000, "7") == [("22", "1", -10_000, -6_000), ("1", "7", 10_000, 8_000)]


def test_what_was_rejected_or_never_came_is_no_decision_to_take_back(payer):
    assert payer("A16", 10_000) == [b"A7:164:IL"]
    assert payer("A10", 10_000) == [("1", "1", 10_000, 8_000)]
    assert payer("A10", 10_000, "7", number="C2") == [("1", "7", 10_000, 8_000)]


def test_what_names_no_claim_that_the_payer_knows_is_rejected_and_changes_nothing(payer):
    assert payer("A10", 10_000, "7", number="C2", changes="1234567890123") == [b"A7:464:PR"], (
        "of its form, and not its own"
    )
    assert payer("A10", 10_000) == [("1", "1", 10_000, 8_000)]
    for frequency in ("7", "8"):
        assert payer("A10", 12_000, frequency, changes="OLD123") == [b"A7:464:PR"], (
            "it has the claim under another number"
        )
    of_the_first = payer_control_number("10202", "C1", "1")
    assert payer("A10", 11_000, "7", changes=of_the_first) == [("22", "1", -10_000, -8_000), ("1", "7", 11_000, 8_800)]


def test_a_number_that_was_believed_once_is_known_when_the_same_comes_again(payer):
    assert payer("A10", 10_000, "7", changes="OLD123") == [("1", "7", 10_000, 8_000)]
    again = [("22", "7", -10_000, -8_000), ("1", "7", 10_000, 8_000)]
    assert payer("A10", 10_000, "7", changes="OLD123") == again


def test_with_the_journal_all_that_came_in_is_forgotten(payer):
    assert payer("A10", 10_000, "7", changes="OLD123") == [("1", "7", 10_000, 8_000)]
    payer.sandbox.config.journal.unlink()
    assert payer("A10", 12_000, "7", changes="OLD123") == [("1", "7", 12_000, 9_600)]


def test_a_voided_claim_has_no_decision_to_take_back(payer):
    assert payer("A10", 10_000) == [("1", "1", 10_000, 8_000)]
    assert payer("A10", 10_000, "8") == [("22", "1", -10_000, -8_000)]
    assert payer("A10", 12_000, "7") == [("1", "7", 12_000, 9_600)]


def test_what_was_decided_before_a_restart_is_taken_back_after_it(payer):
    assert payer("A10", 10_000) == [("1", "1", 10_000, 8_000)]
    payer.sandbox.restart()
    assert payer("A10", 12_000, "7") == [("22", "1", -10_000, -8_000), ("1", "7", 12_000, 9_600)]
