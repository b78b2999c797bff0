"""Ambulance transports: certification, places, miles and modifiers."""

from collections.abc import Iterator
from decimal import Decimal

from pipeline.domain.claim import Claim, ServiceLine
from pipeline.domain.edits import certification, coding
from pipeline.domain.edits.codes import (
    AIR,
    AIR_BASE,
    AIR_MILES,
    BASE,
    BASE_AND_MILES,
    DESTINATIONS,
    EMERGENCY_BASE,
    EMERGENCY_CONDITION,
    GROUND_BASE,
    GROUND_MILES,
    LAND,
    MEDICARE,
    MILES,
    NO_TRANSPORT,
    NON_EMERGENCY_BASE,
    ORIGINS,
    TRANSPORT_CONDITIONS,
    TRANSPORT_REASONS,
)
from pipeline.domain.edits.coverage import zip_valid
from pipeline.domain.edits.rule import Facts, Found, rule
from pipeline.domain.payer_rules import MileageRule, PayerRules

Lines = list[tuple[int, ServiceLine]]
_BAD_ZIP = "the ZIP code is not five or nine digits", "give digits without hyphen"


def is_ambulance(procedure: str) -> bool:
    """True for HCPCS A0021 to A0999."""
    return procedure.startswith("A0") and procedure[2:].isdigit()


def concerned(claim: Claim) -> bool:
    """True if any of these rules can find something: all look at a transport, its place or its codes."""
    return (
        claim.ambulance is not None
        or claim.place_of_service in {LAND, AIR}
        or any(is_ambulance(line.procedure) or line.patient_count is not None for line in claim.lines)
    )


def _lines(claim: Claim, procedures: frozenset[str]) -> Lines:
    return [(index, line) for index, line in enumerate(claim.lines) if line.procedure in procedures]


def _pair(line: ServiceLine) -> str | None:
    return line.modifiers[0] if line.modifiers else None


@rule("AMB01")
def transport_described(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Place of service 41 or 42, ambulance codes and the description of the transport go together."""
    aboard = claim.place_of_service in {LAND, AIR}
    if aboard and claim.ambulance is None:
        yield "ambulance", "place of service 41 and 42 need the transport described", "add the ambulance block"
    if not aboard and claim.ambulance is not None:
        yield "place_of_service", "a transport is described but the place is not 41 or 42", "give 41 or 42"
    if not aboard:
        for index, line in enumerate(claim.lines):
            if is_ambulance(line.procedure):
                yield (
                    f"lines[{index}].procedure",
                    "an ambulance code outside an ambulance",
                    "give place of service 41 or 42",
                )


@rule("AMB02")
def certification_given(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """The certification names at least one known condition, each once."""
    if claim.ambulance is None:
        return
    for field, codes in (
        ("conditions", claim.ambulance.conditions),
        ("conditions_absent", claim.ambulance.conditions_absent),
    ):
        for index, code in enumerate(codes):
            if code not in TRANSPORT_CONDITIONS:
                yield f"ambulance.{field}[{index}]", "the condition code is unknown", "give 01, 04 to 09 or 12"
    both = (*claim.ambulance.conditions, *claim.ambulance.conditions_absent)
    if not both:
        yield "ambulance.conditions", "no condition is certified", "certify why the transport was needed"
    if len(set(both)) < len(both):
        yield "ambulance.conditions", "a condition is named twice", "name each once, as present or as absent"


@rule("AMB03")
def pick_up_given(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """The place of pick-up is given with a sound ZIP code: it decides the price."""
    if claim.ambulance is None:
        return
    if claim.ambulance.pick_up is None:
        yield "ambulance.pick_up", "the place of pick-up is missing", "give street or description, city, state and ZIP"
    elif not zip_valid(claim.ambulance.pick_up.zip):
        yield "ambulance.pick_up.zip", *_BAD_ZIP


@rule("AMB04")
def drop_off_given(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """The place of drop-off is given with a sound ZIP code, unless nobody was transported."""
    if claim.ambulance is None:
        return
    if claim.ambulance.drop_off is not None:
        if not zip_valid(claim.ambulance.drop_off.address.zip):
            yield "ambulance.drop_off.address.zip", *_BAD_ZIP
    elif not any(line.procedure == NO_TRANSPORT for line in claim.lines):
        yield (
            "ambulance.drop_off",
            "the place of drop-off is missing",
            "give street or description, city, state and ZIP",
        )


@rule("AMB05")
def origin_and_destination(claim: Claim, facts: Facts) -> Iterator[Found]:
    """The first modifier of base rate and mileage is origin and destination; X is never an origin, S never a destination."""
    if not facts.rules.origin_destination_required:
        return
    for index, line in _lines(claim, BASE_AND_MILES):
        pair = _pair(line)
        if pair is None or len(pair) != 2 or pair[0] not in ORIGINS or pair[1] not in DESTINATIONS:
            yield (
                f"lines[{index}].modifiers",
                "the first modifier is no legal origin and destination",
                "give it as in RH or SH",
            )


@rule("AMB06")
def miles_agree(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """The mileage lines' units sum to the miles of the transport."""
    mileage = _lines(claim, MILES)
    if claim.ambulance is None or not mileage:
        return
    if sum((line.units for _, line in mileage), Decimal(0)) != claim.ambulance.miles:
        yield "ambulance.miles", "the miles are not the sum of the mileage lines", "correct the miles or the units"


@rule("AMB07")
def miles_rounded_as_the_payer_wants(claim: Claim, facts: Facts) -> Iterator[Found]:
    """Miles are rounded by the payer's rule: tenths up to 100 and whole above, whole, or tenths; air whole for Medicare."""
    for index, line in _lines(claim, MILES):
        if line.units != round(line.units, _decimals(line, facts.rules)):
            yield (
                f"lines[{index}].units",
                "the miles have more decimals than this payer takes",
                "round up by the payer's rule, in the transport's miles too",
            )


def _decimals(line: ServiceLine, rules: PayerRules) -> int:
    if rules.mileage is MileageRule.TENTHS:
        return 1
    if rules.mileage is MileageRule.WHOLE or line.procedure in AIR_MILES or line.units > rules.tenths_to_miles:
        return 0
    return 1


@rule("AMB08")
def miles_above_zero(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Loaded miles are above zero where mileage is billed, and never negative."""
    if claim.ambulance is None:
        return
    if claim.ambulance.miles < 0 or claim.ambulance.miles >= 10_000:
        yield "ambulance.miles", "the miles are negative or past any transport", "give the loaded miles"
    elif claim.ambulance.miles == 0 and _lines(claim, MILES):
        yield "ambulance.miles", "mileage is billed but there are no miles", "give the loaded miles, or bill no mileage"


@rule("AMB09")
def emergency_agrees(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """An emergency code goes with the emergency condition (06), a non-emergency code never does."""
    if claim.ambulance is None:
        return
    certified = EMERGENCY_CONDITION in claim.ambulance.conditions
    for index, line in enumerate(claim.lines):
        if line.procedure in EMERGENCY_BASE and not certified:
            yield (
                f"lines[{index}].procedure",
                "an emergency code without condition 06",
                "certify it, or bill non-emergency",
            )
        if line.procedure in NON_EMERGENCY_BASE and (certified or line.emergency):
            yield (
                f"lines[{index}].procedure",
                "a non-emergency code on an emergency",
                "bill the emergency code, or correct",
            )


@rule("AMB11")
def diagnoses_counted(claim: Claim, facts: Facts) -> Iterator[Found]:
    """A transport has one to twelve diagnoses, none twice."""
    for general in coding.DIAGNOSES_COUNTED:
        yield from general.find(claim, facts)


@rule("AMB12")
def one_day(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """All ambulance lines are of one day."""
    days = {line.service_date for line in claim.lines if is_ambulance(line.procedure)}
    if len(days) > 1:
        yield "lines", "the ambulance lines are of different days", "bill one claim a day of transport"


@rule("AMB13", "warning")
def nursing_facility_stay(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A Medicare transport from or to a skilled nursing facility (N) may belong to that facility's own bill."""
    if claim.payer.filing_code not in MEDICARE:
        return
    for index, line in _lines(claim, BASE):
        if "N" in (_pair(line) or ""):
            yield (
                f"lines[{index}].modifiers",
                "a skilled nursing facility may have to pay",
                "make sure that no covered stay is running",
            )


@rule("AMB14")
def weight_plausible(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """The weight is in pounds or in kilograms, not both, and comes to 1 to 1500 pounds."""
    if claim.ambulance is None:
        return
    in_kg, pounds = claim.ambulance.weight_kg is not None, claim.ambulance.pounds
    path = "ambulance.weight_kg" if in_kg else "ambulance.weight_lb"
    if in_kg and claim.ambulance.weight_lb is not None:
        yield path, "the weight stands in pounds and in kilograms", "keep the one that was measured"
    elif pounds is not None and not 1 <= pounds <= 1500:
        yield path, "the weight is not 1 to 1500 pounds", "correct it, or leave it out"


@rule("AMB15")
def several_patients_aboard(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """More than one patient aboard is said twice: modifier GM and the count, on each ambulance line."""
    for index, line in enumerate(claim.lines):
        if line.patient_count is not None and not (2 <= line.patient_count <= 99 and is_ambulance(line.procedure)):
            yield (
                f"lines[{index}].patient_count",
                "a count of patients aboard is 2 or more, on ambulance lines",
                "remove it",
            )
        if is_ambulance(line.procedure) and ("GM" in line.modifiers) != (line.patient_count is not None):
            yield (
                f"lines[{index}].modifiers",
                "modifier GM and the count of patients go together",
                "give both or neither",
            )


@rule("AMB16")
def land_or_air(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Ground codes go with place of service 41, air codes with 42."""
    wrong = {LAND: AIR_BASE | AIR_MILES, AIR: GROUND_BASE | {GROUND_MILES}}.get(claim.place_of_service, frozenset())
    for index, _line in _lines(claim, wrong):
        yield f"lines[{index}].procedure", "the code and the place of service are of different vehicles", "correct one"


@rule("AMB17")
def round_trip_explained(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """There and back on one claim says why."""
    pairs = {pair for _, line in _lines(claim, BASE) if (pair := _pair(line))}
    there_and_back = any(pair[::-1] in pairs and pair != pair[::-1] for pair in pairs)
    if there_and_back and claim.ambulance is not None and claim.ambulance.round_trip_purpose is None:
        yield (
            "ambulance.round_trip_purpose",
            "a round trip needs its purpose",
            "say why the patient went there and back",
        )


@rule("AMB18")
def mileage_on_a_billed_leg(claim: Claim, facts: Facts) -> Iterator[Found]:
    """Mileage has the origin and destination of a base rate on the claim."""
    legs = {_pair(line) for _, line in _lines(claim, BASE)}
    if not legs or not facts.rules.origin_destination_required:
        return
    for index, line in _lines(claim, MILES):
        if _pair(line) not in legs:
            yield (
                f"lines[{index}].modifiers",
                "mileage of another leg than any base rate",
                "give both lines the same pair",
            )


@rule("AMB19")
def mileage_with_a_base_rate(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Mileage is billed with the transport it belongs to."""
    if not _lines(claim, BASE):
        for index, _line in _lines(claim, MILES):
            yield f"lines[{index}].procedure", "mileage without a base rate", "bill the transport on the same claim"


@rule("AMB20")
def reason_known(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """The transport reason is A to E."""
    if claim.ambulance is not None and claim.ambulance.reason not in TRANSPORT_REASONS:
        yield "ambulance.reason", "the transport reason is unknown", "give A to E"


RULES = (
    transport_described,
    certification_given,
    pick_up_given,
    drop_off_given,
    origin_and_destination,
    miles_agree,
    miles_rounded_as_the_payer_wants,
    miles_above_zero,
    emergency_agrees,
    certification.need_certified,
    diagnoses_counted,
    one_day,
    nursing_facility_stay,
    weight_plausible,
    several_patients_aboard,
    land_or_air,
    round_trip_explained,
    mileage_on_a_billed_leg,
    mileage_with_a_base_rate,
    reason_known,
    certification.certification_in_time,
    certification.signer_named,
)
