"""999 implementation acknowledgment, guide 005010X231A1: values, writer and reader."""

from edi.x12.sets.t999.codec import VERSION, read_set, write_set
from edi.x12.sets.t999.values import Acknowledgment, ElementError, SegmentError, SetAcknowledgment

__all__ = ["VERSION", "Acknowledgment", "ElementError", "SegmentError", "SetAcknowledgment", "read_set", "write_set"]
