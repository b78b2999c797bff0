"""999 implementation acknowledgment, guide 005010X231A1: values, writer and reader."""

from edi.x12.sets.acknowledgment import Acknowledgment, ElementError, SegmentError, SetAcknowledgment
from edi.x12.sets.t999_codec import VERSION, read_set, write_set

__all__ = ["VERSION", "Acknowledgment", "ElementError", "SegmentError", "SetAcknowledgment", "read_set", "write_set"]
