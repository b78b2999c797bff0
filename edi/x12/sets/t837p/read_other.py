"""What only the 837P tells of other payers: a signature, the procedure that was judged."""

from edi.x12.sets.reading import cents, element, optional, quantity, whole
from edi.x12.sets.t837.cursor import Cursor
from edi.x12.sets.t837.read_other import meet_decision, take_release
from edi.x12.sets.t837p.values_claim import OtherPayer
from edi.x12.sets.t837p.values_line import LineAdjudication


def take_signature(cursor: Cursor, segment: list[str]) -> bool:
    """OI with the code of a signature."""
    other = cursor.other
    assert isinstance(other, OtherPayer)
    other.patient_signature_code = optional(segment, 4)
    return take_release(cursor, segment)


def open_decided(cursor: Cursor, segment: list[str]) -> bool:
    """SVD: a payer's decision on the line."""
    if cursor.line is None:
        return False
    procedure = [*element(segment, 3).split(cursor.component), *[""] * 7]
    bundled = element(segment, 6)
    decided = LineAdjudication(
        payer_id=element(segment, 1),
        paid_cents=cents(element(segment, 2)),
        procedure_qualifier=procedure[0],
        procedure=procedure[1],
        modifiers=[one for one in procedure[2:6] if one],
        description=procedure[6] or None,
        units=quantity(element(segment, 5)),
        bundled_line=whole(bundled) if bundled else None,
        adjudication_date=None,
    )
    meet_decision(cursor, decided)
    return True
