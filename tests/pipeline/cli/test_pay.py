"""`claimrail pay` and `claimrail payments`: thin ways to the services, and errors in the words of whoever typed."""

import json

import pytest
import structlog
from paid_parties import accept, payee, send
from paid_parties import run as release

HEADING = "payee,number,date,due,amount,discount\n"


def told(result, code=0):
    assert result.exit_code == code, result.output
    return " ".join((result.stdout if code == 0 else result.stderr).split())


def test_an_invoice_from_entry_to_reversal(run, money):
    vendor = str(payee(money))
    entry = ("pay", "invoice", vendor, "--number", "A-1", "--date", "2026-10-01", "--due", "2026-11-01",
             "--amount", "120.50", "--discount", "0.50", "--as", "ana")  # fmt: skip
    assert told(run(*entry)) == "invoice 1 is entered: 120.00, due 2026-11-01"
    assert told(run(*entry)) == "invoice 1 is entered already: 120.00, due 2026-11-01"
    structlog.reset_defaults()  # a command's log went with its output
    send(money)
    accept(money)
    assert "reversal of payment 1 is payment 2, 120.00, WAITING" in told(
        run("pay", "reverse", "1", "--cause", "duplicate", "--as", "ana")
    )
    assert "1 waiting, 120.00 in all" in told(run("payments"))
    rows = json.loads(run("payments", "--all", "--json").stdout)
    assert [(one["kind"], one["state"], one["payee_id"], one["account_last4"]) for one in rows] == [
        ("vendor", "ACKNOWLEDGED", 1, "0002"), ("reversal", "WAITING", 1, "0002"),
    ]  # fmt: skip
    assert "1 payments" in told(run("payments", "--state", "acknowledged"))
    assert "no payment is GONE; states are" in told(run("payments", "--state", "gone"), 2)


def test_a_table_withdrawal_and_what_is_refused(run, money, tmp_path):
    vendor = payee(money)
    table = tmp_path / "invoices.csv"
    table.write_text(HEADING + f"{vendor},A-1,2026-10-01,2027-11-01,1,\n{vendor},A-2,2026-10-01,soon,1,\n")
    assert "line 3, due: a day as 2026-11-30" in told(run("pay", "invoices", str(table), "--as", "ana"), 2)
    table.write_text(HEADING + f"{vendor},A-1,2026-10-01,2027-11-01,1,\n")
    assert told(run("pay", "invoices", str(table), "--as", "ana")) == "1 invoices entered, 0 were there already"
    assert told(run("pay", "withdraw", "1", "--as", "ana")) == "invoice 1 is withdrawn"
    assert told(run("pay", "withdraw", "1", "--as", "ana")) == "invoice 1 is withdrawn already"
    table.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in told(run("pay", "invoices", str(table), "--as", "ana"), 2)


@pytest.fixture
def refunded(money, decide, claim_document):
    [claim] = money.claims(1, claim_document, patient_paid_cents=60_000)
    money.remit(decide(claim, claim.charge_cents))
    money.deposit(claim.charge_cents)
    release(money)
    return claim


def test_denied_and_paid_again(run, money, refunded):
    assert run("deny", "1", "--as", "ben", "--reason", "not yet").exit_code == 0
    assert told(run("pay", "again", "1", "--as", "ana")) == "payment 1 anew is payment 2, 600.00, WAITING"
    assert "was asked for before" in told(run("pay", "again", "1", "--as", "ana"))
    assert "there is no disbursement 2" in told(run("pay", "advice", "2", "--as", "ana"), 2)
    wants = ("pay", "payer-refund", refunded.clm01, "--amount", "1,00", "--as", "ana")
    assert "dollars as 1234.50" in told(run(*wants), 2)
    assert "is 0 cents" in told(run("pay", "payer-refund", refunded.clm01, "--as", "ana"), 2)


def test_a_mailbox_for_advices(run, money):
    fields = {
        "host": "h.example.test", "username": "u", "host_key": "ssh-ed25519 AAAA", "upload_folder": "in",
        "pickup_folder": "out", "sender_id": "US", "receiver_id": "THEM", "group_sender": "US", "group_receiver": "THEM",
    }  # fmt: skip
    given = [part for name, value in fields.items() for part in ("--set", f"{name}={value}")]
    assert "receiver_id: Field required" in told(run("mailbox", "add-advices", "remits", *given[:-6]), 2)
    assert "mailbox remits is added" in told(run("mailbox", "add-advices", "remits", *given))
    assert "advices" in told(run("mailbox", "list"))
    assert run("mailbox", "set", "bank", "--set", "advices=remits").exit_code == 0
