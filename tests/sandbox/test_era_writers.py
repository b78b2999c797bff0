"""Both writers of an 835 say the same decisions; the outside one in its own words."""

import sys
from datetime import datetime

import pytest

from edi.x12.sets import t835
from edi.x12.syntax.envelope import Envelope
from edi.x12.syntax.reader import read
from sandbox.config import SandboxConfig
from sandbox.era_writers import ERA_WRITERS


@pytest.fixture
def envelope():
    return Envelope(
        sender_qualifier="30", sender_id="330897513", receiver_qualifier="ZZ", receiver_id="RB001",
        group_sender="330897513", group_receiver="RB001", control_number=77, usage="T",
        when=datetime(2026, 11, 3, 14, 25, 30), functional_id="HP", version=t835.VERSION,  # noqa: DTZ001
    )  # fmt: skip


def money(value):
    return value.payment.amount_cents, value.payment.trace_number, [
        (one.patient_control_number, one.status, one.charge_cents, one.paid_cents, one.payer_control_number,
         [(line.charge_cents, line.paid_cents, line.line_control_number, line.adjustments) for line in one.lines])
        for one in value.claims
    ], [(one.reason, one.reference, one.amount_cents) for one in value.provider_adjustments]  # fmt: skip


def test_the_outside_writer_tells_the_same_money(envelope):
    from x12_remits import shapes_835

    sets = [one for name, one in shapes_835().items() if name != "everything"]
    for number, one in enumerate(sets):
        one.payment.trace_number = f"T{number}"
    ours, theirs = (ERA_WRITERS[name](envelope, sets) for name in ("own", "oxedi"))
    assert ours != theirs
    document = read(theirs)
    assert document.findings == []
    assert document.interchanges[0].usage == "T"
    again = [t835.read_set(one) for one in document.sets]
    assert [found for _, found in again if found] == []
    assert [money(value)[:2] for value, _ in again] == [money(value)[:2] for value in sets]
    assert [money(value) for value, _ in again] == [money(t835.read_set(one)[0]) for one in read(ours).sets]


def test_our_own_writer_needs_no_outside_one(envelope, monkeypatch):
    monkeypatch.setitem(sys.modules, "oxedi", None)
    assert read(ERA_WRITERS["own"](envelope, [])).findings == []


def test_an_unknown_writer_is_refused(tmp_path):
    with pytest.raises(ValueError, match="era_writer"):
        SandboxConfig.from_dict({"root": str(tmp_path), "era_writer": "nobody"})
