"""The scenes of money on real parts and without workers: what people are told, what is posted, and that all is even after."""

import json
from dataclasses import replace

import pytest

from local.agreement import agreement
from local.scenes import money, waiting
from local.scenes.money import Scene
from local.scenes.play import NotAsExpected
from local.servers import drop_scratch_database, scratch_database
from local.whole import Plan, whole
from pipeline.services import listings
from pipeline.services.report import totals
from pipeline.store import ledger
from pipeline.store.reports import folds
from sandbox.config import Delays
from sandbox.journal import read_journal

PLAN = Plan(
    delays=Delays(payer_status_s=0),
    judge_fraction=0.0,
    poll_interval_s=0.2,
    sandbox_poll_s=0.05,
    ring=False,
    flow={"lease_s": 0.2, "retry_base_s": 0.2, "lot_size": 20},
)
PAID, MATCHED = "PAID", "MATCHED"
ENDS = (
    # states of the scene's claims and of its remittances, types that people were told
    ([PAID], [MATCHED, "DUPLICATE"], ["duplicate_remittance"]),
    ([PAID], ["UNBALANCED", MATCHED], ["remittance_unbalanced"]),
    ([PAID], [MATCHED, MATCHED], []),
    ([PAID, PAID], [MATCHED, MATCHED, MATCHED], ["payer_credit"]),
    ([PAID, PAID], [MATCHED, MATCHED, MATCHED], []),
    ([PAID], [MATCHED], ["eft_late"]),
    ([PAID], [MATCHED], ["era_late"]),
    ([PAID], [MATCHED], ["unmatched_claim"]),
)


@pytest.fixture(scope="module")
def running(servers, tmp_path_factory):
    name, home = "e2e_money", tmp_path_factory.mktemp("money")
    try:
        with whole(home, servers, PLAN, scratch_database(servers, name), home=home) as system:
            yield system
    finally:
        drop_scratch_database(servers, name)


class Seen:
    """What each scene leaves behind, beside what the ones before it left."""

    def __init__(self, running):
        self.ctx, self.org = running.product.context, running.org_id
        self.ends, self.books, self.last = [], [], (0, 0)

    def after(self, scene):
        def play(play):
            scene.play(play)
            with self.ctx.tenant(self.org, "test") as tx:
                self._look(tx, [play.clm01(place) for place in range(len(play.cases))])

        return replace(scene, play=play)

    def _look(self, tx, clm01s):
        states = {row.clm01: row.state for row in tx.rows("SELECT clm01, state FROM claim")}
        sets = tx.rows("SELECT id, state FROM remittance WHERE id > :last ORDER BY id", last=self.last[0])
        told = tx.rows("SELECT id, type, state FROM work_exception WHERE id > :last ORDER BY id", last=self.last[1])
        assert {row.state for row in told} <= {"RESOLVED"}
        self.ends.append(([states[one] for one in clm01s], [row.state for row in sets], [row.type for row in told]))
        self.last = (
            tx.value("SELECT max(id) FROM remittance"),
            tx.value("SELECT coalesce(max(id), 0) FROM work_exception"),
        )
        assert ledger.proof(tx).balanced
        self.books.append(ledger.trial_balance(tx))


@pytest.fixture(scope="module")
def played(running):
    """All scenes, played once: what each left, and what was said."""
    seen, said = Seen(running), []
    scenes = [seen.after(scene) for scene in money.SCENES]
    assert money.run(running, said.append, scenes) == len(ENDS)
    return seen, said


@pytest.mark.timeout(200)
def test_each_scene_comes_about_and_leaves_even_books(played):
    seen, said = played
    for scene, end, wanted in zip(money.SCENES, seen.ends, ENDS, strict=True):
        assert end == wanted, scene.title
    for name in ("eft_expected", "payer_credit", "forward_balance", "unapplied_cash", "recoupment"):
        assert [books.get(name, 0) for books in seen.books] == [0] * len(ENDS), name
    assert [line for line in said if line.startswith("MONEY")] == [f"MONEY: {scene.title}" for scene in money.SCENES]
    assert all(line.startswith("  ") for line in said if not line.startswith("MONEY"))

    told = totals(seen.ctx, seen.org)
    assert (told.outcomes.paid, told.outcomes.open) == (10, 0)
    assert told.ledger_balanced
    assert told.unmatched_cents == told.money.credit_cents == told.money.open_cents == 0
    assert listings.open_exceptions(seen.ctx, seen.org) == []
    with seen.ctx.tenant(seen.org, "test") as tx:
        assert folds(tx) == []


@pytest.mark.timeout(200)
def test_the_outside_tells_the_same_and_what_it_was_to_say_itself_was_swallowed(running, played):
    seen, _ = played
    assert agreement(seen.ctx, seen.org, running.journal).differences == []
    told = read_journal(running.journal, "remittance")
    assert [line["unpostable"] for line in told if "unpostable" in line] == ["duplicate", "unbalanced"]
    assert len(told) == sum(len(sets) for _, sets, _ in ENDS)
    assert list((running.sandbox_root / "pending").iterdir()) == []
    assert json.loads((running.sandbox_root / "control.json").read_text()) == {}


@pytest.mark.timeout(200)
@pytest.mark.usefixtures("played")
def test_a_scene_that_does_not_come_about_says_what_was_seen(running, monkeypatch):
    def without_money(play):
        one = play.outside.decides((play.cases[0], play.paid()))
        play.remits(one)
        play.remittance(one, "POSTED")
        with pytest.raises(NotAsExpected, match=r"bank moved by 1, and not by 0 cents.*PAID, R\d+ POSTED"):
            play.books_moved(bank=1)
        monkeypatch.setattr(waiting, "PATIENCE_S", 1.0)
        play.remittance(one, "MATCHED")

    with pytest.raises(TimeoutError, match=r"no money: not within 1 s: .* is MATCHED. Seen: \w+ PAID, R\d+ POSTED"):
        money.run(running, lambda _: None, [Scene("no money", (11_100,), without_money)])
    assert json.loads((running.sandbox_root / "control.json").read_text()) == {}
