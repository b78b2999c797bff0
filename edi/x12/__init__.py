"""X12 005010: syntax as tables, meaning as named functions."""
