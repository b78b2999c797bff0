"""The physician's certification of a transport that was no emergency: whether there is one, and whether it is in time.

The regulation is 42 CFR 410.40 (e); docs/decisions/0017-certification-of-transports.md says what of it stops a claim.
"""

from collections.abc import Iterator
from datetime import timedelta

from pipeline.domain.ambulance import Certification
from pipeline.domain.claim import Claim
from pipeline.domain.edits.codes import CERTIFIERS, NON_EMERGENCY_BASE, PHYSICIAN
from pipeline.domain.edits.rule import Facts, Found, rule

_NONE = timedelta(0)
_SERIES_VALID = timedelta(days=60)
_AFTERWARDS = timedelta(days=2)
_ATTEMPTS = timedelta(days=21)
_PLACE = "ambulance.certification"


def _certification(claim: Claim) -> Certification | None:
    return claim.ambulance.certification if claim.ambulance is not None else None


@rule("AMB10")
def need_certified(claim: Claim, facts: Facts) -> Iterator[Found]:
    """A non-emergency transport of a Medicare patient has its physician certification: signed, or asked for in vain."""
    wanted = facts.rules.certification_required and any(line.procedure in NON_EMERGENCY_BASE for line in claim.lines)
    if claim.ambulance is None or not wanted:
        return
    found = claim.ambulance.certification
    if found is None:
        yield _PLACE, "a non-emergency transport without its physician certification", "add the certification block"
    elif found.signed_date is None and found.requested_date is None and not found.no_physician:
        yield (
            f"{_PLACE}.signed_date",
            "the certification is neither signed nor was it asked for",
            "give signed_date, requested_date, or no_physician",
        )


@rule("AMB21", "warning")
def certification_in_time(claim: Claim, facts: Facts) -> Iterator[Found]:
    """A series is certified by a physician in the 60 days before, another transport by the second day after; unsigned, 21 days have passed."""
    found = _certification(claim)
    if found is None or (first := claim.service_from) is None:
        return
    signed, physician = found.signed_date, found.signer == PHYSICIAN
    if found.repetitive and not (signed and physician and _NONE <= first - signed <= _SERIES_VALID):
        yield (
            f"{_PLACE}.signed_date",
            "a scheduled series without a physician's signature of the 60 days before",
            "have a physician certify the series anew",
        )
    if not found.repetitive and signed is not None and physician and signed - first > _AFTERWARDS:
        yield f"{_PLACE}.signed_date", "the physician has signed later than 48 hours after", "keep proof of the delay"
    if signed is None and found.requested_date is not None and facts.today - first < _ATTEMPTS:
        yield f"{_PLACE}.requested_date", "unsigned, and 21 days have not passed", "wait for the signature until then"


@rule("AMB22")
def signer_named(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A signed certification says who has signed, by his kind."""
    found = _certification(claim)
    if found is None:
        return
    if (found.signer is None) != (found.signed_date is None):
        yield f"{_PLACE}.signer", "signer and date of the signature go together", "give both or neither"
    if found.signer not in {None, *CERTIFIERS}:
        yield (
            f"{_PLACE}.signer",
            "the signer is of no kind that may certify",
            "give physician, or as docs/claim.md says",
        )
