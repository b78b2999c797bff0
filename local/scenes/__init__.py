"""Scenes of the demonstration: what goes wrong outside, what people are told, and how it ends."""
