"""Layout of the sets: loops, segments, elements, usage, repeats and small code sets, as literals."""
