"""What has to be given, whatever the record: blank and nothing but zeros both count as absent to the operator."""

from collections.abc import Iterator

from edi.findings import Finding
from edi.nacha.rows import Row, error


def is_empty(value: object) -> bool:
    """Blank, or nothing but zeros."""
    return isinstance(value, str) and not value.strip(" 0")


def required(row: Row, *names: str) -> Iterator[Finding]:
    for name in names:
        if name in row.values and (row[name] is None or is_empty(row[name])):
            label = name.replace("_", " ")
            yield error(
                "ACH-REQUIRED", f"{row.table.name}: {label} is blank or zero", f"give the {label}", row.place(name)
            )
