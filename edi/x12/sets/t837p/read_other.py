"""Loops 2320, 2330 and 2430: other payers and what they decided on the claim and on a line."""

from edi.x12.sets.adjustments import take_adjustments
from edi.x12.sets.reading import cents, element, optional, quantity, whole
from edi.x12.sets.t837p import rows
from edi.x12.sets.t837p.cursor import NOBODY, Cursor, Steps, refuse
from edi.x12.sets.t837p.read_party import PLACE, meet_nameless, read_name, read_reference
from edi.x12.sets.t837p.values_claim import OtherInsured, OtherPayer, OutpatientAdjudication
from edi.x12.sets.t837p.values_line import LineAdjudication


def open_other_payer(cursor: Cursor, segment: list[str]) -> bool:
    """SBR inside a claim: one more payer."""
    if cursor.claim is None:
        return False
    cursor.line = None
    cursor.other = OtherPayer(responsibility="", relationship="", insured=OtherInsured(), name="", identifier="")
    rows.OTHER_SBR.fill(cursor.other, segment)
    cursor.claim.other_payers.append(cursor.other)
    cursor.scope(OTHER)
    return True


def _cas(cursor: Cursor, segment: list[str]) -> bool:
    assert cursor.other is not None
    take_adjustments(cursor.other.adjustments, segment)
    return True


def _amt(cursor: Cursor, segment: list[str]) -> bool:
    return rows.OTHER_AMOUNTS.take(cursor.other, segment)


def _oi(cursor: Cursor, segment: list[str]) -> bool:
    assert cursor.other is not None
    cursor.other.benefits_assigned, cursor.other.release_code = element(segment, 3), element(segment, 6)
    cursor.other.patient_signature_code = optional(segment, 4)
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
    elif code in rows.OTHER_PROVIDERS:
        return meet_nameless(cursor, other, rows.OTHER_PROVIDERS[code][1], segment)
    else:
        return False
    return True


def _insured_ref(cursor: Cursor, segment: list[str]) -> bool:
    return rows.INSURED_REFERENCES.take(cursor.party, segment)


def _payer_ref(cursor: Cursor, segment: list[str]) -> bool:
    if element(segment, 1) in rows.OTHER_REFERENCES.names:
        return rows.OTHER_REFERENCES.take(cursor.party, segment)
    cursor.party.references.append(read_reference(cursor, segment))
    return True


def _payer_dtp(cursor: Cursor, segment: list[str]) -> bool:
    return rows.OTHER_DATES.take(cursor.party, segment)


def open_decided(cursor: Cursor, segment: list[str]) -> bool:
    """SVD: a payer's decision on the line."""
    if cursor.line is None:
        return False
    procedure = [*element(segment, 3).split(cursor.component), *[""] * 7]
    bundled = element(segment, 6)
    decided = LineAdjudication(
        payer_id=element(segment, 1),
        paid_cents=cents(element(segment, 2)),
        procedure_qualifier=procedure[0],
        procedure=procedure[1],
        modifiers=[one for one in procedure[2:6] if one],
        description=procedure[6] or None,
        units=quantity(element(segment, 5)),
        bundled_line=whole(bundled) if bundled else None,
        adjudication_date=None,
    )
    cursor.line.adjudications.append(decided)
    cursor.decided = decided
    cursor.meet(_DECIDED)
    return True


def _decided_cas(cursor: Cursor, segment: list[str]) -> bool:
    assert cursor.decided is not None
    take_adjustments(cursor.decided.adjustments, segment)
    return True


def _decided_dtp(cursor: Cursor, segment: list[str]) -> bool:
    return rows.DECIDED_DATES.take(cursor.decided, segment)


def _decided_amt(cursor: Cursor, segment: list[str]) -> bool:
    return rows.DECIDED_AMOUNTS.take(cursor.decided, segment)


OTHER: Steps = {"CAS": _cas, "AMT": _amt, "OI": _oi, "MOA": _moa, "NM1": _nm1}
_INSURED: Steps = {**PLACE, "REF": _insured_ref}
_PAYER: Steps = {**PLACE, "REF": _payer_ref, "DTP": _payer_dtp}
_DECIDED: Steps = {**NOBODY, "CAS": _decided_cas, "DTP": _decided_dtp, "AMT": _decided_amt, "QTY": refuse}
