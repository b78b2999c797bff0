"""The builders of invented values, handed to tests by name."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import x12_answers
import x12_claim_shapes
import x12_claims
import x12_random_remits
import x12_remits
from places import SAMPLES

from edi.x12.sets import t277ca, t835, t837p, t999

FOLDER = SAMPLES / "x12"


@pytest.fixture(scope="session")
def make():
    """Every builder of tests/builders/x12_*.py by its name."""
    rooms = (x12_claim_shapes, x12_claims, x12_answers, x12_remits, x12_random_remits)
    every = {name: one for room in rooms for name, one in vars(room).items()}
    return SimpleNamespace(**{name: one for name, one in every.items() if callable(one) and not name.startswith("_")})


@pytest.fixture(scope="session")
def codecs():
    """By set: the codec, its group's functional id and its shapes."""
    return {
        "837P": (t837p, "HC", x12_claims.shapes_837p()),
        "835": (t835, "HP", x12_remits.shapes_835()),
        "277CA": (t277ca, "HN", x12_answers.shapes_277ca()),
        "999": (t999, "FA", x12_answers.shapes_999()),
    }


@pytest.fixture(scope="session")
def sample_folder() -> Path:
    if not FOLDER.exists():
        pytest.skip("no sample folder beside the checkout")
    return FOLDER
