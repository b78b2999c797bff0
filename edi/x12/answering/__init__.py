"""Acknowledgments: our own TA1 and 999 made of findings, and what others' say of what we sent."""
