"""Retention and legal holds on a claim's whole way to cash: what must stay stays, what may go goes with a word."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from local.postgres import plain_url
from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.services import doctor, holds, keeping, listings
from pipeline.services.doctor import Surroundings
from pipeline.services.story import story
from pipeline.store import reports

MARCH, APRIL = datetime(2017, 3, 5, tzinfo=UTC), datetime(2017, 4, 5, tzinfo=UTC)
TIMES = {
    "history": "at",
    "audit": "at",
    "inbound_content": "at",
    "inbound_file": "received_at",
    "journal": "posted_at",
    "outbound_file": "created_at",
}


@pytest.fixture
def database_urls(thrown_away):
    return thrown_away


class Past:
    """The tenant's rows as if written long ago; the owner's and the superuser's look at them."""

    def __init__(self, money, settings, servers):
        self.money, self.url = money, settings.owner_url
        self.above = plain_url(servers.database_admin_url)

    def move(self, at):
        """Everything that was written since the last move is of `at` now. Only a superuser gets round the guards."""
        with psycopg.connect(self.above, dbname=self.url.split("/")[-1].partition("?")[0]) as cx:
            cx.execute("SET session_replication_role = replica")
            for table, column in TIMES.items():
                cx.execute(f"UPDATE {table} SET {column} = %s WHERE {column} > '2020-01-01'", [at])
        keeping.maintain(self.url, 6)

    def owner(self, statement):
        with psycopg.connect(plain_url(self.url), autocommit=True) as cx:
            return cx.execute(statement).rowcount

    def review(self):
        return keeping.review(self.url)

    def lying(self, only_free=False):
        found = self.review()
        return {(one.table, one.first.month) for one in (found.free if only_free else found.months)}


@pytest.fixture
def past(money, settings, servers):
    return Past(money, settings, servers)


@pytest.fixture
def two(money, past, decide, claim_document):
    """Two claims, each with file, remittance and deposit of its own: the first all of March, the second of April."""
    made = []
    for n, at in enumerate((MARCH, APRIL)):
        [claim] = money.claims(1, claim_document, patient_paid_cents=3_000)
        money.remit(decide(claim, 14_500), trace=f"T{n}")
        money.deposit(14_500, trace=f"T{n}")
        story(money.ctx, money.org, "auditor", claim.clm01)
        past.move(at)
        made.append(claim)
    return made


DROPPABLE = ("history", "audit", "inbound_content")
STAYING = ("journal", "outbound_file")


# -- holds ------------------------------------------------------------------------------------------------------------
def test_a_hold_says_who_and_why_and_ends_with_a_reason(money, claim_document):
    [claim] = money.claims(1, claim_document)
    placed = holds.hold(money.ctx, money.org, "cli:ana", claim.clm01, "letter of Doe's counsel")
    told = story(money.ctx, money.org, "auditor", claim.clm01)
    assert [(one.id, one.actor, one.reason) for one in told.holds] == [(placed, "cli:ana", "letter of Doe's counsel")]
    json.dumps(told.as_dict(), default=str)
    assert holds.release(money.ctx, money.org, "cli:ben", claim.clm01, "settled") == []
    assert story(money.ctx, money.org, "auditor", claim.clm01).holds == []
    with money.tx() as tx:
        assert tx.rows(
            "SELECT actor, action, subject_kind, subject_id, detail FROM audit WHERE subject_kind = 'hold' ORDER BY id"
        ) == [
            ("cli:ana", "hold.place", "hold", placed, claim.clm01),
            ("cli:ben", "hold.release", "hold", placed, claim.clm01),
        ]
        assert not [row for row in tx.rows("SELECT reason FROM legal_hold") if b"Doe" in bytes(row.reason)]


def test_each_matter_has_its_own_hold(money, claim_document):
    [claim] = money.claims(1, claim_document)
    first, second = (holds.hold(money.ctx, money.org, "ana", claim.clm01, reason) for reason in ("one", "two"))
    with pytest.raises(Conflict, match=f"several holds \\({first}, {second}\\)"):
        holds.release(money.ctx, money.org, "ana", claim.clm01, "over")
    [left] = holds.release(money.ctx, money.org, "ana", claim.clm01, "over", first)
    assert (left.id, left.reason) == (second, "two")
    with pytest.raises(Conflict, match="under no such hold"):
        holds.release(money.ctx, money.org, "ana", claim.clm01, "over", first)
    holds.release(money.ctx, money.org, "ana", claim.clm01, "over")
    with pytest.raises(Conflict, match="under no such hold"):
        holds.release(money.ctx, money.org, "ana", claim.clm01, "over")


@pytest.mark.parametrize("act", [holds.hold, holds.release])
def test_a_hold_wants_a_claim_and_a_reason(money, claim_document, neighbour, act):
    [claim] = money.claims(1, claim_document)
    with pytest.raises(CallerError, match="say it"):
        act(money.ctx, money.org, "ana", claim.clm01, "  ")
    for org, key in ((money.org, "C9999999999999"), (neighbour, claim.clm01)):
        with pytest.raises(NotKnown):
            act(money.ctx, org, "ana", key, "letter")


@pytest.mark.parametrize(
    "statement", ["UPDATE legal_hold SET clm01 = 'X'", "DELETE FROM legal_hold", "TRUNCATE legal_hold"]
)
def test_nobody_changes_or_deletes_a_hold(money, past, claim_document, statement):
    [claim] = money.claims(1, claim_document)
    holds.hold(money.ctx, money.org, "ana", claim.clm01, "letter")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="stays as it is"):
        past.owner(statement)


# -- retention --------------------------------------------------------------------------------------------------------
def test_what_is_old_is_listed_by_month_and_only_whole_months_can_go(past, two):
    assert past.lying() == {(table, month) for table in (*DROPPABLE, *STAYING) for month in (3, 4)}
    assert past.lying(only_free=True) == {(table, month) for table in DROPPABLE for month in (3, 4)}
    assert {one.first.month for one in keeping.review(past.url, date(2017, 4, 30)).months} == {3}
    assert {one.first.month for one in keeping.review(past.url, date(2017, 5, 1)).months} == {3, 4}


def test_a_day_that_is_too_young_is_refused(past, org):
    with pytest.raises(CallerError, match="name an earlier day"):
        keeping.review(past.url, datetime.now(UTC).date())


def test_more_years_make_it_stay(past, two):
    assert keeping.maintain(past.url, 30) == 30
    assert past.lying() == set()
    with pytest.raises(CallerError):
        keeping.review(past.url, date(2017, 5, 1))


def test_a_held_claim_keeps_all_that_it_left_behind(money, past, two):
    holds.hold(money.ctx, money.org, "ana", two[0].clm01, "letter")
    kept = {(one.table, one.first.month) for one in past.review().months if one.held_rows}
    assert kept == {(table, 3) for table in (*DROPPABLE, *STAYING)}
    keeping.drop(past.url, "cli:ana", past.review())
    assert past.lying() == kept | {(table, 4) for table in STAYING}
    with money.tx() as tx:
        assert reports.folds(tx) == []
    assert listings.export(money.ctx, money.org, "ana", "I1").data
    with pytest.raises(NotKnown, match="were dropped with the month"):
        listings.export(money.ctx, money.org, "ana", "I4")
    events = [event.what for event in story(money.ctx, money.org, "ana", two[0].clm01).events]
    assert {"readied", "validated", "paid"} <= set(events)
    assert story(money.ctx, money.org, "ana", two[1].clm01).money.billed_cents == 14_500


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM history WHERE subject_kind = 'claim' AND subject_id = 1",
        "DELETE FROM history WHERE subject_kind = 'deposit' AND subject_id = 1",
        "DELETE FROM history WHERE subject_kind = 'inbound' AND subject_id = 1",
        "DELETE FROM inbound_content WHERE inbound_file_id = 2",
        "UPDATE outbound_file SET content = NULL WHERE id = 1",
        "DELETE FROM entry WHERE claim_id = 1",
        "DELETE FROM journal WHERE source_kind = 'deposit' AND source_id = 1",
    ],
)
def test_rows_of_a_held_claim_are_not_deleted_and_anothers_old_ones_may_be(money, past, two, statement):
    holds.hold(money.ctx, money.org, "ana", two[0].clm01, "letter")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="under legal hold"):
        past.owner(statement)
    number = statement.rpartition("= ")[2]
    others = statement.removesuffix(number) + str(int(number) + (2 if "inbound" in statement else 1))
    assert past.owner(others) > 0
    holds.release(money.ctx, money.org, "ana", two[0].clm01, "settled")
    assert past.owner(statement) > 0


def test_the_app_role_meets_the_same_wall(money, past, two):
    holds.hold(money.ctx, money.org, "ana", two[0].clm01, "letter")
    with pytest.raises(DBAPIError, match="legal hold"), money.tx() as tx:
        tx.run("UPDATE outbound_file SET content = NULL")


def test_the_zip_that_a_held_file_came_in_is_held_too(money, past, two):
    past.owner("UPDATE inbound_file SET parent_id = 4 WHERE id = 1")
    holds.hold(money.ctx, money.org, "ana", two[0].clm01, "letter")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="under legal hold"):
        past.owner("DELETE FROM inbound_content WHERE inbound_file_id = 4")


def test_a_hold_that_comes_after_the_look_still_counts(money, past, two):
    found = past.review()
    holds.hold(money.ctx, money.org, "ana", two[0].clm01, "letter")
    with pytest.raises(Conflict, match="history of 2017-03 stays"):
        keeping.drop(past.url, "cli:ana", replace(found, months=[m for m in found.months if m.table == "history"]))
    assert ("history", 3) in past.lying()


def test_after_months_are_dropped_histories_are_judged_from_what_is_left(money, past, two, decide):
    keeping.drop(past.url, "cli:ana", past.review())
    money.remit(decide(two[0], -14_500, status="22", charge=-14_500), trace="T9")
    with money.tx() as tx:
        assert reports.folds(tx) == []
        tx.run("UPDATE claim SET state = 'DENIED' WHERE id = :id", id=two[0].id)
        assert len(reports.folds(tx)) == 1


def test_strays_are_told_by_the_doctor(money, past, servers, settings):
    past.owner(
        "INSERT INTO history (org_id, subject_kind, subject_id, event, state, actor, at)"
        " VALUES (1, 'claim', 1, 'readied', 'READY', 'test', '2017-03-05')"
    )
    around = Surroundings("test", servers.redis_url)
    [found] = [check for check in doctor.examine(money.ctx, around) if check.name == "months"]
    assert (found.result, found.what) == ("warn", "rows of history came without a month of their own")
    keeping.maintain(settings.owner_url, 6)
    [found] = [check for check in doctor.examine(money.ctx, around) if check.name == "months"]
    assert found.result == "ok"
