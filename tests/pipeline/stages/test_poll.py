"""poll: every byte is kept once, growing files are waited for, and nothing is removed before it is safe."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.domain.errors import TryLater
from pipeline.stages import poll as stage
from pipeline.stages.poll import poll
from pipeline.store import inbound
from transport.errors import ConnectionLost, LoginRefused, NotFound

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "x12"
ERA = (GOLDEN / "835-paid.x12").read_bytes()
DENIED = (GOLDEN / "835-denied.x12").read_bytes()
STATUS = (GOLDEN / "277ca-payer.x12").read_bytes()
CLAIMS = (GOLDEN / "837p-ambulance.x12").read_bytes()


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


class Pickup:
    """What lies in the partner's pick-up folder, and what of it we hold."""

    def __init__(self, edge):
        self.edge = edge
        self.box = edge.partner.box
        self.mailbox_id = edge.box_id
        self.rung = []
        self.ctx = replace(edge.ctx, ring=lambda s, o, ids: self.rung.append((s, ids)))

    def put(self, name, data):
        """As the partner writes it: in place, over what was there."""
        if self.box.size("outbound", name) is not None:
            self.box.delete("outbound", name)
        self.box.write("outbound", name, data)

    def poll(self):
        poll(self.ctx, self.edge.org, self.mailbox_id)

    def rows(self):
        """(name, kind, state) of everything kept, in order."""
        rows = self.edge.rows("SELECT name, kind, state FROM inbound_file ORDER BY id")
        return [(row.name, row.kind, row.state) for row in rows]

    def kept(self):
        with self.edge.tx() as tx:
            return [inbound.get(tx, row.id).content for row in tx.rows("SELECT id FROM inbound_file ORDER BY id")]

    def deliveries(self):
        return self.edge.value("SELECT count(*) FROM delivery WHERE inbound_file_id IS NOT NULL")

    def let_time_pass(self):
        self.edge.run("UPDATE delivery SET first_seen_at = first_seen_at - interval '11 minutes'")

    def reasons(self):
        rows = self.edge.rows("SELECT reason FROM work_exception WHERE state = 'OPEN' ORDER BY id")
        return [row.reason for row in rows]


@pytest.fixture
def pickup(edge):
    return Pickup(edge)


def test_what_is_listed_twice_is_taken_in_once_and_rung_once(pickup):
    pickup.put("a.835", ERA)
    pickup.put("b.277", STATUS)
    pickup.poll()
    pickup.poll()
    assert sorted(pickup.rows()) == [("a.835", "x12:835", "RECEIVED"), ("b.277", "x12:277", "RECEIVED")]
    assert pickup.kept() == [ERA, STATUS]
    assert [stage_name for stage_name, _ in pickup.rung] == ["ingest", "acknowledge"]
    assert pickup.box.calls["read"] == 2
    [(_, [ingest_id]), (_, [acknowledge_id])] = pickup.rung
    assert pickup.edge.due("ingest", ingest_id) > 0
    assert pickup.edge.due("acknowledge", acknowledge_id) > 0


def test_the_same_content_under_two_names_is_one_file_and_two_deliveries(pickup):
    pickup.put("a.835", ERA)
    pickup.put("copy.835", ERA)
    pickup.poll()
    assert len(pickup.rows()) == 1
    assert pickup.deliveries() == 2
    assert len(pickup.rung) == 1


def test_a_growing_file_is_left_and_read_when_it_is_whole(pickup):
    for part in (120, 400, len(ERA.rstrip()) - 1):
        pickup.put("a.835", ERA[:part])
        pickup.poll()
        assert pickup.rows() == []
    pickup.put("a.835", ERA)
    pickup.poll()
    assert pickup.kept() == [ERA]
    assert pickup.reasons() == []


def test_a_file_that_grew_between_listing_and_reading_is_left(pickup):
    pickup.put("a.835", ERA)
    pickup.edge.partner.on("read", lambda: pickup.put("a.835", ERA + b"\n"))
    pickup.poll()
    assert pickup.rows() == []
    pickup.poll()
    assert pickup.kept() == [ERA + b"\n"]


def test_without_a_trailer_it_is_set_aside_in_the_end_and_a_whole_version_settles_it(pickup):
    part = ERA[:500]
    pickup.put("a.835", part)
    pickup.poll()
    pickup.let_time_pass()
    pickup.poll()
    assert pickup.rows() == [("a.835", "x12:835", "QUARANTINED")]
    assert pickup.kept() == [part]
    [reason] = pickup.reasons()
    assert "500 bytes" in reason
    assert "claimrail inspect" in reason
    pickup.poll()
    assert len(pickup.reasons()) == 1
    pickup.put("a.835", ERA)
    pickup.poll()
    assert pickup.rows()[1] == ("a.835", "x12:835", "RECEIVED")
    assert pickup.reasons() == []


def test_a_file_whose_last_terminator_never_comes_is_read_in_the_end(pickup):
    """Some senders never write it; all that the file tells is there."""
    data = ERA.rstrip()[:-1]
    pickup.put("a.835", data)
    pickup.poll()
    assert pickup.rows() == []
    pickup.let_time_pass()
    pickup.poll()
    assert pickup.rows() == [("a.835", "x12:835", "RECEIVED")]
    assert pickup.kept() == [data]
    assert pickup.reasons() == []


def test_another_file_of_the_same_name_settles_nothing(pickup):
    pickup.put("a.835", ERA[:500])
    pickup.poll()
    pickup.let_time_pass()
    pickup.poll()
    pickup.put("a.835", DENIED)
    pickup.poll()
    assert len(pickup.reasons()) == 1


def test_a_zip_and_all_that_is_in_it(pickup):
    text = b"PAID 1 CLAIM"
    name = "1234567890_ERA_STATUS_5010_20261120"
    pickup.put(
        f"{name}.zip", zipped(**{"x/era.835": ERA, f"{name}.txt": text, "odd.bin": b"\1\2", "cut.835": ERA[:300]})
    )
    pickup.poll()
    assert sorted(pickup.rows()) == [
        (f"{name}.txt", "text:era-status", "APPLIED"),
        (f"{name}.zip", "zip", "APPLIED"),
        ("cut.835", "x12:835", "QUARANTINED"),
        ("era.835", "x12:835", "RECEIVED"),
        ("odd.bin", "unknown", "QUARANTINED"),
    ]
    parents = pickup.edge.value("SELECT count(*) FROM inbound_file WHERE parent_id IS NOT NULL")
    assert parents == 4
    assert [stage_name for stage_name, _ in pickup.rung] == ["ingest"]
    assert len(pickup.reasons()) == 2


def test_a_zip_within_a_zip_is_set_aside_and_the_rest_is_taken(pickup):
    pickup.put("a.zip", zipped(**{"inner.zip": zipped(a=STATUS), "era.835": ERA}))
    pickup.poll()
    states = {name: state for name, _, state in pickup.rows()}
    assert states == {"a.zip": "APPLIED", "inner.zip": "QUARANTINED", "era.835": "RECEIVED"}
    assert "a zip within a zip" in pickup.reasons()[0]


def test_a_broken_zip_is_set_aside_and_the_others_are_taken(pickup):
    data = zipped(**{"a.835": ERA})
    start = data.index(b"a.835") + 15
    pickup.put("a.zip", data[:start] + b"\xff" * 20 + data[start + 20 :])
    pickup.put("b.277", STATUS)
    pickup.poll()
    assert sorted(pickup.rows()) == [("a.zip", "zip", "QUARANTINED"), ("b.277", "x12:277", "RECEIVED")]
    assert "cannot be opened" in pickup.reasons()[0]


@pytest.mark.parametrize("data", [b"hello", CLAIMS], ids=["no X12", "a set that we do not read"])
def test_what_we_do_not_know_is_kept_and_goes_to_a_person_with_a_cure(pickup, data):
    pickup.put("a", data)
    pickup.poll()
    [(_, _, state)] = pickup.rows()
    assert (state, pickup.kept()) == ("QUARANTINED", [data])
    assert "ask the partner" in pickup.reasons()[0]
    assert pickup.rung == []


def test_another_worker_s_lease_is_respected_and_ends(pickup):
    pickup.put("a.835", ERA)
    pickup.edge.run("UPDATE mailbox SET lease_until = now() + interval '1 minute' WHERE name = 'clearinghouse'")
    pickup.poll()
    assert (pickup.rows(), pickup.edge.partner.logins) == ([], 0)
    pickup.edge.let_leases_end()
    pickup.poll()
    assert len(pickup.rows()) == 1


def test_the_lease_is_given_back_after_an_outage(pickup):
    pickup.put("a.835", ERA)
    pickup.edge.partner.at(1, "before", ConnectionLost("invented"))
    with pytest.raises(TryLater):
        pickup.poll()
    pickup.poll()
    assert len(pickup.rows()) == 1


def test_a_poll_that_overlaps_a_slow_one_counts_nothing_twice(pickup):
    """The lease only saves work: correctness rests on the unique keys."""
    pickup.put("a.835", ERA)

    def another_polls():
        pickup.edge.let_leases_end()
        pickup.poll()

    pickup.edge.partner.on("read", another_polls)
    pickup.poll()
    assert len(pickup.rows()) == 1
    assert len(pickup.rung) == 1
    assert pickup.deliveries() == 1


@pytest.mark.parametrize("held", ["disabled", "paused"])
def test_a_mailbox_that_is_disabled_or_paused_is_not_asked(pickup, held):
    change = "enabled = false" if held == "disabled" else "paused_until = now() + interval '1 hour'"
    pickup.edge.run(f"UPDATE mailbox SET {change}")
    pickup.poll()
    assert pickup.edge.partner.logins == 0
    assert pickup.edge.due("poll", pickup.mailbox_id) is not None


# -- removal ----------------------------------------------------------------------------------------------------------
def test_nothing_is_removed_unless_the_profile_says_so(pickup):
    pickup.put("a.835", ERA)
    pickup.poll()
    assert [f.name for f in pickup.box.list("outbound")] == ["a.835"]


def test_what_is_removed_was_committed_before(pickup):
    pickup.edge.profile(delete_after_read=True)
    pickup.put("a.835", ERA)
    seen = []
    pickup.edge.partner.on("delete", lambda: seen.append(pickup.kept()))
    pickup.poll()
    assert seen == [[ERA]]
    assert pickup.box.list("outbound") == []


def test_a_removal_that_failed_is_made_up_for(pickup):
    pickup.edge.profile(delete_after_read=True)
    pickup.put("a.835", ERA)
    pickup.edge.partner.at(3, "before", ConnectionLost("invented"))  # list, read, delete
    with pytest.raises(TryLater):
        pickup.poll()
    assert [f.name for f in pickup.box.list("outbound")] == ["a.835"]
    pickup.poll()
    assert pickup.box.list("outbound") == []
    assert len(pickup.rows()) == 1


def test_a_commit_that_fails_leaves_the_file_with_the_partner(pickup, monkeypatch):
    pickup.edge.profile(delete_after_read=True)
    pickup.put("a.835", ERA)

    def fails(*_):
        raise TryLater("database: connection lost")

    monkeypatch.setattr(stage, "_take_in", fails)
    with pytest.raises(TryLater):
        pickup.poll()
    assert [f.name for f in pickup.box.list("outbound")] == ["a.835"]
    monkeypatch.undo()
    pickup.poll()
    assert pickup.kept() == [ERA]


def test_what_is_set_aside_stays_with_the_partner(pickup):
    pickup.edge.profile(delete_after_read=True)
    pickup.put("cut.835", ERA[:500])
    pickup.put("odd", b"hello")
    pickup.poll()
    pickup.let_time_pass()
    pickup.poll()
    pickup.poll()
    assert [f.name for f in pickup.box.list("outbound")] == ["cut.835", "odd"]
    assert [state for _, _, state in pickup.rows()] == ["QUARANTINED"] * 2


# -- partners who change their minds ----------------------------------------------------------------------------------
def test_a_file_that_vanishes_between_listing_and_reading_is_passed_over(pickup):
    pickup.put("a.835", ERA)
    pickup.put("b.277", STATUS)
    pickup.edge.partner.on("read", lambda: pickup.box.delete("outbound", "a.835"))
    pickup.poll()
    assert [name for name, _, _ in pickup.rows()] == ["b.277"]


def test_a_file_that_vanishes_before_its_removal_is_passed_over(pickup):
    pickup.edge.profile(delete_after_read=True)
    pickup.put("a.835", ERA)
    pickup.put("b.277", STATUS)
    pickup.edge.partner.on("delete", lambda: pickup.box.delete("outbound", "a.835"))
    pickup.poll()
    assert len(pickup.rows()) == 2
    assert pickup.box.list("outbound") == []


def test_a_file_that_cannot_be_worked_on_does_not_hold_up_the_others(pickup, monkeypatch):
    pickup.put("a.835", ERA)
    pickup.put("b.277", STATUS)
    real = stage.recognise
    monkeypatch.setattr(stage, "recognise", lambda name, *rest: real(name, *rest) if name != "a.835" else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        pickup.poll()
    assert [name for name, _, _ in pickup.rows()] == ["b.277"]


@pytest.mark.parametrize("error", [NotFound("no folder"), LoginRefused("no")])
def test_a_partner_who_does_not_let_us_look_pauses_the_mailbox_and_tells_a_person(pickup, error):
    pickup.edge.partner.at(1, "before", error)
    with pytest.raises(TryLater):
        pickup.poll()
    assert pickup.edge.value("SELECT paused_until > now() FROM mailbox WHERE name = 'clearinghouse'")
    assert len(pickup.reasons()) == 1


REPORT = (GOLDEN.parent / "bai2" / "payers.bai2").read_bytes()


@pytest.fixture
def bank(edge, product, outside):
    """The pick-up folder of the bank instead."""
    pickup = Pickup(edge)
    pickup.box = outside["bank"]
    pickup.mailbox_id = edge.value("SELECT id FROM mailbox WHERE name = 'bank'")
    pickup.ctx = replace(product.context, ring=lambda s, o, ids: pickup.rung.append((s, ids)))
    return pickup


def test_a_bank_report_is_told_by_its_content_and_waited_for_by_its_name(bank):
    bank.put("prior.bai2", b"01,0910")
    bank.poll()
    assert bank.rows() == []
    bank.put("prior.bai2", REPORT)
    bank.put("20261120.txt", REPORT + b"\n")
    bank.poll()
    assert sorted(bank.rows()) == [("20261120.txt", "bai2", "RECEIVED"), ("prior.bai2", "bai2", "RECEIVED")]
    assert [stage for stage, _ in bank.rung] == ["ingest", "ingest"]


def test_a_bank_report_that_stays_cut_is_set_aside(bank):
    bank.put("prior.bai2", REPORT[:-40])
    bank.poll()
    bank.let_time_pass()
    bank.poll()
    assert bank.rows() == [("prior.bai2", "bai2", "QUARANTINED")]
    bank.put("late.bai2", REPORT.rstrip().removesuffix(b"/"))
    bank.poll()
    bank.let_time_pass()
    bank.poll()
    assert bank.rows()[1:] == [("late.bai2", "bai2", "RECEIVED")]
