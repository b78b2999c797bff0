"""What every part of an 837 is made of: free text and addresses, as `wire_text` writes them."""

from edi.x12.sets import t837p
from pipeline.domain.people import Address
from pipeline.domain.wire_text import wire_text


def text(given: str | None) -> str | None:
    """Free text as it goes into the 837; None stays None. ValueError, without the text, if something would be lost."""
    return None if given is None else wire_text(given)


def address(given: Address) -> t837p.Address:
    """N3 and N4."""
    return t837p.Address(
        line1=wire_text(given.line1),
        line2=text(given.line2),
        city=wire_text(given.city),
        state=given.state,
        zip=given.zip,
    )
