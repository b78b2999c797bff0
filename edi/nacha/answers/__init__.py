"""Banks' answers to ACH files, each form read by an adapter of its own into one typed result."""
