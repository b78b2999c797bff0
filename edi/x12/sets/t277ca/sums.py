"""The totals of a 277CA are those of its claims."""

from collections.abc import Iterator, Sequence

from edi.findings import Finding, Severity
from edi.x12.sets.t277ca.values import (
    ClaimStatus,
    ProviderStatus,
    StatusReport,
    Verdict,
)
from edi.x12.syntax.document import TransactionSet

Judged = tuple[ClaimStatus, Verdict | None]


def totals(report: StatusReport, ts: TransactionSet) -> Iterator[Finding]:
    """Counts (QTY) and amounts (AMT) of batch and providers against their claims, with places in ``ts``. Warnings: the
    verdicts stand.

    Judged is only what lists its claims: a level that was refused as a whole may name none. Amounts are judged where
    every claim has its charge (STC04).
    """
    every: list[Judged] = []
    for provider in report.providers:
        claims = [(claim, report.verdict_on(provider, claim)) for claim in provider.patients]
        every += claims
        if claims:
            yield from _level(provider, claims, ts, provider.segment_number, "2200C")
    if report.providers and all(provider.patients for provider in report.providers):
        yield from _level(report, every, ts, report.receiver.segment_number, "2200B")


def _level(
    told: ProviderStatus | StatusReport, claims: Sequence[Judged], ts: TransactionSet, number: int, loop: str
) -> Iterator[Finding]:
    sides = (
        (Verdict.ACCEPTED, told.accepted_count, told.accepted_cents),
        (Verdict.REJECTED, told.rejected_count, told.rejected_cents),
    )
    for verdict, count, cents in sides:
        of_side = [claim for claim, judged in claims if judged is verdict]
        if count is not None and count != len(of_side):
            yield _off(ts, number, loop, f"{count} claims {verdict} are told, {len(of_side)} are listed")
        charges = [claim.statuses[0].charge_cents if claim.statuses else None for claim in of_side]
        known = [charge for charge in charges if charge is not None]
        if cents is not None and len(known) == len(charges) and cents != sum(known):
            difference = cents - sum(known)
            yield _off(ts, number, loop, f"the amount told as {verdict} and the claims differ by {difference} cents")


def _off(ts: TransactionSet, number: int, loop: str, message: str) -> Finding:
    cure = "Ask the sender which claims are missing or told twice."
    return _finding(ts, "X277-TOTALS", number, message, cure, loop)


def _finding(ts: TransactionSet, code: str, number: int, message: str, cure: str, loop: str | None = None) -> Finding:
    place = ts.place(number or 1, loop=loop)
    return Finding(severity=Severity.WARNING, code=code, message=message, cure=cure, place=place)
