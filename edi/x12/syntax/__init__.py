"""Bytes to segments and back: delimiters, headers, counts and control numbers. No meaning of any set."""
