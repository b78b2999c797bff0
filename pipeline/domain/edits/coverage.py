"""The payer, the places, and the consents of a claim."""

import re
from collections.abc import Iterator

from pipeline.domain.claim import Claim
from pipeline.domain.edits.codes import DELAY_REASONS, FILING_CODES, PLACES_OF_SERVICE, STATES
from pipeline.domain.edits.parties import addresses
from pipeline.domain.edits.rule import Facts, Found, rule

_ZIP = re.compile(r"(?!00000)[0-9]{5}(?:[0-9]{4})?")


@rule("PAY01")
def filing_code_known(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """The claim filing indicator is one of the standard's."""
    if claim.payer.filing_code not in FILING_CODES:
        yield (
            "payer.filing_code",
            "the claim filing code is unknown",
            "give MB, MC, CI, BL, CH … as the payer's kind is",
        )


@rule("PAY02")
def payer_is_primary(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """The payer pays first: a secondary claim would need what the first payer has decided."""
    if claim.payer.responsibility != "P":
        yield "payer.responsibility", "only claims to the primary payer can be sent", "bill the primary payer first"


@rule("PAY03")
def insurance_type_only_where_medicare_is_not_primary(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """An insurance type is given only where Medicare is not the primary payer."""
    if claim.payer.insurance_type is not None and claim.payer.responsibility == "P":
        yield "payer.insurance_type", "a primary claim has no insurance type", "remove it"


@rule("PLC01")
def state_known(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """States are two capital letters of the postal list."""
    for path, address in addresses(claim):
        if address.state not in STATES:
            yield f"{path}.state", "the state is not a postal code of two capitals", "give it as in TX"


@rule("PLC02")
def zip_well_formed(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """ZIP codes have five or nine digits; the pick-up's decides an ambulance claim's price."""
    for path, address in addresses(claim):
        if not _ZIP.fullmatch(address.zip):
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
def consent_codes_known(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Assignment, benefits, release, signature and delay codes are the standard's."""
    for path, value, known in (
        ("assignment_code", claim.assignment_code, {"A", "B", "C"}),
        ("benefits_assigned", claim.benefits_assigned, {"Y", "N", "W"}),
        ("release_code", claim.release_code, {"Y", "I"}),
        ("patient_signature_code", claim.patient_signature_code, {None, "P"}),
        ("delay_reason", claim.delay_reason, {None, *DELAY_REASONS}),
    ):
        if value not in known:
            yield path, "the code is unknown", "see the field's codes in docs/claim.md"


RULES = (
    filing_code_known,
    payer_is_primary,
    insurance_type_only_where_medicare_is_not_primary,
    state_known,
    zip_well_formed,
    place_of_service_known,
    consent_codes_known,
)
