"""Loops 2320, 2330 and 2430 as segments: other payers and what they decided on the claim and on a line."""

from collections.abc import Callable
from itertools import groupby

from edi.x12.sets.adjustments import put_adjustments
from edi.x12.sets.shared import Adjustment
from edi.x12.sets.t837.parties import write_address, write_name, write_nameless, write_references
from edi.x12.sets.t837.rows import ClaimWriter
from edi.x12.sets.t837.values_other import BaseLineAdjudication, BaseOtherPayer, OtherInsured, OutpatientAdjudication
from edi.x12.writer import Row, maybe_money, maybe_number


def write_other_payer(
    out: ClaimWriter, value: BaseOtherPayer, signature: str = "", before_outpatient: Callable[[], None] | None = None
) -> None:
    """One other payer, SBR to the last of his provider numbers; with OI04, and what stands before MOA."""
    rows = out.rows
    rows.other_sbr.put(out, out.row("2320", "SBR"), value)
    _adjustments(out, out.row("2320", "CAS"), value.adjustments)
    rows.other_amounts.put(out, value)
    out.put(out.row("2320", "OI"), "", "", value.benefits_assigned, signature, "", value.release_code)
    if before_outpatient:
        before_outpatient()
    if value.outpatient:
        _outpatient(out, value.outpatient)
    _insured(out, value.insured)
    who = (value.name, "", "", "", "", value.identifier_kind, value.identifier)
    out.put(out.row("2330B", "NM1"), "PR", "2", *who)
    if value.address:
        write_address(out, "2330B", value.address)
    rows.other_dates.put(out, value)
    write_references(out, out.row("2330B", "REF", "2U"), value.references)
    rows.other_references.put(out, value)
    for code, (loop, name) in rows.other_providers.items():
        provider = getattr(value, name)
        if provider:
            write_nameless(out, loop, code, provider)


def _outpatient(out: ClaimWriter, value: OutpatientAdjudication) -> None:
    where = out.row("2320", "MOA")
    if len(value.remarks) > 5:
        raise out.refuse(where, 7, "five remark codes at most")
    remarks = [*value.remarks, "", "", "", "", ""][:5]
    late = (maybe_money(value.renal_disease_cents), maybe_money(value.professional_component_cents))
    out.put(where, maybe_number(value.reimbursement_rate), maybe_money(value.payable_cents), *remarks, *late)


def _insured(out: ClaimWriter, value: OtherInsured) -> None:
    write_name(out, out.row("2330A", "NM1"), "IL", value, value.member_id_kind, value.member_id)
    if value.address:
        write_address(out, "2330A", value.address)
    out.rows.insured_references.put(out, value)


def write_decision_details(out: ClaimWriter, value: BaseLineAdjudication) -> None:
    """What follows SVD: the adjustments, the day of the decision, what the patient still owes."""
    _adjustments(out, out.row("2430", "CAS"), value.adjustments)
    if value.adjudication_date is None:
        raise out.refuse(out.row("2430", "DTP"), 3, "a payer's decision on a line needs its date")
    out.rows.decided_dates.put(out, value)
    out.rows.decided_amounts.put(out, value)


def _adjustments(out: ClaimWriter, where: Row, values: list[Adjustment]) -> None:
    """CAS, where the reasons of a group must come together: payers read one group once."""
    groups = [group for group, _ in groupby(values, key=lambda one: one.group)]
    if len(groups) != len(set(groups)):
        raise out.refuse(where, 1, "the adjustments of one group code belong together")
    put_adjustments(out, where, values)
