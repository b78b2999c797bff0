"""Rules that are data: dated tables that change without a new version of the program."""
