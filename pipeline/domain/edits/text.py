"""Whether text can be written at all: the basic character set and the standard's lengths. Nothing is cut to fit."""

from collections.abc import Iterator

from pipeline.domain.claim import BaseClaim, Claim, Provider
from pipeline.domain.edits.parties import addresses, adjudications, other_payers, providers, transport
from pipeline.domain.edits.rule import Facts, Found, rule
from pipeline.domain.people import Person
from pipeline.domain.wire_text import is_identifier, wire_text

Sized = tuple[str, str | None, int]
"""Path, value if there is one, greatest length."""

LAST, FIRST, MIDDLE, SUFFIX = 60, 35, 25, 10  # NM103, NM104, NM105, NM107
STREET, CITY = 55, 30  # N301, N401
IDENTIFIER, REFERENCE = 80, 50  # NM109, REF02
NOTE = 80  # NTE02, SV101-7
ATTACHMENT = 50  # PWK06
BANK_NAME = 22  # NACHA entry detail, individual name


def _free_text(claim: BaseClaim) -> list[Sized]:
    """All names, streets and notes, with the length of their element."""
    found: list[Sized] = []
    _person(found, "patient", claim.patient)
    if claim.subscriber is not None:
        _person(found, "subscriber", claim.subscriber)
    for path, address in addresses(claim):
        found += (
            (f"{path}.line1", address.line1, STREET),
            (f"{path}.line2", address.line2, STREET),
            (f"{path}.city", address.city, CITY),
        )
    for path, provider in providers(claim):
        _person(found, path, provider)
        found.append((f"{path}.name", provider.name, LAST))
    found += (
        ("payer.name", claim.payer.name, LAST),
        ("payer.group_name", claim.payer.group_name, LAST),
        ("note", claim.note, NOTE),
    )
    for path, payer in other_payers(claim):
        _person(found, f"{path}.insured", payer.insured)
        found += ((f"{path}.name", payer.name, LAST), (f"{path}.group_name", payer.group_name, LAST))
    if claim.facility is not None:
        found.append(("facility.name", claim.facility.name, LAST))
    ambulance = transport(claim)
    if ambulance is not None:
        found.append(("ambulance.round_trip_purpose", ambulance.round_trip_purpose, NOTE))
        found.append(("ambulance.stretcher_purpose", ambulance.stretcher_purpose, NOTE))
        if ambulance.drop_off is not None:
            found.append(("ambulance.drop_off.name", ambulance.drop_off.name, LAST))
    if claim.refund_to is not None:
        found.append(("refund_to.name", claim.refund_to.name, BANK_NAME))
    for index, line in enumerate(claim.lines):
        found.append((f"lines[{index}].description", line.description, NOTE))
    if type(claim) is Claim:
        found += [(f"lines[{index}].note", line.note, NOTE) for index, line in enumerate(claim.lines)]
    return found


def _person(found: list[Sized], path: str, person: Person | Provider) -> None:
    found += (
        (f"{path}.last_name", person.last_name, LAST),
        (f"{path}.first_name", person.first_name, FIRST),
        (f"{path}.middle_name", person.middle_name, MIDDLE),
        (f"{path}.suffix", person.suffix, SUFFIX),
    )


def _identifiers(claim: BaseClaim) -> list[Sized]:
    """All numbers that others have given, with the length of their element."""
    found: list[Sized] = [
        ("patient.member_id", claim.patient.member_id, IDENTIFIER),
        ("subscriber.member_id", claim.subscriber.member_id if claim.subscriber else None, IDENTIFIER),
        ("payer.payer_id", claim.payer.payer_id, IDENTIFIER),
        ("payer.group_number", claim.payer.group_number, REFERENCE),
        ("payer_claim_number", claim.payer_claim_number, REFERENCE),
        ("prior_authorization", claim.prior_authorization, REFERENCE),
        ("referral_number", claim.referral_number, REFERENCE),
        ("medical_record_number", claim.medical_record_number, REFERENCE),
    ]
    if type(claim) is Claim:
        found.append(("clia", claim.clia, REFERENCE))
        found += [
            (f"lines[{index}].prior_authorization", line.prior_authorization, REFERENCE)
            for index, line in enumerate(claim.lines)
        ]
    for path, payer in other_payers(claim):
        found += (
            (f"{path}.payer_id", payer.payer_id, IDENTIFIER),
            (f"{path}.insured.member_id", payer.insured.member_id, IDENTIFIER),
            (f"{path}.group_number", payer.group_number, REFERENCE),
            (f"{path}.payer_claim_number", payer.payer_claim_number, REFERENCE),
        )
    found += [(f"{path}.payer_id", decided.payer_id, IDENTIFIER) for path, decided in adjudications(claim)]
    found += [
        (f"attachments[{index}].control_number", attachment.control_number, ATTACHMENT)
        for index, attachment in enumerate(claim.attachments or ())
    ]
    return found


@rule("TXT01")
def text_can_be_written(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Names and notes hold no character that the 837's basic set cannot express."""
    for path, text, _ in _free_text(claim):
        if text is not None and _written(text) is None:
            yield (
                path,
                "the text holds characters that a claim cannot carry",
                "write it in Latin letters and plain marks",
            )


@rule("TXT02")
def text_fits(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Text, as it is written, is not longer than its element."""
    for path, text, most in _free_text(claim):
        # Only letters beyond ASCII can grow when they are spelled.
        if text is not None and len(text if text.isascii() else _written(text) or "") > most:
            yield path, f"the text has more than {most} characters", "shorten it as the payer knows it"
    for path, text, most in _identifiers(claim):
        if text is not None and len(text) > most:
            yield path, f"the number has more than {most} characters", "look the number up"


@rule("TXT03")
def identifier_can_be_written(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Identifiers are capitals, digits and inner marks; they are sent exactly as given."""
    for path, text, _ in _identifiers(claim):
        if text is not None and not is_identifier(text):
            yield (
                path,
                "the number holds other than capitals, digits and inner marks",
                "give it as the card shows it, in capitals",
            )


@rule("TXT04")
def text_long_enough(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Member, payer and attachment ids have at least two characters, and so have cities."""
    member = "subscriber.member_id" if claim.subscriber is not None else "patient.member_id"
    ids = [(member, claim.member_id), ("payer.payer_id", claim.payer.payer_id)]
    for path, payer in other_payers(claim):
        ids += ((f"{path}.payer_id", payer.payer_id), (f"{path}.insured.member_id", payer.insured.member_id))
    for index, attachment in enumerate(claim.attachments or ()):
        ids.append((f"attachments[{index}].control_number", attachment.control_number))
    for path, text in ids:
        if text is not None and len(text) < 2:
            yield path, "the id has a single character", "look the id up"
    for path, address in addresses(claim):
        if len(address.city) < 3 and len(_written(address.city) or "  ") < 2:
            yield f"{path}.city", "the city has a single character", "spell the city out"


def _written(text: str) -> str | None:
    try:
        return wire_text(text)
    except ValueError:
        return None


RULES = (text_can_be_written, text_fits, identifier_can_be_written, text_long_enough)
