"""Measurements: each ends with one JSON line whose names stay; claims of speed are ratios within one run."""
