"""What claims and lines write alike: attachments, fixed formats."""

from edi.x12.sets.t837.values_details import Attachment
from edi.x12.writer import Row, SetWriter


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
