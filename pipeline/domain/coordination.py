"""Coordination of benefits: who else pays for the same service, and what they have decided.

A secondary claim tells its payer what the earlier ones paid and why they did not pay the rest, in their own codes: the
adjustments are those of their 835, unchanged. Amounts are integer cents.
"""

from datetime import date
from typing import Annotated

from pipeline.domain.people import Address, Person
from pipeline.domain.value import At, Codes, Quantity, Text, Value


class Adjustment(Value):
    """An amount that a payer did not pay, and why. One CAS segment carries all of a group."""

    group: Annotated[Text, At("CAS01", "CO contract, PR patient, OA other, PI payer's own, CR correction")]
    reason: Annotated[Text, At("CAS02", "Claim adjustment reason code, as 45 or B7")]
    amount_cents: Annotated[int, At("CAS03", "Cents not paid; below zero where more was allowed than charged")]
    quantity: Annotated[Quantity | None, At("CAS04", "Units not paid, where the payer has cut them")] = None


class BaseAdjudication(Value):
    """What one other payer has decided on one line, of whatever form the claim is."""

    payer_id: Annotated[Text, At("2430 SVD01", "Which of `other_payers`")]
    paid_cents: Annotated[int, At("2430 SVD02", "Cents paid on the line; 0 where nothing was")]
    procedure: Annotated[Text | None, At("2430 SVD03-2", "The procedure that was judged, as the remittance has it")] = (
        None
    )
    modifiers: Annotated[Codes, At("2430 SVD03-3 to -6", "Its modifiers, at most four")] = ()
    units: Annotated[Quantity, At("2430 SVD05", "Units paid for")]
    bundled_line: Annotated[int | None, At("2430 SVD06", "The line, from 1, that this one was judged with")] = None
    adjustments: Annotated[tuple[Adjustment, ...], At("2430 CAS", "What was not paid of the line")] = ()
    adjudication_date: Annotated[date, At("2430 DTP*573", "When it was decided")]
    patient_liability_cents: Annotated[int | None, At("2430 AMT*EAF", "What is left to the patient, cents")] = None


class Adjudication(BaseAdjudication):
    """What one other payer has decided on one line."""

    procedure: Annotated[Text, At("2430 SVD03-2", "The procedure that was judged, as the remittance has it")]


class OtherInsured(Person):
    """Whose plan the other payer's is: the patient himself, or somebody whose family he belongs to."""

    member_id: Annotated[Text, At("2330A NM109", "The member id at the other payer")]
    address: Annotated[Address | None, At("2330A N3, N4", "Home, where known")] = None


class OtherPayer(Value):
    """Another payer of the same claim. One before ours has decided; one after ours has not yet been asked."""

    payer_id: Annotated[Text, At("2330B NM109", "The other payer's id; lines name him by it")]
    name: Annotated[Text, At("2330B NM103", "The other payer's name")]
    filing_code: Annotated[Text, At("2320 SBR09", "Claim filing indicator: MB, MC, CI, BL, CH …")]
    responsibility: Annotated[Text, At("2320 SBR01", "His place in the order: P first, S second, T third, then A to H")]
    relationship: Annotated[Text, At("2320 SBR02", "Of the patient to this insured: 18 himself, 01 spouse, 19 child …")]
    insured: Annotated[OtherInsured, At("2330A", "Whose plan it is")]
    group_number: Annotated[Text | None, At("2320 SBR03", "Group or policy number")] = None
    group_name: Annotated[Text | None, At("2320 SBR04", "Group or plan name, if there is no number")] = None
    insurance_type: Annotated[Text | None, At("2320 SBR05", "Only where Medicare is not primary")] = None
    benefits_assigned: Annotated[Text, At("2320 OI03", "Y, N, or W: patient refuses")] = "Y"
    release_code: Annotated[Text, At("2320 OI06", "Y signed, I informed consent")] = "Y"
    paid_cents: Annotated[
        int | None, At("2320 AMT*D", "Cents paid on the claim; 0 says decided and paid nothing, absent not decided")
    ] = None
    non_covered_cents: Annotated[int | None, At("2320 AMT*A8", "Cents that the plan does not cover at all")] = None
    patient_liability_cents: Annotated[int | None, At("2320 AMT*EAF", "What is left to the patient, cents")] = None
    adjustments: Annotated[
        tuple[Adjustment, ...], At("2320 CAS", "What was not paid of the claim as a whole; never what lines say")
    ] = ()
    remarks: Annotated[Codes, At("2320 MOA03 to 07", "Remark codes of Medicare's decision, as MA18; at most five")] = ()
    adjudication_date: Annotated[date | None, At("2330B DTP*573", "When it was decided, where no line says it")] = None
    payer_claim_number: Annotated[Text | None, At("2330B REF*F8", "The other payer's number of the claim")] = None
