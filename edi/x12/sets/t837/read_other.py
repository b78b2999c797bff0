"""Loops 2320, 2330 and 2430 of both guides: other payers and what they decided on the claim and on a line."""

from edi.x12.sets.adjustments import take_adjustments
from edi.x12.sets.reading import cents, element, optional, quantity
from edi.x12.sets.t837.cursor import NOBODY, Cursor, Steps, refuse
from edi.x12.sets.t837.read_party import PLACE, meet_nameless, read_name, read_reference
from edi.x12.sets.t837.values_other import BaseLineAdjudication, OtherInsured, OutpatientAdjudication


def open_other_payer(cursor: Cursor, segment: list[str]) -> bool:
    """SBR inside a claim: one more payer."""
    if cursor.claim is None:
        return False
    cursor.line = None
    kinds = cursor.kinds
    cursor.other = kinds.other(responsibility="", relationship="", insured=OtherInsured(), name="", identifier="")
    kinds.rows.other_sbr.fill(cursor.other, segment)
    cursor.claim.other_payers.append(cursor.other)
    cursor.scope(kinds.other_steps)
    return True


def _cas(cursor: Cursor, segment: list[str]) -> bool:
    assert cursor.other is not None
    take_adjustments(cursor.other.adjustments, segment)
    return True


def _amt(cursor: Cursor, segment: list[str]) -> bool:
    return cursor.kinds.rows.other_amounts.take(cursor.other, segment)


def take_release(cursor: Cursor, segment: list[str]) -> bool:
    """OI."""
    assert cursor.other is not None
    cursor.other.benefits_assigned, cursor.other.release_code = element(segment, 3), element(segment, 6)
    return True


def _moa(cursor: Cursor, segment: list[str]) -> bool:
    assert cursor.other is not None
    rate, *amounts = (element(segment, at) for at in (1, 2, 8, 9))
    payable, renal, professional = (cents(amount) if amount else None for amount in amounts)
    cursor.other.outpatient = OutpatientAdjudication(
        reimbursement_rate=quantity(rate) if rate else None,
        payable_cents=payable,
        remarks=[code for code in segment[3:8] if code],
        renal_disease_cents=renal,
        professional_component_cents=professional,
    )
    return True


def _nm1(cursor: Cursor, segment: list[str]) -> bool:
    other, code = cursor.other, element(segment, 1)
    assert other is not None
    cursor.meet(NOBODY)
    if code == "IL":
        read_name(other.insured, segment)
        other.insured.member_id_kind = element(segment, 8)
        other.insured.member_id = optional(segment, 9)
        cursor.meet(_INSURED, other.insured)
    elif code == "PR":
        other.name, other.identifier_kind = element(segment, 3), element(segment, 8)
        other.identifier = element(segment, 9)
        cursor.meet(_PAYER, other)
    elif code in cursor.kinds.rows.other_providers:
        return meet_nameless(cursor, other, cursor.kinds.rows.other_providers[code][1], segment)
    else:
        return False
    return True


def _insured_ref(cursor: Cursor, segment: list[str]) -> bool:
    return cursor.kinds.rows.insured_references.take(cursor.party, segment)


def _payer_ref(cursor: Cursor, segment: list[str]) -> bool:
    if element(segment, 1) in cursor.kinds.rows.other_references.names:
        return cursor.kinds.rows.other_references.take(cursor.party, segment)
    cursor.party.references.append(read_reference(cursor, segment))
    return True


def _payer_dtp(cursor: Cursor, segment: list[str]) -> bool:
    return cursor.kinds.rows.other_dates.take(cursor.party, segment)


def meet_decision(cursor: Cursor, decided: BaseLineAdjudication) -> None:
    """One more decision on the line, whose adjustments and day come next."""
    cursor.line.adjudications.append(decided)
    cursor.decided = decided
    cursor.meet(_DECIDED)


def _decided_cas(cursor: Cursor, segment: list[str]) -> bool:
    assert cursor.decided is not None
    take_adjustments(cursor.decided.adjustments, segment)
    return True


def _decided_dtp(cursor: Cursor, segment: list[str]) -> bool:
    return cursor.kinds.rows.decided_dates.take(cursor.decided, segment)


def _decided_amt(cursor: Cursor, segment: list[str]) -> bool:
    return cursor.kinds.rows.decided_amounts.take(cursor.decided, segment)


OTHER: Steps = {"CAS": _cas, "AMT": _amt, "OI": take_release, "MOA": _moa, "NM1": _nm1}
_INSURED: Steps = {**PLACE, "REF": _insured_ref}
_PAYER: Steps = {**PLACE, "REF": _payer_ref, "DTP": _payer_dtp}
_DECIDED: Steps = {**NOBODY, "CAS": _decided_cas, "DTP": _decided_dtp, "AMT": _decided_amt, "QTY": refuse}
