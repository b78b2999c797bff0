"""What claims and lines write alike: transports, conditions, attachments, the ends of a trip."""

from edi.x12.sets.shared import Address
from edi.x12.sets.t837p.parties import write_address, write_condition
from edi.x12.sets.t837p.rows import row
from edi.x12.sets.t837p.values_details import AmbulanceTransport, Attachment, Condition
from edi.x12.sets.t837p.values_parties import DropOff
from edi.x12.writer import Row, SetWriter, number


def write_transport(out: SetWriter, where: Row, value: AmbulanceTransport) -> None:
    """CR1."""
    weight = ("", "") if value.weight_lb is None else ("LB", str(value.weight_lb))
    purposes = (value.round_trip_purpose or "", value.stretcher_purpose or "")
    out.put(where, *weight, "", value.reason, "DH", number(value.miles), "", "", *purposes)


def write_conditions(out: SetWriter, where: Row, values: list[Condition]) -> None:
    """CRC*07, as many as the guide has."""
    out.allow(where, len(values))
    for value in values:
        write_condition(out, where, "07", value)


def write_attachments(out: SetWriter, where: Row, values: list[Attachment]) -> None:
    """PWK, as many as the guide has."""
    out.allow(where, len(values))
    for value in values:
        number_ = ("", "", "AC", value.control_number) if value.control_number else ()
        out.put(where, value.report_type, value.transmission, *number_)


def write_fixed_format(out: SetWriter, where: Row, values: list[str]) -> None:
    """K3, as many as the guide has."""
    out.allow(where, len(values))
    for value in values:
        out.put(where, value)


def write_trip(out: SetWriter, loops: tuple[str, str], pick_up: Address | None, drop_off: DropOff | None) -> None:
    """Where an ambulance picked the patient up and where it brought him: the two loops of a claim or a line."""
    if pick_up:
        out.put(row(loops[0], "NM1"), "PW", "2")
        write_address(out, loops[0], pick_up)
    if drop_off:
        out.put(row(loops[1], "NM1"), "45", "2", drop_off.name or "")
        write_address(out, loops[1], drop_off.address)
