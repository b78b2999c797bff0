"""The rules of release at the terminal."""

import json

from pipeline.stages.release import release

HEADING = "name,version,kind,valid_from,valid_to,when,answer,approvals,reason\n"


def test_the_rules_in_force_are_listed(run):
    shown = run("rules", "list")
    assert shown.exit_code == 0, shown.output
    assert "above_limit/1" in shown.output
    assert json.loads(run("rules", "list", "--json").output)[0]["rule"] == "within_limit/1"


def test_rules_are_tried_on_the_past(run, money, decide, claim_document, tmp_path):
    [claim] = money.claims(1, claim_document, patient_paid_cents=3_000)
    money.remit(decide(claim, 14_500))
    money.deposit(14_500)
    release(money.ctx, money.org, money.org)
    same = run("rules", "test")
    assert same.exit_code == 0
    assert "1 past rulings; these rules say: 1 release; 0 of them otherwise" in same.output
    (tmp_path / "release.csv").write_text(HEADING + "all,7,*,,,true,hold,,everybody looks\n")
    changed = run("rules", "test", "--rules", str(tmp_path))
    assert changed.exit_code == 1
    assert "hold (all/7)" in changed.output
    assert json.loads(run("rules", "test", "--rules", str(tmp_path), "--json").output)["changed"][0]["was"] == "release"


def test_a_review_is_written_down_and_listed(run):
    assert run("rules", "reviewed", "--as", "bill").exit_code != 0
    assert "reviewed by ben" in run("rules", "reviewed", "--as", "ben").output
    assert json.loads(run("rules", "reviews", "--json").output)[0]["by"] == "ben"
    assert "no payment was ruled on" in run("rules", "reviews").output
