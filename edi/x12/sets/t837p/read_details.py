"""What claims and lines read alike: transports, conditions, attachments."""

from edi.x12.sets.reading import element, optional, quantity, whole
from edi.x12.sets.t837p.values_details import AmbulanceTransport, Attachment, Condition


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


def read_condition(segment: list[str]) -> Condition:
    """CRC02 and the codes after it."""
    return Condition(applies=element(segment, 2) == "Y", codes=[code for code in segment[3:] if code])


def take_attachment(given: list[Attachment], segment: list[str]) -> bool:
    """PWK."""
    report, transmission = element(segment, 1), element(segment, 2)
    given.append(Attachment(report_type=report, transmission=transmission, control_number=optional(segment, 6)))
    return True


def take_fixed_format(given: list[str], segment: list[str]) -> bool:
    """K3."""
    given.append(element(segment, 1))
    return True
