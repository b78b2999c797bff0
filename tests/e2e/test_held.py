"""A file most of whose sets are rejected: held, looked at, sent again by a person's word, and then to the end."""

import json
from pathlib import Path

import pytest

from local.agreement import agreement
from local.servers import drop_scratch_database, scratch_database
from local.stillness import run_out
from local.whole import Plan, whole
from pipeline.services import intake, listings, mailboxes, resubmission
from pipeline.services.report import totals
from pipeline.services.story import story
from pipeline.stages import sweep
from pipeline.stages.table import STAGES
from pipeline.store.reports import folds
from sandbox.config import Delays

EXAMPLE = Path(__file__).parents[2] / "examples" / "claims" / "als1_chest_pain.json"
SETS, OF_SET = 4, 10
TIMEOUT_S = 90


def documents():
    """Four sets of ten; the sandbox rejects the first three for one claim each (96 and 86)."""
    base = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    for index in range(SETS * OF_SET):
        ending = {0: "96", 10: "86", 20: "96"}.get(index, "91")
        yield json.dumps(
            {
                **base,
                "external_id": f"INVENTED-HELD-{index:03d}",
                "patient": {**base["patient"], "member_id": f"XYZ{index:06d}{ending}"},
            }
        ).encode()


@pytest.fixture
def running(servers, tmp_path):
    plan = Plan(
        answers="both",
        delays=Delays.none(),
        judge_fraction=1.0,
        poll_interval_s=0.3,
        ring=False,
        flow={"lease_s": 0.2, "retry_base_s": 0.2, "lot_size": SETS * OF_SET},
    )
    try:
        with whole(tmp_path, servers, plan, scratch_database(servers, "e2e_held"), home=tmp_path) as system:
            yield system
    finally:
        drop_scratch_database(servers, "e2e_held")


@pytest.mark.timeout(300)
def test_what_was_held_comes_to_its_end_by_one_word_of_a_person(running):
    ctx, org = running.product.context, running.org_id

    def states():
        with ctx.tenant(org, "test") as tx:
            return {row.state: row.n for row in tx.rows("SELECT state, count(*) AS n FROM claim GROUP BY state")}

    def until_nothing_moves():
        run_out(running, lambda: sweep.drain(ctx, STAGES), lambda _: None, TIMEOUT_S)

    receipts = intake.submit(ctx, org, list(documents()), "upstream", ready=True)
    assert all(receipt.claim_id for receipt in receipts)
    until_nothing_moves()
    assert states() == {"HELD": 3 * OF_SET, "PAID": OF_SET}
    [waiting] = listings.open_exceptions(ctx, org)
    assert waiting.type == "file_rejected"
    assert "the 999 rejects 3 of 4 sets" in waiting.reason
    [box] = [one for one in mailboxes.listed(ctx, org) if one.name == "clearinghouse"]
    assert box.bundling_pause is not None

    mailboxes.resume(ctx, org, "ana", "clearinghouse")
    told = resubmission.resubmit_file(ctx, org, "ana", f"O{waiting.subject_id}")
    assert len(told.sent_again) == 3 * OF_SET
    until_nothing_moves()
    # Now their sets are taken apart, though all three of the file were rejected once more: a person has looked.
    assert states() == {"REJECTED": 3, "PAID": SETS * OF_SET - 3}
    assert {one.type for one in listings.open_exceptions(ctx, org)} == {"set_rejected"}
    last = story(ctx, org, "ana", "INVENTED-HELD-001")
    assert [event.what for event in last.events if event.subject == "claim v1"][-6:] == [
        "held",
        "resubmitted",
        "bundled",
        "sent again",
        "bundled",
        "paid",
    ]
    found = agreement(ctx, org, running.journal)
    assert found.differences == []
    assert totals(ctx, org).ledger_balanced
    with ctx.tenant(org, "test") as tx:
        assert folds(tx) == []
