"""What a set writer hands back."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSet:
    """A whole transaction set, ST to SE.

    ``data`` are its bytes, ``segment_count`` is SE01. ``ranges`` gives, by patient control number (CLM01, CLP01 or
    the 277CA's TRN02), the first and last segment number that belong to that claim; ST is number 1. With it, a
    position in an acknowledgment (IK302) leads back to a claim.
    """

    data: bytes
    segment_count: int
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
