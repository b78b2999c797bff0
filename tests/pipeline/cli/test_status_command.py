"""Status inquiries at the terminal."""

from command_line import parsed
from status_replies import about, answer, status
from x12_replies import GOOD, claim, report

from pipeline.stages.acknowledge import acknowledge
from pipeline.stages.upload import upload


def test_a_person_asks_and_reads_all_that_the_payer_said(run, money, claim_document):
    [sent] = money.claims(1, claim_document)
    refused = run("status", "ask", sent.clm01, "--as", "bill")
    assert refused.exit_code == 2
    assert "is SUBMITTED: only a claim that is out" in refused.stderr
    [file_id] = money.column("SELECT id FROM outbound_file")
    upload(money.ctx, money.org, file_id)
    acknowledge(money.ctx, money.org, money.store("x12:277", report(claim(sent.clm01, GOOD), by="PR")))
    assert f"asked about 1 claims: {sent.clm01}" in run("status", "ask", sent.clm01, "--as", "bill").stdout
    told = answer(about(f"{sent.clm01}Q1", status("F1", "65", paid_cents=12345, payment_number="CHK88")))
    acknowledge(money.ctx, money.org, money.store("x12:277-x212", told, name="answer"))
    shown = run("status", "show", sent.clm01)
    assert shown.exit_code == 0
    assert (
        f"{sent.clm01}Q1: F1:65, since 2026-11-20, paid 123.45, payment number CHK88, payer's number ICN7"
        in shown.stdout
    )
    [one] = parsed(run("status", "show", sent.clm01, "--json"))
    assert (one["state"], one["asked_by"], one["answer"]) == ("ANSWERED", "bill", "F1")
    assert money.column("SELECT count(*) FROM audit WHERE action = 'claim.inquiries'") == [2]
