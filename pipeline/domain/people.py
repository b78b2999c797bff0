"""What everybody in a claim has: a name, and a place where he can be found."""

from typing import Annotated

from pipeline.domain.value import At, Text, Value


class Address(Value):
    """A place in the United States."""

    line1: Annotated[Text, At("N301", "Street, or a description such as a road and mile marker")]
    line2: Annotated[Text | None, At("N302", "Second line")] = None
    city: Annotated[Text, At("N401", "City")]
    state: Annotated[Text, At("N402", "Two-letter state")]
    zip: Annotated[Text, At("N403", "ZIP code, five or nine digits without hyphen")]


class Person(Value):
    """A person's name."""

    last_name: Annotated[Text, At("NM103", "Last name")]
    first_name: Annotated[Text, At("NM104", "First name")]
    middle_name: Annotated[Text | None, At("NM105", "Middle name or initial")] = None
    suffix: Annotated[Text | None, At("NM107", "Generation, such as JR")] = None
