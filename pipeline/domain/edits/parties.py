"""Where in a claim providers, addresses and other payers are: one walk for all edits that look at each of them."""

from collections.abc import Iterator, Sequence

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


def other_payers(claim: Claim) -> Sequence[tuple[str, OtherPayer]]:
    """Path and value of each other payer."""
    if claim.other_payers is None:
        return ()
    return [(f"other_payers[{index}]", payer) for index, payer in enumerate(claim.other_payers)]


def adjudications(claim: Claim) -> Sequence[tuple[str, Adjudication]]:
    """Path and value of each decision on a line; none where no other payer is named, which COB03 finds."""
    if claim.other_payers is None:
        return ()
    return [
        (f"lines[{index}].adjudications[{place}]", found)
        for index, line in enumerate(claim.lines)
        for place, found in enumerate(line.adjudications or ())
    ]


def addresses(claim: Claim) -> list[tuple[str, Address]]:
    """Path and value of each address in the claim."""
    found = homes(claim)
    if claim.ambulance is not None:
        if claim.ambulance.pick_up is not None:
            found.append(("ambulance.pick_up", claim.ambulance.pick_up))
        if claim.ambulance.drop_off is not None:
            found.append(("ambulance.drop_off.address", claim.ambulance.drop_off.address))
    return found


def homes(claim: Claim) -> list[tuple[str, Address]]:
    """Path and value of each address where somebody lives or works; the ends of a transport are not among them."""
    found = [("patient.address", claim.patient.address)]
    if claim.subscriber is not None and claim.subscriber.address is not None:
        found.append(("subscriber.address", claim.subscriber.address))
    if claim.payer.address is not None:
        found.append(("payer.address", claim.payer.address))
    if claim.facility is not None:
        found.append(("facility.address", claim.facility.address))
    for path, payer in other_payers(claim):
        if payer.insured.address is not None:
            found.append((f"{path}.insured.address", payer.insured.address))
    return found
