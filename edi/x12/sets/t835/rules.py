"""What the guide says in prose about an 835, beyond its balances: named rules, all asked by ``judge``."""

from collections.abc import Callable, Iterator

from edi.findings import Finding, Severity
from edi.x12.sets.t835.balances import balance
from edi.x12.sets.t835.findings import addressed, found
from edi.x12.sets.t835.provider import forward_balance, interest, provider_reasons
from edi.x12.sets.t835.reversals import reversals
from edi.x12.sets.t835.values import Remittance, RemittanceClaim
from edi.x12.syntax.document import TransactionSet


def patient_share(remittance: Remittance) -> Iterator[Finding]:
    """CLP05 is the sum of the patient's adjustments (CAS*PR), reversals aside (X12 interpretation 2548)."""
    for claim in remittance.claims:
        told, shares = claim.patient_responsibility_cents, _patient_cents(claim)
        if not claim.is_reversal and (told or 0) != shares:
            words = f"the patient's share and his adjustments differ by {(told or 0) - shares} cents"
            cure = "Bill the patient by the adjustments (CAS*PR); this element enters no balance."
            yield found(
                Severity.WARNING, "X835-CLP05", words, cure, number=claim.segment_number, segment="CLP", element=5
            )


def _patient_cents(claim: RemittanceClaim) -> int:
    return sum(one.amount_cents for one in claim.every_adjustment if one.group == "PR")


RULES: tuple[Callable[[Remittance], Iterator[Finding]], ...] = (
    patient_share,
    reversals,
    provider_reasons,
    forward_balance,
    interest,
)


def judge(remittance: Remittance, ts: TransactionSet | None = None) -> list[Finding]:
    """Balances first, then every rule. Only what ``balance`` finds keeps a set from being posted."""
    told = (finding for rule in RULES for finding in rule(remittance))
    return [*balance(remittance, ts), *addressed(told, ts)]
