"""One module a transaction set: its table, its typed values, its reader and writer."""
