"""The next payer's claim at the terminal."""

from command_line import parsed
from secondary_claims import SECOND


def test_a_biller_bills_the_next_payer_and_the_story_tells_it(run, money, decide, claim_document):
    [sent] = money.claims(1, claim_document, other_payers=[SECOND])
    early = run("secondary", sent.clm01, "--as", "bill")
    assert early.exit_code == 2
    assert "is not decided: its first payer must have his say" in early.stderr
    money.remit(decide(sent, 9_500, ("CO", "45", 2_500), ("PR", "2", 2_500)))
    billed = run("secondary", sent.clm01, "--as", "bill")
    assert billed.exit_code == 0
    assert f"claim {sent.clm01}, version 2, goes to payer 77CI7" in billed.stdout
    again = parsed(run("secondary", sent.clm01, "--as", "bill", "--json"))
    assert (again["version"], again["changed"]) == (2, False)
    shown = run("show", sent.clm01).stdout
    assert "version 1 (frequency 1) to Northwind Commercial Health (30CI1), P: PAID, 145.00" in shown
    assert (
        "version 2 (frequency 1) to Northwind Commercial Health (77CI7), S, made from the decision before it: READY"
        in shown
    )
