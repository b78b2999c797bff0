"""Loop 2410 as segments: a line's drug."""

from decimal import Decimal
from typing import Protocol

from edi.x12.sets.t837.rows import ClaimWriter
from edi.x12.writer import maybe_number


class _Drug(Protocol):
    ndc: str | None
    ndc_units: Decimal | None
    ndc_unit: str | None
    prescription_number: str | None
    prescription_kind: str


def write_drug(out: ClaimWriter, line: _Drug, qualifier: str = "N4") -> None:
    """LIN, CTP and REF, where the line has a drug code."""
    if line.ndc:
        out.put(out.row("2410", "LIN"), "", qualifier, line.ndc)
        out.put(out.row("2410", "CTP"), "", "", "", maybe_number(line.ndc_units), line.ndc_unit or "")
        if line.prescription_number:
            out.put(out.row("2410", "REF"), line.prescription_kind, line.prescription_number)
    elif line.ndc_units is not None or line.ndc_unit or line.prescription_number:
        raise out.refuse(out.row("2410", "LIN"), 3, "a drug's quantity or prescription needs its drug code")
