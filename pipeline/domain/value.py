"""The base of the values that come in as JSON: frozen, closed, strict, and silent about what they hold.

`At` puts a field's place in the 837 beside the field, so that the guide in docs/claim.md is made from the model.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, GetCoreSchemaHandler, StringConstraints


@dataclass(frozen=True, slots=True)
class At:
    """Where a field stands in the 837P (loop and element) and what it means."""

    place: str
    about: str

    def __get_pydantic_json_schema__(
        self, core_schema: Any, handler: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        return {**handler(core_schema), "description": self.about, "x12": self.place}


class Value(BaseModel):
    """Frozen, no unknown fields, no coercion (JSON true is no number, 1.0 no cents).

    Its repr shows the class alone and its validation errors no input, as nearly every field is about a person.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    DOCUMENT_ORDER: ClassVar[str] = ""
    """The fields in the order in which they are written; empty for that of their declaration, a base's first."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> Any:
        """The order is laid down once, as the class is made: reading and writing follow it at no cost."""
        schema: Any = handler(source)
        if cls.DOCUMENT_ORDER:
            inner = schema["schema"]["schema"] if schema["type"] == "definitions" else schema["schema"]
            inner["fields"] = {name: inner["fields"][name] for name in cls.DOCUMENT_ORDER.split()}
        return schema

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __str__(self) -> str:
        return repr(self)


def _shortest(number: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent, so that 8.70 and 8.7 are one content."""
    sign, digits, exponent = number.as_tuple()
    return _shortest_of((sign, digits, int(exponent)))


@lru_cache(maxsize=4096)
def _shortest_of(exact: tuple[int, tuple[int, ...], int]) -> Decimal:
    number = Decimal(exact)
    digits = number.as_tuple().digits
    if len(digits) > 15 or number.adjusted() > 9 or number.adjusted() < -6:
        raise ValueError("more digits than any quantity has")
    shortest = number.normalize()
    return shortest.quantize(Decimal(1)) if shortest.adjusted() + 1 > len(shortest.as_tuple().digits) else shortest


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
"""Text with something in it; surrounding blanks are dropped. A blank is to be left out, not sent as ""."""

Codes = tuple[Text, ...]

Clock = Annotated[str, StringConstraints(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of day, "HH:MM"."""

Quantity = Annotated[Decimal, AfterValidator(_shortest)]
"""A decimal, from a JSON number or a string ("8.7")."""
