"""What only the 837P writes of other payers: the procedure that was judged."""

from edi.x12.sets.t837.parties import procedure_of
from edi.x12.sets.t837.rows import ClaimWriter
from edi.x12.sets.t837.write_other import write_decision_details
from edi.x12.sets.t837p.rows import row
from edi.x12.sets.t837p.values_line import LineAdjudication
from edi.x12.writer import money, number

_SVD = row("2430", "SVD")


def write_decided(out: ClaimWriter, value: LineAdjudication) -> None:
    """One payer's decision on a line."""
    bundled = "" if value.bundled_line is None else str(value.bundled_line)
    procedure = procedure_of(out, _SVD, 3, value)
    out.put(_SVD, value.payer_id, money(value.paid_cents), procedure, "", number(value.units), bundled)
    write_decision_details(out, value)
