"""Where in a claim providers, addresses and other payers are: one walk for all edits that look at each of them."""

from collections.abc import Iterator, Sequence

from pipeline.domain.ambulance import Ambulance
from pipeline.domain.claim import BaseClaim, Claim, Provider
from pipeline.domain.coordination import BaseAdjudication, OtherPayer
from pipeline.domain.institutional_claim import InstitutionalClaim, Procedure
from pipeline.domain.people import Address


def providers(claim: BaseClaim) -> Iterator[tuple[str, Provider]]:
    """Path and value of each provider that took part; the billing provider is not among them."""
    for name in claim.PROVIDERS:
        if (provider := getattr(claim, name)) is not None:
            yield name, provider
    for index, line in enumerate(claim.lines):
        for name in line.PROVIDERS:
            if (provider := getattr(line, name)) is not None:
                yield f"lines[{index}].{name}", provider


def procedures(claim: InstitutionalClaim) -> list[tuple[str, Procedure]]:
    """Path and value of each procedure of a stay, the principal one first."""
    found = [] if claim.principal_procedure is None else [("principal_procedure", claim.principal_procedure)]
    return found + [(f"other_procedures[{index}]", one) for index, one in enumerate(claim.other_procedures)]


def transport(claim: BaseClaim) -> Ambulance | None:
    """The transport that a claim describes; only a professional one can."""
    return claim.ambulance if type(claim) is Claim else None


def other_payers(claim: BaseClaim) -> Sequence[tuple[str, OtherPayer]]:
    """Path and value of each other payer."""
    if claim.other_payers is None:
        return ()
    return [(f"other_payers[{index}]", payer) for index, payer in enumerate(claim.other_payers)]


def adjudications(claim: BaseClaim) -> Sequence[tuple[str, BaseAdjudication]]:
    """Path and value of each decision on a line; none where no other payer is named, which COB03 finds."""
    if claim.other_payers is None:
        return ()
    return [
        (f"lines[{index}].adjudications[{place}]", found)
        for index, line in enumerate(claim.lines)
        for place, found in enumerate(line.adjudications or ())
    ]


def addresses(claim: BaseClaim) -> list[tuple[str, Address]]:
    """Path and value of each address in the claim."""
    found = homes(claim)
    ambulance = transport(claim)
    if ambulance is not None:
        if ambulance.pick_up is not None:
            found.append(("ambulance.pick_up", ambulance.pick_up))
        if ambulance.drop_off is not None:
            found.append(("ambulance.drop_off.address", ambulance.drop_off.address))
    return found


def homes(claim: BaseClaim) -> list[tuple[str, Address]]:
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
