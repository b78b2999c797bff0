"""Rules of meaning: what a guide says in prose, a named function each, over the tree of a set."""
