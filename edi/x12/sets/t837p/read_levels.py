"""What only the 837P has in its hierarchical levels: death, weight and pregnancy, contacts of patients, further numbers."""

from edi.x12.sets.reading import day, element, quantity
from edi.x12.sets.t837 import read_levels as common
from edi.x12.sets.t837.cursor import Cursor, Steps
from edi.x12.sets.t837.read_levels import take_relationship, take_tax_id
from edi.x12.sets.t837.read_party import take_contact, take_reference


def _pat(cursor: Cursor, segment: list[str]) -> bool:
    person = cursor.patient or cursor.subscriber
    if person is None:
        return False
    take_relationship(cursor, segment)
    if len(segment) > 5:
        died, weight = element(segment, 6), element(segment, 8)
        person.death_date = day(died) if died else None
        person.weight_lb = quantity(weight) if weight else None
        person.pregnant = element(segment, 9) == "Y"
    return True


def _billing_ref(cursor: Cursor, segment: list[str]) -> bool:
    return take_tax_id(cursor, segment) or take_reference(cursor, segment)


LEVELS: Steps = {**common.LEVELS, "PAT": _pat}
BILLING: Steps = {**common.BILLING, "REF": _billing_ref}
SUBSCRIBER: Steps = {**common.SUBSCRIBER, "PER": take_contact}
PATIENT: Steps = {**common.PATIENT, "PER": take_contact}
