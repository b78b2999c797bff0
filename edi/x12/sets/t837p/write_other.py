"""Loops 2320, 2330 and 2430 as segments: other payers and what they decided on the claim and on a line."""

from itertools import groupby

from edi.x12.sets.adjustments import put_adjustments
from edi.x12.sets.shared import Adjustment
from edi.x12.sets.t837p import rows
from edi.x12.sets.t837p.parties import procedure_of, write_address, write_name, write_nameless, write_references
from edi.x12.sets.t837p.rows import row
from edi.x12.sets.t837p.values_claim import OtherInsured, OtherPayer, OutpatientAdjudication
from edi.x12.sets.t837p.values_line import LineAdjudication
from edi.x12.writer import Row, SetWriter, maybe_money, maybe_number, money, number

_SVD = row("2430", "SVD")


def write_other_payer(out: SetWriter, value: OtherPayer) -> None:
    """One other payer, SBR to the last of his provider numbers."""
    rows.OTHER_SBR.put(out, row("2320", "SBR"), value)
    _adjustments(out, row("2320", "CAS"), value.adjustments)
    rows.OTHER_AMOUNTS.put(out, value)
    signed = value.patient_signature_code or ""
    out.put(row("2320", "OI"), "", "", value.benefits_assigned, signed, "", value.release_code)
    if value.outpatient:
        _outpatient(out, value.outpatient)
    _insured(out, value.insured)
    who = (value.name, "", "", "", "", value.identifier_kind, value.identifier)
    out.put(row("2330B", "NM1"), "PR", "2", *who)
    if value.address:
        write_address(out, "2330B", value.address)
    rows.OTHER_DATES.put(out, value)
    write_references(out, row("2330B", "REF", "2U"), value.references)
    rows.OTHER_REFERENCES.put(out, value)
    for code, (loop, name) in rows.OTHER_PROVIDERS.items():
        provider = getattr(value, name)
        if provider:
            write_nameless(out, loop, code, provider)


def _outpatient(out: SetWriter, value: OutpatientAdjudication) -> None:
    where = row("2320", "MOA")
    if len(value.remarks) > 5:
        raise out.refuse(where, 7, "five remark codes at most")
    remarks = [*value.remarks, "", "", "", "", ""][:5]
    late = (maybe_money(value.renal_disease_cents), maybe_money(value.professional_component_cents))
    out.put(where, maybe_number(value.reimbursement_rate), maybe_money(value.payable_cents), *remarks, *late)


def _insured(out: SetWriter, value: OtherInsured) -> None:
    write_name(out, row("2330A", "NM1"), "IL", value, value.member_id_kind, value.member_id)
    if value.address:
        write_address(out, "2330A", value.address)
    rows.INSURED_REFERENCES.put(out, value)


def write_decided(out: SetWriter, value: LineAdjudication) -> None:
    """One payer's decision on a line."""
    bundled = "" if value.bundled_line is None else str(value.bundled_line)
    procedure = procedure_of(out, _SVD, 3, value)
    out.put(_SVD, value.payer_id, money(value.paid_cents), procedure, "", number(value.units), bundled)
    _adjustments(out, row("2430", "CAS"), value.adjustments)
    if value.adjudication_date is None:
        raise out.refuse(row("2430", "DTP"), 3, "a payer's decision on a line needs its date")
    rows.DECIDED_DATES.put(out, value)
    rows.DECIDED_AMOUNTS.put(out, value)


def _adjustments(out: SetWriter, where: Row, values: list[Adjustment]) -> None:
    """CAS, where the reasons of a group must come together: payers read one group once."""
    groups = [group for group, _ in groupby(values, key=lambda one: one.group)]
    if len(groups) != len(set(groups)):
        raise out.refuse(where, 1, "the adjustments of one group code belong together")
    put_adjustments(out, where, values)
