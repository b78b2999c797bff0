"""A claim's lines as they went out: what a decision's lines are compared with."""

from pipeline.domain.claim import Claim
from pipeline.domain.line_matching import OurLine
from pipeline.mapping.claim_to_837p import line_control_number


def our_lines(clm01: str, claim: Claim) -> list[OurLine]:
    """The lines in the claim's order, each with the number that its payer sends back (REF*6R)."""
    return [
        OurLine(
            number=number,
            control_number=line_control_number(clm01, number),
            procedure=line.procedure,
            modifiers=tuple(line.modifiers),
            charge_cents=line.charge_cents,
            units=line.units,
            service_date=line.service_date,
            service_date_to=line.service_date_to,
        )
        for number, line in enumerate(claim.lines, start=1)
    ]
