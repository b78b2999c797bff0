"""Which inquiry a status response answers: by the numbers of the 276 (TRN*1) that the 277 gives back (TRN*2)."""

from dataclasses import dataclass, field

from edi.findings import Finding, Place, Severity
from edi.x12.sets import t276
from edi.x12.sets.t277.values import ClaimStatus, StatusResponse


@dataclass(slots=True, kw_only=True)
class Echo:
    """``pairs`` is what was asked with what was answered, in the order of the response: an inquiry may find several
    claims. ``findings`` is what is left over.
    """

    pairs: list[tuple[t276.ClaimRequest, ClaimStatus]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def echo(request: t276.StatusRequest, response: StatusResponse) -> Echo:
    """The pairs.

    X277-NOT-ASKED (error): a claim that was not asked about; its status may not be used by number of inquiry.
    X277-UNANSWERED (warning): an inquiry without an answer, while nothing is refused as a whole.
    """
    found = Echo()
    asked = {one.trace: one for one in request.claims}
    for status in response.claims:
        if status.trace in asked:
            found.pairs.append((asked[status.trace], status))
        else:
            found.findings.append(_not_asked(status, response))
    answered = {status.trace for _, status in found.pairs}
    if not any(response.refusals):
        found.findings += [_unanswered(one) for trace, one in asked.items() if trace not in answered]
    return found


def _not_asked(status: ClaimStatus, response: StatusResponse) -> Finding:
    place = response.raw.place(status.segment_number) if response.raw and status.segment_number else Place()
    return Finding(
        severity=Severity.ERROR,
        code="X277-NOT-ASKED",
        message="a claim that was not asked about: its number is none of the request's",
        cure="Match it by the claim's own numbers, or ask the payer whose it is.",
        place=place,
        snip=4,
    )


def _unanswered(one: t276.ClaimRequest) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code="X277-UNANSWERED",
        message="a claim that was asked about is not answered for",
        cure="Ask again.",
        place=Place(segment_number=one.segment_number or None, segment="TRN"),
        snip=4,
    )
