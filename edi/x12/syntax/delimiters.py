"""The four separators an interchange declares for itself in its ISA."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delimiters:
    """Separators as single characters: byte 4, ISA16, ISA11 and byte 106 of the interchange header."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"

    def __post_init__(self) -> None:
        every = self.all
        if any(len(one) != 1 or ord(one) > 255 for one in every):
            raise ValueError("a delimiter is one single-byte character")
        if len(set(every)) != 4:
            raise ValueError("the four delimiters must differ")
        if any(one.isalnum() or one == " " for one in every):
            raise ValueError("a delimiter is neither letter, digit nor space")

    @property
    def all(self) -> tuple[str, str, str, str]:
        return self.element, self.component, self.repetition, self.segment


DEFAULT = Delimiters()
