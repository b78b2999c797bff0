"""Between our values and the formats' values: the only rooms that know both."""
