"""A claim's lines as they went out: what a decision's lines are compared with."""

from pipeline.domain.forms import AnyClaim
from pipeline.domain.line_matching import OurLine
from pipeline.mapping.claim_to_837p import line_control_number


def our_lines(clm01: str, claim: AnyClaim) -> list[OurLine]:
    """The lines in the claim's order, each with the number that its payer sends back (REF*6R); none without a day of service."""
    first, last = claim.service_from, claim.service_to
    if first is None:
        return []
    return [
        OurLine(
            number=number,
            control_number=line_control_number(clm01, number),
            procedure=line.billed_code,
            modifiers=tuple(line.modifiers),
            charge_cents=line.charge_cents,
            units=line.units,
            service_date=line.service_date or first,
            service_date_to=line.service_date_to if line.service_date else last,
            revenue_code=getattr(line, "revenue_code", None),
        )
        for number, line in enumerate(claim.lines, start=1)
    ]
