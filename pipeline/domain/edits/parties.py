"""Where in a claim providers, addresses and other payers are: one walk for all edits that look at each of them."""

from collections.abc import Iterator

from pipeline.domain.ambulance import Ambulance
from pipeline.domain.claim import Claim, Provider
from pipeline.domain.coordination import Adjudication, OtherPayer
from pipeline.domain.people import Address


def providers(claim: Claim) -> Iterator[tuple[str, Provider]]:
    """Path and value of each provider that took part; the billing provider is not among them."""
    for name, provider in (
        ("referring", claim.referring),
        ("rendering", claim.rendering),
        ("supervising", claim.supervising),
    ):
        if provider is not None:
            yield name, provider
    for index, line in enumerate(claim.lines):
        if line.rendering is not None:
            yield f"lines[{index}].rendering", line.rendering


def other_payers(claim: Claim) -> Iterator[tuple[str, OtherPayer]]:
    """Path and value of each other payer."""
    for index, payer in enumerate(claim.other_payers or ()):
        yield f"other_payers[{index}]", payer


def adjudications(claim: Claim) -> Iterator[tuple[str, Adjudication]]:
    """Path and value of each decision of another payer on a line."""
    for index, line in enumerate(claim.lines):
        for place, found in enumerate(line.adjudications or ()):
            yield f"lines[{index}].adjudications[{place}]", found


def addresses(claim: Claim) -> Iterator[tuple[str, Address]]:
    """Path and value of each address in the claim."""
    yield from homes(claim)
    if claim.ambulance is not None:
        yield from ends(claim.ambulance)


def homes(claim: Claim) -> Iterator[tuple[str, Address]]:
    """Path and value of each address where somebody lives or works."""
    yield "patient.address", claim.patient.address
    if claim.subscriber is not None and claim.subscriber.address is not None:
        yield "subscriber.address", claim.subscriber.address
    if claim.payer.address is not None:
        yield "payer.address", claim.payer.address
    if claim.facility is not None:
        yield "facility.address", claim.facility.address
    for path, payer in other_payers(claim):
        if payer.insured.address is not None:
            yield f"{path}.insured.address", payer.insured.address


def ends(transport: Ambulance) -> Iterator[tuple[str, Address]]:
    """Path and value of each end of a transport that is given."""
    if transport.pick_up is not None:
        yield "ambulance.pick_up", transport.pick_up
    if transport.drop_off is not None:
        yield "ambulance.drop_off.address", transport.drop_off.address
