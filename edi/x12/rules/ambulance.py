"""Ambulance transports in an 837P: certification, places, miles, modifiers, patients aboard."""

from collections.abc import Iterator

from edi.findings import Severity
from edi.x12.rules.claims import Claim, Line
from edi.x12.rules.rule import At, Facts, Found, after, rule
from edi.x12.rules.values import quantity

_ORIGINS = frozenset("DEGHIJNPRS")
_DESTINATIONS = frozenset("DEGHIJNPRX")
_GROUND_MILES, _AIR_MILES = frozenset({"A0425"}), frozenset({"A0435", "A0436"})
_MILES = _GROUND_MILES | _AIR_MILES
_TRIPS = frozenset(f"A04{number}" for number in range(25, 37))
_NOBODY_ABOARD = "A0998"


@rule("X837-AMB-CR1", 4, "I6", "A6:21")
def transport_described(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Places of service 41 and 42 need CR1 with the claim; one at a line does not stand for it."""
    if claim.by_ambulance and claim.node.first("CR1") is None:
        yield Found(
            after(claim.node, "CR1"),
            "an ambulance claim without its transport described",
            "Add CR1 with reason and miles to the claim.",
            At(claim.clm, 5, 1),
        )


@rule("X837-AMB-CRC", 4, "I6", "A6:21", severity=Severity.WARNING)
def transport_certified(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A transport says which conditions made it necessary, or were absent."""
    if claim.by_ambulance and claim.node.first("CRC", "07") is None:
        yield Found(
            after(claim.node, "CRC"),
            "an ambulance claim without certified conditions",
            "Add CRC*07 with the conditions.",
            At(claim.clm, 5, 1),
        )


@rule("X837-AMB-PICK-UP", 4, "I6", "A6:21")
def pick_up_given(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A transport begins somewhere: loop 2310E."""
    if claim.by_ambulance and not claim.node.loops("2310E"):
        yield _missing_place(claim, "2310E", "pick-up")


@rule("X837-AMB-DROP-OFF", 4, "I6", "A6:21")
def drop_off_given(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A transport ends somewhere: loop 2310F, unless nobody was carried."""
    missing = claim.by_ambulance and not claim.node.loops("2310F")
    if missing and any(line.procedure != _NOBODY_ABOARD for line in claim.lines):
        yield _missing_place(claim, "2310F", "drop-off")


def _missing_place(claim: Claim, loop: str, what: str) -> Found:
    return Found(
        At(claim.clm, lacks="NM1", loop=loop),
        f"an ambulance claim without its {what}",
        f"Add loop {loop} with street or description, city, state and ZIP.",
        At(claim.clm, 5, 1),
    )


@rule("X837-AMB-MILES", 4, severity=Severity.WARNING)
def miles_are_those_billed(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """CR106 is the sum of the mileage lines' units, where no line has a transport of its own."""
    cr1 = claim.node.first("CR1")
    billed = [line.units for line in claim.lines if line.procedure in _MILES]
    told = [one for one in billed if one is not None]
    if cr1 is None or not told or len(told) < len(billed) or quantity(cr1[6]) == sum(told):
        return
    if not any(line.node.first("CR1") for line in claim.lines):
        yield Found(At(cr1, 6), "miles differ from the units of the mileage lines", "Bill the miles that were driven.")


@rule("X837-AMB-PLACE", 4, status="A7:249", severity=Severity.WARNING)
def trip_is_billed_from_an_ambulance(line: Line, _facts: Facts) -> Iterator[Found]:
    """Base rates and miles have place of service 41 or 42."""
    if line.procedure in _TRIPS and not line.claim.by_ambulance and line.sv1 is not None:
        yield Found(
            At(line.sv1, 1, 2), "a trip whose place of service is no ambulance", "Give 41 or 42.",
            At(line.claim.clm, 5, 1),
        )  # fmt: skip


@rule("X837-AMB-MODIFIER", 4, "I12", "A7:453", severity=Severity.WARNING)
def origin_and_destination_told(line: Line, _facts: Facts) -> Iterator[Found]:
    """The first modifier of base rates and miles is origin and destination; X is no origin, S no destination."""
    if line.procedure not in _TRIPS or line.sv1 is None:
        return
    pair = line.sv1.part(1, 3)
    if len(pair) != 2 or pair[0] not in _ORIGINS or pair[1] not in _DESTINATIONS:
        yield Found(
            At(line.sv1, 1, 3),
            "the first modifier is not origin and destination",
            "Give the letters of where the trip began and ended.",
        )


@rule("X837-AMB-PATIENTS", 4, severity=Severity.WARNING)
def several_patients_told_twice(line: Line, _facts: Facts) -> Iterator[Found]:
    """More than one patient aboard: QTY*PT says how many, modifier GM says so on the line."""
    count = line.node.first("QTY", "PT")
    several = count is not None and (quantity(count[2]) or 0) > 1
    if several == ("GM" in line.modifiers) or line.sv1 is None:
        return
    where = At(count, 2) if several and count is not None else At(line.sv1, 1)
    yield Found(where, "modifier GM and QTY*PT do not both say that there were several patients", "Give both or none.")


CLAIM = (transport_described, transport_certified, pick_up_given, drop_off_given, miles_are_those_billed)
LINE = (trip_is_billed_from_an_ambulance, origin_and_destination_told, several_patients_told_twice)
