"""999 implementation acknowledgment, guide 005010X231A1: values, writer and reader."""

from edi.x12.sets.acknowledgment import Acknowledgment, ElementError, SegmentError, SetAcknowledgment

__all__ = ["Acknowledgment", "ElementError", "SegmentError", "SetAcknowledgment"]
