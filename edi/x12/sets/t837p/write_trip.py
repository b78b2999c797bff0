"""What claims and lines of the 837P write alike of an ambulance's trip."""

from edi.x12.sets.shared import Address
from edi.x12.sets.t837.parties import write_address, write_condition
from edi.x12.sets.t837.rows import ClaimWriter
from edi.x12.sets.t837.values_details import Condition
from edi.x12.sets.t837p.rows import row
from edi.x12.sets.t837p.values_details import AmbulanceTransport, DropOff
from edi.x12.writer import Row, number


def write_transport(out: ClaimWriter, where: Row, value: AmbulanceTransport) -> None:
    """CR1."""
    weight = ("", "") if value.weight_lb is None else ("LB", str(value.weight_lb))
    purposes = (value.round_trip_purpose or "", value.stretcher_purpose or "")
    out.put(where, *weight, "", value.reason, "DH", number(value.miles), "", "", *purposes)


def write_conditions(out: ClaimWriter, where: Row, values: list[Condition]) -> None:
    """CRC*07, as many as the guide has."""
    out.allow(where, len(values))
    for value in values:
        write_condition(out, where, "07", value)


def write_trip(out: ClaimWriter, loops: tuple[str, str], pick_up: Address | None, drop_off: DropOff | None) -> None:
    """Where an ambulance picked the patient up and where it brought him: the two loops of a claim or a line."""
    if pick_up:
        out.put(row(loops[0], "NM1"), "PW", "2")
        write_address(out, loops[0], pick_up)
    if drop_off:
        out.put(row(loops[1], "NM1"), "45", "2", drop_off.name or "")
        write_address(out, loops[1], drop_off.address)
