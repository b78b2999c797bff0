"""Rows that several sets share."""

from edi.x12.schema import S

N3 = S("N3", "R", 1, "R 166", "S 166")
N3_S = S("N3", "S", 1, "R 166", "S 166")
N4 = S("N4", "R", 1, "R 19", "S 156", "S 116", "S 26", "N", "N", "S 1715", notes="E0207 C0704")
N4_S = S("N4", "S", 1, "R 19", "S 156", "S 116", "S 26", "N", "N", "S 1715", notes="E0207 C0704")
