"""Papers that go with a claim by another way."""

from collections.abc import Iterator

from pipeline.domain.claim import BaseClaim
from pipeline.domain.edits.codes import HELD, REPORT_TYPES, TRANSMISSIONS
from pipeline.domain.edits.rule import Facts, Found, rule

_MOST = 10


@rule("ATT01")
def attachments_known(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Attachments are at most ten, their type and the way they go are codes of the standard."""
    attachments = claim.attachments or ()
    if len(attachments) > _MOST:
        yield "attachments", "a claim has at most ten attachments", "name those that the payer asked for"
    for index, attachment in enumerate(attachments):
        if attachment.type not in REPORT_TYPES:
            yield f"attachments[{index}].type", "the type of report is unknown", "give PWK01 as the standard lists it"
        if attachment.transmission not in TRANSMISSIONS:
            yield f"attachments[{index}].transmission", "the way is unknown", "give AA, BM, EL, EM, FT or FX"


@rule("ATT02")
def attachment_can_be_found(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """An attachment that is sent has the control number that stands on it; one that is only held (AA) needs none."""
    for index, attachment in enumerate(claim.attachments or ()):
        if attachment.control_number is None and attachment.transmission != HELD:
            yield (
                f"attachments[{index}].control_number",
                "the attachment has no control number",
                "number it, and write the number on it",
            )


RULES = (attachments_known, attachment_can_be_found)
