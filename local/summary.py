"""What the demonstration ends with: a table for a billing manager, and the same as one JSON object."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from local.agreement import Agreement
from pipeline.services.report import Totals
from pipeline.store.rejections import Apart

OUTCOMES = ("paid", "partly_paid", "denied", "rejected", "edit_failed", "held", "voided", "open")
"""What a claim comes to; each claim is one of them."""


@dataclass(frozen=True, slots=True)
class Scenes:
    """How many scenes were played after the main flow, of payments `paid`; what is wrong when they are over: nothing, they are
    sound. `voided` claims and `replaced` versions are those of the whole run.
    """

    played: int
    paid: int
    voided: int
    replaced: int
    wrong: list[str]

    @property
    def sound(self) -> bool:
        return not self.wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One run. All figures are of before the scenes, which say of themselves whether they are sound. `judged` and `bank_files` are the sandbox's own journal lines of what it received."""

    claims: int
    totals: Totals
    agreement: Agreement
    apart: Apart
    seconds: float
    judged: list[dict[str, Any]]
    bank_files: list[dict[str, Any]]
    artifacts: Path
    scenes: Scenes | None = None

    @property
    def sound(self) -> bool:
        """Nothing open or held, nothing unmatched, both sides of every book agree, every file accepted by its judge."""
        counted = sum(getattr(self.totals.outcomes, name) for name in OUTCOMES)
        return (
            self.totals.ledger_balanced
            and self.agreement.agrees
            and self.totals.outcomes.open == self.totals.outcomes.held == 0
            and self.totals.unmatched_cents == 0
            and counted == self.claims
            and not self.refused_837
            and not self.refused_ach
            and (self.scenes is None or self.scenes.sound)
        )

    @property
    def refused_837(self) -> int:
        """Files with a set that pyx12 rejects; the sets that a claim's digits lose are none of them."""
        return sum(line["rejected_sets"] != line["blamed_sets"] for line in self.judged)

    @property
    def refused_ach(self) -> int:
        return sum(line["status"] != "ACCEPTED" for line in self.bank_files)

    def as_dict(self) -> dict[str, object]:
        totals = self.totals
        scenes: dict[str, object] = {}
        if (told := self.scenes) is not None:
            scenes = {"scenes": told.played, "payment_scenes": told.paid, "scenes_sound": told.sound}
            scenes |= {"claims_voided_after": told.voided, "versions_replaced_after": told.replaced}
        return {
            "claims": self.claims,
            **{name: getattr(totals.outcomes, name) for name in OUTCOMES},
            "files_sent": totals.files_sent,
            "files_received": totals.files_received,
            "exceptions": totals.exceptions,
            "sets_taken_apart": self.apart.sets,
            "claims_sent_again": self.apart.sent_again,
            "claims_at_fault": self.apart.at_fault,
            "remittance_cents": totals.remitted.remittance_cents,
            "posted_cents": totals.remitted.posted_cents,
            "unmatched_cents": totals.unmatched_cents,
            "payments_released": totals.payments.released,
            "payments_waiting": totals.payments.waiting,
            "payments_cents": totals.payments.released_cents,
            "ledger_balanced": totals.ledger_balanced,
            "journal_agrees": self.agreement.agrees,
            **scenes,
            "seconds": round(self.seconds, 1),
            "claims_per_s": round(self.claims / self.seconds, 1),
            "artifacts": str(self.artifacts),
        }


def show(console: Console, summary: Summary) -> None:
    """Prints the tables and where to look further."""
    console.print(_claims(summary), _money(summary), _proof(summary))
    home = summary.artifacts
    console.print(
        f"[bold]Files[/bold]  sent: {home}/sandbox/oa/archive, {home}/sandbox/bank/archive;"
        f" answers: {home}/sandbox/oa/outbound, {home}/sandbox/bank/outbound; logs: {home}/log"
    )
    console.print(
        "Look into one: [bold]claimrail inspect FILE[/bold]; follow a claim: [bold]claimrail show CLAIM[/bold]"
    )
    for difference in [*summary.agreement.differences[:10], *(summary.scenes.wrong[:10] if summary.scenes else ())]:
        console.print(f"[red]{difference}[/red]")


def _claims(summary: Summary) -> Table:
    table = Table("Claims", "", title="What became of the claims", title_justify="left")
    words = {
        "paid": "paid",
        "partly_paid": "partly paid",
        "denied": "denied by the payer",
        "rejected": "rejected before adjudication",
        "edit_failed": "held back by our own edits",
        "held": "held, their file was refused",
        "voided": "withdrawn by a void",
        "open": "still open",
    }
    for name, text in words.items():
        count = getattr(summary.totals.outcomes, name)
        if count or name not in _RARE:
            table.add_row(text, f"{count}")
    table.add_row("all", f"{summary.claims}", end_section=True)
    return table


_RARE = ("held", "voided")


def _money(summary: Summary) -> Table:
    totals = summary.totals
    table = Table("Money", "dollars", title="What became of the money", title_justify="left")
    for text, amount in (
        ("billed", totals.money.billed_cents),
        ("paid by payers", totals.money.paid_cents),
        ("adjusted by payers", totals.money.adjusted_cents),
        ("owed by patients", totals.money.patient_cents),
        ("open at payers", totals.money.open_cents),
        ("refused by payers", totals.money.denied_cents),
        ("remittances received", totals.remitted.remittance_cents),
        ("  posted", totals.remitted.posted_cents),
        ("  not matched", totals.unmatched_cents),
        (f"refunds released ({totals.payments.released})", totals.payments.released_cents),
    ):
        table.add_row(text, _dollars(amount))
    table.add_row(f"refunds waiting for approval ({totals.payments.waiting})", _dollars(totals.payments.waiting_cents))
    return table


def _proof(summary: Summary) -> Table:
    totals = summary.totals
    judges = [line for line in summary.judged if line.get("judge") == "pyx12"]
    table = Table("Proof", "", title="What proves it", title_justify="left")
    table.add_row("files sent / received", f"{totals.files_sent} / {totals.files_received}")
    table.add_row("837 files judged by pyx12 / refused", f"{len(judges)} / {summary.refused_837}")
    table.add_row("NACHA files judged by achkit / refused", f"{len(summary.bank_files)} / {summary.refused_ach}")
    apart = summary.apart
    table.add_row(
        "sets that the 999 rejected, taken apart",
        f"{apart.sets}: {apart.at_fault} claims at fault, {apart.sent_again} sent again",
    )
    table.add_row("exceptions for people", f"{totals.exceptions}")
    table.add_row("ledger sums to zero", _yes(totals.ledger_balanced))
    table.add_row(
        "the outside's own journal agrees",
        f"{_yes(summary.agreement.agrees)}: {summary.agreement.claims_outside} claims and"
        f" {summary.agreement.payments_outside} payments arrived, each once",
    )
    if summary.scenes is not None:
        table.add_row(
            f"{summary.scenes.played} scenes of what goes wrong, {summary.scenes.paid} of payments",
            f"{_yes(summary.scenes.sound)}: each told and mended, every cent in its place after",
        )
        table.add_row("claims voided, versions replaced in them", f"{summary.scenes.voided}, {summary.scenes.replaced}")
    table.add_row("time", f"{summary.seconds:.1f} s, {summary.claims / summary.seconds:.3g} claims a second")
    return table


def _yes(value: bool) -> str:
    return "yes" if value else "[red]NO[/red]"


def _dollars(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}" if cents >= 0 else "-" + _dollars(-cents)
