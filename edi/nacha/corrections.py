"""What a notification of change corrects: the columns inside its field of corrected data, by change code, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edi.nacha import codes

_WIDTH = 29
_ANY_ROUTING = "000000000"
_FORWARD = {str(code): code for code in codes.LIVE | codes.PRENOTE | codes.ZERO_DOLLAR}
_COLUMNS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "C01": {"account": (1, 17)},
    "C02": {"routing_number": (1, 9)},
    "C03": {"routing_number": (1, 9), "account": (13, 29)},
    "C04": {"name": (1, 22)},
    "C05": {"transaction_code": (1, 2)},
    "C06": {"account": (1, 17), "transaction_code": (21, 22)},
    "C07": {"routing_number": (1, 9), "account": (10, 26), "transaction_code": (27, 28)},
    "C08": {"foreign_bank": (1, 29)},
    "C09": {"individual_id": (1, 22)},
    "C13": {},
    "C14": {"entry_class": (1, 3)},
}
"""Change code -> part -> first and last column inside the field, 1-based."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The parts that a notification corrects; the others are None. Each is as it has to be from now on."""

    account: str | None = None
    routing_number: str | None = None
    transaction_code: int | None = None
    name: str | None = None
    individual_id: str | None = None
    foreign_bank: str | None = None
    entry_class: str | None = None


def read_correction(change_code: str, corrected: str) -> Correction | None:
    """The parts of corrected data (columns 36-64); None where a part is blank or cannot be what it has to be.

    None wants a person: an unknown code, a routing number with a wrong check digit, a code that is no transaction code.
    """
    columns = _COLUMNS.get(change_code)
    if columns is None:
        return None
    text = corrected.ljust(_WIDTH)
    parts: dict[str, Any] = {name: text[first - 1 : last].strip(" ") for name, (first, last) in columns.items()}
    if not all(parts.values()) or not codes.is_routing_number(parts.get("routing_number", _ANY_ROUTING)):
        return None
    if "transaction_code" in parts:
        parts["transaction_code"] = _FORWARD.get(parts["transaction_code"])
        if parts["transaction_code"] is None:
            return None
    return Correction(**parts)


def corrected_data(change_code: str, correction: Correction) -> str:
    """The corrected data for a notification. Raises ValueError for parts that are missing, too long or not of this code."""
    columns = _COLUMNS.get(change_code)
    if columns is None:
        raise ValueError("no corrected data is defined for this change code")
    given = {name for name in Correction.__dataclass_fields__ if getattr(correction, name) is not None}
    if given != set(columns):
        raise ValueError(f"{change_code} corrects {', '.join(columns) or 'nothing'}: give these and no others")
    text = " " * _WIDTH
    for name, (first, last) in columns.items():
        value = str(getattr(correction, name))
        if len(value) > last - first + 1:
            raise ValueError(f"{name.replace('_', ' ')} has at most {last - first + 1} characters")
        text = text[: first - 1] + value.ljust(last - first + 1) + text[last:]
    return text.rstrip(" ")
