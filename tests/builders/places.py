"""Where things lie that tests read."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
SAMPLES = ROOT.parent / "shared" / "samples"
"""Files from outside, beside the checkout; tests that read them skip where they are absent."""
