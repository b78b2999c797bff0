"""997 functional acknowledgment, 4010 and 5010: read into the values of the 999, whose older form it is. Not written."""

from edi.x12.sets.t999.codec import read_set
from edi.x12.sets.t999.values import Acknowledgment, ElementError, SegmentError, SetAcknowledgment

__all__ = ["Acknowledgment", "ElementError", "SegmentError", "SetAcknowledgment", "read_set"]
