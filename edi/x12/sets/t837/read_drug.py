"""Loop 2410 after its LIN: quantity and prescription of a line's drug."""

from edi.x12.sets.reading import element, optional, quantity
from edi.x12.sets.t837.cursor import NOBODY, Cursor, Steps


def _ctp(cursor: Cursor, segment: list[str]) -> bool:
    line = cursor.line
    line.ndc_units = quantity(element(segment, 4))
    line.ndc_unit = element(segment, 5).split(cursor.component)[0] or None
    return True


def _ref(cursor: Cursor, segment: list[str]) -> bool:
    line = cursor.line
    if line.prescription_number is not None:
        return False
    line.prescription_kind, line.prescription_number = element(segment, 1), optional(segment, 2)
    return True


DRUG: Steps = {**NOBODY, "CTP": _ctp, "REF": _ref}
