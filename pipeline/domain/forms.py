"""The two forms of a claim: professional (837P) and institutional (837I)."""

from enum import StrEnum

from pipeline.domain.claim import Claim
from pipeline.domain.institutional_claim import InstitutionalClaim

AnyClaim = Claim | InstitutionalClaim


class Form(StrEnum):
    """Which of the two a claim is, as `claim.form` has it."""

    PROFESSIONAL = "P"
    INSTITUTIONAL = "I"


KINDS = {Form.PROFESSIONAL: "837P", Form.INSTITUTIONAL: "837I"}
"""The kind of file in which claims of a form go out."""
CLAIM_KINDS = ("837P", "837I")

_INSTITUTIONAL = b'{"form":"institutional"'
"""How every stored document begins that is one: its form is its first field."""


def form_of(claim: AnyClaim) -> Form:
    return Form.INSTITUTIONAL if isinstance(claim, InstitutionalClaim) else Form.PROFESSIONAL


def stored_claim(document: bytes) -> AnyClaim:
    """The claim of a stored document, which is canonical JSON. ValidationError for what is none any more."""
    model = InstitutionalClaim if document.startswith(_INSTITUTIONAL) else Claim
    return model.model_validate_json(document)
