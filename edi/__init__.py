"""Codecs: bytes to typed values and back. No clock, counters, settings, database or I/O."""
