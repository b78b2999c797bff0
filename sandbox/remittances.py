"""835 sets: a payer's decisions for one billing provider, each set with its own payment and trace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from edi.makers import maker
from edi.x12.sets import t837i, t837p
from edi.x12.sets.t835 import (
    Address,
    Contact,
    Figures,
    Name,
    PayeeParty,
    PayerParty,
    Payment,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)
from edi.x12.sets.t837i import InstitutionalClaim
from edi.x12.sets.t837p import OtherPayer
from sandbox.cases import Case
from sandbox.config import SandboxConfig
from sandbox.coordination import left, next_payer
from sandbox.identifiers import payer_control_number, payer_tax_id
from sandbox.outcomes import CHANGES, VOID, Decision, LineDecision, Outcome, correction, decide, decide_after, reversal

# CLP06 knows fewer filing codes than SBR09.
_FILING = {"CI": "15", "BL": "12"}
_FILING_KNOWN = frozenset(
    {"12", "13", "14", "15", "16", "17", "AM", "CH", "DS", "HM", "LM", "MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ"}
)
_PAYER_ADDRESS = Address(line1="100 SANDBOX WAY", city="ANYTOWN", state="OH", zip="430040000")
Line = t837p.ServiceLine | t837i.ServiceLine

_COVERED_DAYS = "80"
_FOR_THOSE_WHO_STAY = frozenset("18")  # CLM05-1, second digit: inpatient, swing bed
_PAYER_PHONE = "5555550100"


@dataclass(slots=True)
class Decided:
    """One claim paragraph to be: a decision on a case."""

    case: Case
    decision: Decision


def first_decisions(cases: Sequence[Case], held: Mapping[str, Case] | None = None) -> list[Decided]:
    """What the payer says when it first pays; rejected claims are not among them.

    ``held`` are, by CLM01, versions that it decided before: a replacement or void takes such a decision back first.
    """
    said: list[Decided] = []
    for case in cases:
        before = (held or {}).get(case.claim.patient_control_number) if case.claim.frequency in CHANGES else None
        if case.decided and before is not None:
            said.append(Decided(before, reversal(_last(before))))
            said += [Decided(case, _decision(case))] if case.claim.frequency != VOID else []
        elif case.decided:
            said.append(Decided(case, _first(case)))
    return said


def _last(case: Case) -> Decision:
    """The decision that stands once all is said of a claim."""
    return (corrections([case]) or [Decided(case, _decision(case))])[-1].decision


def corrections(cases: Sequence[Case]) -> list[Decided]:
    """Reversal, then correction, of the claims whose outcome asks for it; voids are not corrected again."""
    pairs = []
    for case in cases:
        if corrected(case):
            paid = _decision(case)
            pairs += [Decided(case, reversal(paid)), Decided(case, correction(paid))]
    return pairs


def corrected(case: Case) -> bool:
    """Whether its payer thinks better of it later."""
    return case.outcome is Outcome.CORRECTED and case.claim.frequency != VOID


def by_payee(decided: Iterable[Decided]) -> dict[tuple[str, str], list[Decided]]:
    """Decisions by who billed, in order of first appearance."""
    grouped: dict[tuple[str, str], list[Decided]] = {}
    for one in decided:
        grouped.setdefault(one.case.payee, []).append(one)
    return grouped


def _first(case: Case) -> Decision:
    decision = _decision(case)
    return reversal(decision) if case.claim.frequency == VOID else decision


def _decision(case: Case) -> Decision:
    member_id, charges = case.subscriber.member_id, [line.charge_cents for line in case.claim.lines]
    shares = left(case)
    return decide(member_id, charges) if shares is None else decide_after(member_id, charges, shares)


def remittance(decided: Sequence[Decided], trace: str, on: date, config: SandboxConfig) -> Remittance:
    """One set for one payer and one payee (all decisions share them).

    Takebacks that exceed the payments make a negative sum, which BPR02 cannot hold: the payer then pays nothing and
    carries the rest with PLB FB (negative: it raises this payment to zero), whose reference is this set's own trace.
    The sandbox's payers ask for that money by letter and never net it in a later set, so that the sum of what is paid
    does not depend on which file came last.
    """
    first = decided[0].case
    payer, billing = first.subscriber.payer, first.billing
    claims = [_claim(one) for one in decided]
    total = sum(claim.paid_cents for claim in claims)
    carried = [] if total >= 0 else [_forward(billing.npi or billing.tax_id, trace, on, total)]
    tax_id = payer_tax_id(payer.identifier)
    return Remittance(
        payment=_payment(max(total, 0), trace, tax_id, on, config),
        receiver_id=config.clearinghouse_id,
        production_date=on,
        payer=PayerParty(
            name=payer.name,
            address=_PAYER_ADDRESS,
            references=[("2U", payer.identifier)],
            contacts=[Contact(function="BL", name="PROVIDER SERVICES", numbers=[("TE", _PAYER_PHONE)])],
        ),
        payee=PayeeParty(
            name=billing.name or f"{billing.last_name} {billing.first_name or ''}".strip(),
            npi=billing.npi,
            tax_id=billing.tax_id,
        ),
        claims=claims,
        provider_adjustments=carried,
    )


def _forward(provider_id: str, trace: str, on: date, total_cents: int) -> ProviderAdjustment:
    return ProviderAdjustment(
        provider_id=provider_id,
        fiscal_date=date(on.year, 12, 31),
        reason="FB",
        reference=trace,
        amount_cents=total_cents,
    )


def _payment(amount_cents: int, trace: str, tax_id: str, on: date, config: SandboxConfig) -> Payment:
    if amount_cents == 0:
        return Payment(
            handling="H", amount_cents=0, method="NON", date=on, trace_number=trace, payer_trace_id=f"1{tax_id}"
        )
    return Payment(
        handling="I",
        amount_cents=amount_cents,
        method="ACH",
        format="CCP",
        sender_bank_kind="01",
        sender_bank=config.bank.routing,
        sender_account_kind="DA",
        sender_account=tax_id,
        originating_company=f"1{tax_id}",
        receiver_bank_kind="01",
        receiver_bank=config.bank.deposit_routing,
        receiver_account_kind="DA",
        receiver_account=config.bank.deposit_account,
        date=on,
        trace_number=trace,
        payer_trace_id=f"1{tax_id}",
    )


def _status(decided: str, responsibility: str, *, passed_on: bool) -> str:
    """CLP02 tells as which payer the claim was processed; denials and reversals stay what they are."""
    if decided != "1":
        return decided
    return _PASSED_ON.get(responsibility, decided) if passed_on else _AFTER.get(responsibility, decided)


_AFTER = {"S": "2", "T": "3"}
_PASSED_ON = {"P": "19", "S": "20", "T": "21"}


def _claim(one: Decided) -> RemittanceClaim:
    claim, subscriber, person = one.case.claim, one.case.subscriber, one.case.person
    first, last = one.case.service_dates
    further = next_payer(one.case) if one.decision.status == "1" else None
    lines: Sequence[Line] = claim.lines
    return RemittanceClaim(
        patient_control_number=claim.patient_control_number,
        status=_status(one.decision.status, subscriber.responsibility, passed_on=further is not None),
        charge_cents=one.decision.charge_cents,
        paid_cents=one.decision.paid_cents,
        # A reversal does not tell it; else zero is told as zero.
        patient_responsibility_cents=None if one.decision.charge_cents < 0 else one.decision.patient_cents,
        filing_code=_filing(subscriber.filing_code),
        payer_control_number=payer_control_number(
            subscriber.payer.identifier, claim.patient_control_number, claim.frequency
        ),
        facility_code=claim.facility_code if isinstance(claim, InstitutionalClaim) else claim.place_of_service,
        frequency=claim.frequency,
        drg=claim.drg if isinstance(claim, InstitutionalClaim) else None,
        inpatient=_stay(claim) if isinstance(claim, InstitutionalClaim) else None,
        patient=Name(
            last_name=person.last_name,
            first_name=person.first_name,
            middle_name=person.middle_name,
            identifier=subscriber.member_id,
            identifier_kind="MI" if subscriber.member_id else None,
        ),
        crossover=_carrier(further) if further else None,
        service_date=first,
        service_date_to=last,
        lines=[_line(line, said) for line, said in zip(lines, one.decision.lines, strict=True)],
    )


def _carrier(payer: OtherPayer) -> Name:
    """NM1*TT: whom the claim went on to."""
    return Name(last_name=payer.name, identifier=payer.identifier, identifier_kind="PI", person=False)


def _stay(claim: InstitutionalClaim) -> Figures | None:
    """MIA of a stay: its covered days, as value code 80 counts them; None where that is not told."""
    days = [one.amount_cents for one in claim.value_amounts if one.code == _COVERED_DAYS]
    stays = claim.facility_code[1:] in _FOR_THOSE_WHO_STAY
    return Figures(counts={1: Decimal(days[0]) / 100}) if days and stays else None


def _line(line: Line, said: LineDecision) -> RemittanceLine:
    """An institutional line is told by its procedure with the revenue code beside it, else by the revenue code (NU)."""
    revenue = line.revenue_code if isinstance(line, t837i.ServiceLine) else None
    return _told_line(
        line.procedure or revenue,
        line.procedure_qualifier if line.procedure else "NU",
        revenue if line.procedure else None,
        list(line.modifiers),
        said.charge_cents,
        said.paid_cents,
        line.units,
        line.service_date,
        line.service_date_to,
        list(said.adjustments),
        line.line_control_number,
        list(said.remarks),
    )


_told_line = maker(
    RemittanceLine,
    "procedure", "procedure_qualifier", "revenue_code", "modifiers", "charge_cents", "paid_cents", "units",
    "service_date", "service_date_to", "adjustments", "line_control_number", "remarks",
)  # fmt: skip


def _filing(code: str | None) -> str | None:
    if code is None:
        return None
    mapped = _FILING.get(code, code)
    return mapped if mapped in _FILING_KNOWN else "ZZ"
