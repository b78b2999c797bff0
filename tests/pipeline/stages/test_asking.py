"""Coverage asked in files: what waits leaves once, what comes back is applied by number, what is refused is told."""

from dataclasses import replace
from datetime import datetime

import pytest
from at_once import at_once
from coverage_questions import child, question
from x12sdk.io import X12ModelReader

from edi.x12.sets import t271, t999
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.syntax.reader import read
from edi.x12.syntax.ta1 import Ta1
from pipeline.domain.errors import CallerError
from pipeline.services import eligibility
from pipeline.stages.acknowledge import acknowledge
from pipeline.stages.asking import ask
from pipeline.stages.upload import upload
from pipeline.stages.watch import watch
from pipeline.store import files, inbound, inquiries, tenants, work
from sandbox import eligibility as payers

OTHER = "20MC1"
WHEN = datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001 - as X12 tells time


class Asking:
    """Drives one tenant's questions in files."""

    def __init__(self, product, org, outside):
        self.ctx, self.org, self.outside, self.control = product.context, org, outside["oa"], 100

    def tx(self):
        return self.ctx.tenant(self.org, "test")

    def put_by(self, *questions):
        return eligibility.put_by(self.ctx, self.org, [(one, None) for one in questions], "bill")

    def send(self):
        """The file that leaves, by row and bytes."""
        ask(self.ctx, self.org, self.org)
        with self.tx() as tx:
            [file_id] = [
                r.id for r in tx.rows("SELECT id FROM outbound_file WHERE kind = '270' AND state = 'RESERVED'")
            ]
        upload(self.ctx, self.org, file_id)
        [name] = [one.name for one in self.outside.list("inbound")]
        data = self.outside.read("inbound", name)
        self.outside.delete("inbound", name)
        return file_id, name, data

    def comes(self, functional_id, version, sets, ta1s=()):
        self.control += 1
        envelope = Envelope(
            sender_qualifier="ZZ", sender_id="330897513", receiver_qualifier="ZZ", receiver_id="US",
            group_sender="330897513", group_receiver="US", control_number=self.control, usage="T", when=WHEN,
            functional_id=functional_id, version=version,
        )  # fmt: skip
        return self.receives(write_interchange(envelope, sets, list(ta1s)))

    def receives(self, data, kind="x12:271"):
        with self.tx() as tx:
            [box] = tenants.mailboxes(tx, "clearinghouse")
            made, _ = inbound.store(tx, box.id, "in", kind, data, parent_id=None, event="received", reason=None)
        acknowledge(self.ctx, self.org, made)
        return made

    def answers(self, data):
        """As the sandbox answers each set."""
        said = [payers.answer(ts, WHEN) for ts in read(data).sets]
        return self.comes("HB", t271.VERSION, [t271.write_set(one, f"{n:04d}").data for n, one in enumerate(said, 1)])

    def states(self):
        return {one.id: (one.state, one.answer) for one in eligibility.listed(self.ctx, self.org, "test", [], 100)}

    def raised(self):
        with self.tx() as tx:
            rows = tx.rows("SELECT type, subject_kind, subject_id FROM work_exception WHERE state = 'OPEN' ORDER BY id")
            return [tuple(row) for row in rows]


@pytest.fixture
def asking(product, org, outside):
    return Asking(product, org, outside)


def test_what_waits_leaves_in_one_file_and_the_answers_come_back_by_number(asking):
    ids = asking.put_by(question("00"), child("05"), question("06", payer_id=OTHER), question("17", payer_id=OTHER))
    assert set(asking.states().values()) == {("ASKED", None)}
    file_id, name, data = asking.send()
    assert name == "OATEST_270_000000001.txt"
    assert [len([s for s in ts.segments if s[0] == "EQ"]) for ts in read(data).sets] == [2, 2]
    assert set(asking.states().values()) == {("IN_FILE", None)}
    asking.answers(data)
    answers = [("ANSWERED", one) for one in ("active", "inactive", "rejected", "pending")]
    assert asking.states() == dict(zip(ids, answers, strict=True))
    shown = eligibility.show(asking.ctx, asking.org, "test", ids[0])
    assert (shown.inquiry.file_id, shown.inquiry.answer.benefits[1].amount_cents) == (file_id, 150_000)
    with asking.tx() as tx:
        assert tx.value("SELECT answered_at IS NOT NULL FROM outbound_file WHERE id = :id", id=file_id)
    assert asking.raised() == []


def test_an_outside_reader_takes_the_file(asking):
    asking.put_by(question("00"), child("05"), question("06", payer_id=OTHER))
    _, _, data = asking.send()
    with X12ModelReader(data.decode()) as reader:
        assert len(list(reader.models())) == 2


def test_two_at_once_place_each_question_once(asking):
    asking.put_by(*[question(f"{n:02d}") for n in range(8)])
    at_once([lambda: ask(asking.ctx, asking.org, asking.org)] * 3)
    with asking.tx() as tx:
        [(count, made)] = tx.rows("SELECT count(*), count(DISTINCT file_id) FROM inquiry WHERE state = 'IN_FILE'")
        [file_id] = [row.id for row in tx.rows("SELECT id FROM outbound_file WHERE kind = '270'")]
        assert files.content(tx, file_id).count(b"TRN*1*") == 8
    assert (count, made) == (8, 1)


def test_a_file_shares_its_numbers_with_the_claims(asking):
    asking.put_by(question())
    asking.send()
    with asking.tx() as tx:
        exchange = tx.value("SELECT exchange FROM outbound_file WHERE kind = '270'")
        assert tx.value("SELECT value FROM exchange_counter WHERE series = :s", s=f"isa:{exchange}") == 1


@pytest.mark.parametrize("by", ["ta1", "999"])
def test_a_refused_file_fails_its_questions_and_a_later_answer_still_counts(asking, by):
    ids = asking.put_by(question("00"), question("05", payer_id=OTHER))
    file_id, _, data = asking.send()
    if by == "ta1":
        asking.comes(
            "FA", t999.VERSION, [], [Ta1(control_number="000000001", date="261120", time="1000", code="R", note="024")]
        )
    else:
        refused = payers.acknowledgment(read(data).interchanges[0].groups[0])
        refused.code, refused.accepted = "R", 0
        for one in refused.sets:
            one.code, one.reasons = "R", ["5"]
        asking.comes("FA", t999.VERSION, [t999.write_set(refused, "0001").data])
    assert [state for state, _ in asking.states().values()] == ["FAILED", "FAILED"]
    assert asking.raised() == [("inquiry_failed", "file", file_id)]
    asking.answers(data)
    assert asking.states() == {ids[0]: ("ANSWERED", "active"), ids[1]: ("ANSWERED", "inactive")}


def test_a_999_that_rejects_one_set_fails_the_questions_of_that_set_alone(asking):
    good, bad = asking.put_by(question("00"), question("96", payer_id=OTHER))
    _, _, data = asking.send()
    said = payers.acknowledgment(read(data).interchanges[0].groups[0])
    assert said.code == "P"
    asking.comes("FA", t999.VERSION, [t999.write_set(said, "0001").data])
    assert asking.states() == {good: ("IN_FILE", None), bad: ("FAILED", None)}
    assert "999" in eligibility.show(asking.ctx, asking.org, "test", bad).failure


def test_a_payer_that_refuses_a_whole_set_answers_all_its_questions(asking):
    here, there, other = asking.put_by(question("00"), question("05"), question("00", payer_id=OTHER))
    _, _, data = asking.send()
    said = payers.answer(read(data).sets[0], WHEN)
    said.sources[0].receivers = []
    said.sources[0].rejections = [t271.Rejection(valid="Y", reason="42", follow_up="R")]
    asking.comes("HB", t271.VERSION, [t271.write_set(said, "0001").data])
    assert asking.states() == {
        here: ("ANSWERED", "cannot_respond"), there: ("ANSWERED", "cannot_respond"), other: ("IN_FILE", None)
    }  # fmt: skip
    asking.answers(data)  # what follows a promise, or no word, takes its place
    assert [answer for _, answer in asking.states().values()] == ["active", "inactive", "active"]
    asking.answers(data.replace(b"ZZT00000", b"ZZT00006"))  # what is settled stands
    assert [answer for _, answer in asking.states().values()] == ["active", "inactive", "active"]


def test_an_answer_to_nothing_of_ours_is_told_and_a_damaged_one_is_applied_nowhere(asking):
    asking.put_by(question("00"))
    _, _, data = asking.send()
    received = asking.answers(data.replace(b"TRN*1*B", b"TRN*1*C"))
    assert asking.raised() == [("unknown_answer", "inbound", received)]
    said = payers.answer(read(data).sets[0], WHEN)
    damaged = t271.write_set(said, "0001").data.replace(b"1500", b"15OO")
    asking.comes("HB", t271.VERSION, [damaged])
    assert list(asking.states().values()) == [("IN_FILE", None)]
    assert "quarantined" in [type_ for type_, *_ in asking.raised()]


def test_silence_is_told_by_the_watch(asking):
    asking.put_by(question("00"))
    file_id, _, data = asking.send()
    asking.ctx.clock.advance(73 * 3600)
    watch(asking.ctx, asking.org, asking.org)
    assert asking.raised() == [("awaiting", "file", file_id)]
    accepted = payers.acknowledgment(read(data).interchanges[0].groups[0])
    asking.comes("FA", t999.VERSION, [t999.write_set(accepted, "0001").data])
    watch(asking.ctx, asking.org, asking.org)
    assert list(asking.states().values()) == [("FAILED", None)]
    assert asking.raised() == [("inquiry_failed", "file", file_id)]


def test_all_or_none_are_put_by(asking):
    with pytest.raises(CallerError, match="question 2: PRV01"):
        asking.put_by(question("00"), question("05", billing_provider_npi="1992999999"))
    assert asking.states() == {}


def test_a_question_whose_asker_died_goes_in_no_file_and_does_not_wait_for_ever(asking):
    with asking.tx() as tx:
        made = inquiries.numbered(tx, inquiries.REAL_TIME, [(question(), None)])
        inquiries.add(tx, made, "bill", asking.ctx.clock.now(), sent=b"ISA")
        work.put(tx, "ask", [asking.org], 0)
    watch(asking.ctx, asking.org, asking.org)
    ask(asking.ctx, asking.org, asking.org)
    assert list(asking.states().values()) == [("ASKED", None)]
    late = replace(asking.ctx, limits=replace(asking.ctx.limits, transfer_lease_s=0))
    watch(late, asking.org, asking.org)
    assert list(asking.states().values()) == [("FAILED", None)]
