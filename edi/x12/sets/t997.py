"""997 functional acknowledgment, 4010 and 5010: read into the values of the 999, whose older form it is. Not written."""

from edi.x12.sets.acknowledgment import Acknowledgment, ElementError, SegmentError, SetAcknowledgment
from edi.x12.sets.t999_codec import read_set

__all__ = ["Acknowledgment", "ElementError", "SegmentError", "SetAcknowledgment", "read_set"]
