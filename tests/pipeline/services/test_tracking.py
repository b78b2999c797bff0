"""What people name when they ask about a claim, until when an answer should have come, and what a batch is called."""

from datetime import timedelta

import pytest
from x12_replies import claim, reply, report

from pipeline.services import listings
from pipeline.services.story import story
from pipeline.stages.acknowledge import acknowledge
from pipeline.stages.upload import upload
from pipeline.stages.watch import watch


class Tracked:
    """One claim that goes out and is answered step by step."""

    def __init__(self, money, document):
        self.money, self.ctx, self.org = money, money.ctx, money.org
        [self.sent] = money.claims(1, document)

    def send(self):
        upload(self.ctx, self.org, 1)

    def come(self, data):
        kind = "x12:277" if b"ST*277" in data else "x12:999"
        acknowledge(self.ctx, self.org, self.money.store(kind, data, name=f"answer{len(data)}"))

    def pass_days(self, days):
        self.ctx.clock.advance(int(days * 86400))
        watch(self.ctx, self.org, self.org)

    @property
    def told(self):
        return story(self.ctx, self.org, "ana", self.sent.clm01).tracking

    @property
    def file(self):
        [one] = [f for f in listings.files(self.ctx, self.org) if f.kind == "837P"]
        return (one.status, one.waiting_h, one.rejected)


@pytest.fixture
def tracked(money, claim_document):
    return Tracked(money, claim_document)


def test_a_claim_tells_its_numbers_and_its_window_as_answers_come(tracked, money, decide):
    assert tracked.told.window_ends is None  # it has not left
    began = tracked.ctx.clock.now()
    tracked.send()
    assert timedelta(days=7) <= tracked.told.window_ends - began < timedelta(days=7, minutes=5)
    assert (tracked.told.awaits, tracked.told.clearinghouse_id, tracked.told.payer_control_number) == (
        "status",
        None,
        None,
    )
    tracked.come(report(claim(tracked.sent.clm01, clearinghouse_id="4711"), batch="000000001-0001"))
    tracked.pass_days(8)
    assert (tracked.told.next_step, tracked.told.clearinghouse_id) == ("status_inquiry", "4711")
    tracked.come(report(claim(tracked.sent.clm01, payer_control_number="ICN9"), by="PR", number=2))
    tracked.pass_days(0.1)
    assert (tracked.told.awaits, tracked.told.next_step) == ("decision", None)
    assert (tracked.told.clearinghouse_id, tracked.told.payer_control_number) == ("4711", "ICN9")
    assert timedelta(days=38) < tracked.told.window_ends - began < timedelta(days=38, minutes=5)
    money.remit(decide(tracked.sent, 14_500))
    assert (tracked.told.awaits, tracked.told.window_ends) == (None, None)


def test_a_batch_is_awaiting_with_its_hours_until_it_is_answered(tracked, money, decide):
    assert tracked.file == ("AWAITING", 0, 0)
    tracked.pass_days(75.5 / 24)
    tracked.send()
    assert tracked.file == ("AWAITING", 75, 0)
    tracked.come(reply(1, "A", included=1))
    assert tracked.file == ("SENT", None, 0)
    tracked.come(report(claim(tracked.sent.clm01), batch="000000001-0001"))
    assert tracked.file == ("ACCEPTED", None, 0)
    tracked.come(report(claim(tracked.sent.clm01), by="PR", number=2))
    assert tracked.file == ("PAYER_ACCEPTED", None, 0)
    money.remit(decide(tracked.sent, 14_500))
    assert tracked.file == ("DECIDED", None, 0)
    others = [f for f in listings.files(tracked.ctx, tracked.org) if f.kind != "837P"]
    assert others
    assert all((f.status, f.waiting_h, f.rejected) == (None, None, None) for f in others)
