"""Where in a claim the providers and addresses are: one walk for all edits that look at each of them."""

from collections.abc import Iterator

from pipeline.domain.claim import Address, Claim, Provider


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


def addresses(claim: Claim) -> Iterator[tuple[str, Address]]:
    """Path and value of each address in the claim."""
    yield "patient.address", claim.patient.address
    if claim.subscriber is not None and claim.subscriber.address is not None:
        yield "subscriber.address", claim.subscriber.address
    if claim.payer.address is not None:
        yield "payer.address", claim.payer.address
    if claim.facility is not None:
        yield "facility.address", claim.facility.address
    if claim.ambulance is not None:
        if claim.ambulance.pick_up is not None:
            yield "ambulance.pick_up", claim.ambulance.pick_up
        if claim.ambulance.drop_off is not None:
            yield "ambulance.drop_off.address", claim.ambulance.drop_off.address
