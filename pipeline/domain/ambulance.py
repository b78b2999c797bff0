"""The transport of an ambulance claim: how far, why, from where to where, and who has certified the need."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pipeline.domain.people import Address
from pipeline.domain.value import At, Codes, Quantity, Text, Value

POUNDS_PER_KILOGRAM = Decimal("2.20462")


class DropOff(Value):
    """Where an ambulance brought the patient."""

    name: Annotated[Text | None, At("2310F NM103", "Name of the place")] = None
    address: Annotated[Address, At("2310F N3, N4", "Address")]


class Certification(Value):
    """The physician's certification statement of a transport that was no emergency (42 CFR 410.40).

    It stays with the provider and is no part of the 837P. What a payer wants to see of it is sent as it is for any
    claim: the physician as `referring`, the paper as one of the `attachments`, its words as `note`.
    """

    repetitive: Annotated[bool, At("not sent", "The transport was one of a scheduled series, as to dialysis")]
    signed_date: Annotated[date | None, At("not sent", "When it was signed")] = None
    signer: Annotated[
        Text | None,
        At(
            "not sent",
            "physician; or, where none could be had, physician_assistant, nurse_practitioner,"
            " clinical_nurse_specialist, registered_nurse, licensed_practical_nurse, social_worker, case_manager or"
            " discharge_planner",
        ),
    ] = None
    signer_npi: Annotated[Text | None, At("not sent", "The signer's national provider identifier, if he has one")] = (
        None
    )
    requested_date: Annotated[
        date | None, At("not sent", "When it was asked for with proof, where nobody has signed")
    ] = None
    no_physician: Annotated[
        bool, At("not sent", "The patient was under no physician's care, so that there is nobody to certify")
    ] = False


class Ambulance(Value):
    """The transport. Miles are as travelled with the patient aboard; 0 only if no mileage is billed."""

    miles: Annotated[Quantity, At("2300 CR106", "Loaded miles, all legs")]
    reason: Annotated[
        Text,
        At(
            "2300 CR104",
            "A nearest facility, B preferred physician, C near the family, D specialist or equipment, E rehabilitation",
        ),
    ]
    weight_lb: Annotated[int | None, At("2300 CR102", "Patient's weight, pounds")] = None
    weight_kg: Annotated[
        Quantity | None, At("2300 CR102", "The same in kilograms, instead of pounds; sent as whole pounds")
    ] = None
    round_trip_purpose: Annotated[Text | None, At("2300 CR109", "Why there and back")] = None
    stretcher_purpose: Annotated[Text | None, At("2300 CR110", "Why a stretcher")] = None
    conditions: Annotated[
        Codes, At("2300 CRC03 (CRC02 = Y)", "What applied: 01, 04 to 09, 12; at most five a segment, three segments")
    ] = ()
    conditions_absent: Annotated[Codes, At("2300 CRC03 (CRC02 = N)", "What is certified not to have applied")] = ()
    pick_up: Annotated[Address | None, At("2310E N3, N4", "Where the patient was taken up; required by AMB03")] = None
    drop_off: Annotated[DropOff | None, At("2310F", "Where to; required by AMB04")] = None
    certification: Annotated[
        Certification | None,
        At("not sent", "With a transport that was no emergency; required by AMB10 where the payer is Medicare"),
    ] = None

    @property
    def pounds(self) -> int | None:
        """The weight as CR102 has it, whole pounds, from whichever unit was given; None where none was."""
        if self.weight_lb is not None or self.weight_kg is None:
            return self.weight_lb
        return int((self.weight_kg * POUNDS_PER_KILOGRAM).to_integral_value(ROUND_HALF_UP))
