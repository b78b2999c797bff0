"""What claims and lines read alike: conditions, attachments, fixed formats."""

from edi.x12.sets.reading import element, optional
from edi.x12.sets.t837.values_details import Attachment, Condition


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
