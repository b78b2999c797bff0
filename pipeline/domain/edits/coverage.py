"""The payer, the places, and the consents of a claim."""

import re
from collections.abc import Iterator

from pipeline.domain.claim import BaseClaim, Claim
from pipeline.domain.edits.codes import (
    DELAY_REASONS,
    FILING_CODES,
    INSURANCE_TYPES,
    MEDICARE,
    ORDER_OF_PAYERS,
    PLACES_OF_SERVICE,
    STATES,
)
from pipeline.domain.edits.parties import addresses, homes, other_payers
from pipeline.domain.edits.rule import Facts, Found, rule

_ZIP = re.compile(r"(?!00000)[0-9]{5}(?:[0-9]{4})?")


def zip_valid(code: str) -> bool:
    """Five or nine digits, the first five not all zero."""
    return _ZIP.fullmatch(code) is not None


@rule("PAY01")
def filing_code_known(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """The claim filing indicator is one of the standard's."""
    if claim.payer.filing_code not in FILING_CODES:
        yield (
            "payer.filing_code",
            "the claim filing code is unknown",
            "give MB, MC, CI, BL, CH … as the payer's kind is",
        )


@rule("PAY02")
def place_in_the_order_known(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """The payer's place in the order of payers is P, S, T or A to H."""
    if claim.payer.responsibility not in ORDER_OF_PAYERS:
        yield "payer.responsibility", "the place in the order is unknown", "give P for the first payer, S, T …"


@rule("PAY03")
def insurance_type_where_medicare_is_not_primary(claim: Claim, facts: Facts) -> Iterator[Found]:
    """An insurance type says why Medicare is not the first payer: given only then, and always where the payer wants it."""
    given, first = claim.payer.insurance_type, claim.payer.responsibility == "P"
    if given is None:
        if facts.rules.insurance_type_required and not first:
            yield (
                "payer.insurance_type",
                "this payer wants to know why it is not the first",
                "give 12 to 16, 41 to 43, 47",
            )
    elif first or any(
        payer.filing_code in MEDICARE and payer.responsibility == "P" for _, payer in other_payers(claim)
    ):
        yield "payer.insurance_type", "an insurance type though Medicare may be the first payer", "remove it"
    elif given not in INSURANCE_TYPES:
        yield "payer.insurance_type", "the insurance type is unknown", "give 12 to 16, 41 to 43 or 47"


@rule("PLC01")
def state_known(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """States are two capital letters of the postal list."""
    for path, address in addresses(claim):
        if address.state not in STATES:
            yield f"{path}.state", "the state is not a postal code of two capitals", "give it as in TX"


@rule("PLC02")
def zip_well_formed(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """ZIP codes have five or nine digits; those of a transport are for AMB03 and AMB04."""
    for path, address in homes(claim):
        if not zip_valid(address.zip):
            yield f"{path}.zip", "the ZIP code is not five or nine digits", "give digits without hyphen"


@rule("PLC03")
def place_of_service_known(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Places of service are codes of the national list."""
    if claim.place_of_service not in PLACES_OF_SERVICE:
        yield "place_of_service", "the place of service is unknown", "give two digits of the national list"
    for index, line in enumerate(claim.lines):
        if line.place_of_service is not None and line.place_of_service not in PLACES_OF_SERVICE:
            yield (
                f"lines[{index}].place_of_service",
                "the place of service is unknown",
                "give two digits, or leave it out",
            )


@rule("CON01")
def consent_codes_known(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Assignment, benefits, release, signature and delay codes are the standard's."""
    for path, value, known in (
        ("assignment_code", claim.assignment_code, {"A", "B", "C"}),
        ("benefits_assigned", claim.benefits_assigned, {"Y", "N", "W"}),
        ("release_code", claim.release_code, {"Y", "I"}),
        ("patient_signature_code", getattr(claim, "patient_signature_code", None), {None, "P"}),
        ("delay_reason", claim.delay_reason, {None, *DELAY_REASONS}),
    ):
        if value not in known:
            yield path, "the code is unknown", "see the field's codes in docs/claim.md"


RULES = (filing_code_known, place_in_the_order_known, state_known, zip_well_formed, consent_codes_known)
PROFESSIONAL = (insurance_type_where_medicare_is_not_primary, place_of_service_known)
