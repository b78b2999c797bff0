"""What is wrong with a set, by its table (structure) and by the rules of its guide (meaning)."""
