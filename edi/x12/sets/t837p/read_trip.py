"""What claims and lines of the 837P read alike of an ambulance's trip."""

from edi.x12.sets.reading import element, optional, quantity, whole
from edi.x12.sets.shared import Address
from edi.x12.sets.t837.cursor import Cursor
from edi.x12.sets.t837.read_party import PLACE, meet_place
from edi.x12.sets.t837p.values_details import AmbulanceTransport, DropOff


def read_transport(segment: list[str]) -> AmbulanceTransport:
    """CR1; ValueError where weight or miles cannot be read."""
    weight = element(segment, 2)
    return AmbulanceTransport(
        weight_lb=whole(weight) if weight else None,
        reason=element(segment, 4),
        miles=quantity(element(segment, 6)),
        round_trip_purpose=optional(segment, 9),
        stretcher_purpose=optional(segment, 10),
    )


def meet_trip_end(cursor: Cursor, owner: object, segment: list[str]) -> bool:
    """Where a trip of the claim or line began (PW) or ended (45)."""
    address = Address(line1="", city="")
    if element(segment, 1) == "PW":
        return meet_place(cursor, owner, "pick_up", address, PLACE, address)
    place = DropOff(name=optional(segment, 3), address=address)
    return meet_place(cursor, owner, "drop_off", place, PLACE, address)
