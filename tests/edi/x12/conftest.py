"""The builders of invented values, handed to tests by name."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import x12_answers
import x12_claim_shapes
import x12_claims
import x12_eligibility
import x12_inquiries
import x12_institutional
import x12_payments
import x12_random_remits
import x12_remits
from places import SAMPLES

from edi.x12.sets import t270, t271, t276, t277, t277ca, t820, t835, t837i, t837p, t999

FOLDER = SAMPLES / "x12"


@pytest.fixture(scope="session")
def make():
    """Every builder of tests/builders/x12_*.py by its name."""
    rooms = (
        x12_eligibility, x12_inquiries, x12_claim_shapes, x12_claims, x12_answers, x12_remits, x12_random_remits, x12_payments
    )  # fmt: skip
    every = {name: one for room in rooms for name, one in vars(room).items()}
    return SimpleNamespace(**{name: one for name, one in every.items() if callable(one) and not name.startswith("_")})


def codec_820(version):
    """The codec of the 820 as that of one guide, for here a codec has one version."""
    return SimpleNamespace(VERSION=version, read_set=t820.read_set, write_set=t820.write_set)


@pytest.fixture(scope="session")
def codecs():
    """By set: the codec, its group's functional id and its shapes."""
    return {
        "837P": (t837p, "HC", x12_claims.shapes_837p()),
        "837I": (t837i, "HC", x12_institutional.shapes_837i()),
        "835": (t835, "HP", x12_remits.shapes_835()),
        "820-X218": (codec_820("005010X218"), "RA", x12_payments.shapes_820_x218()),
        "820-X306": (codec_820("005010X306"), "RA", x12_payments.shapes_820_x306()),
        "820": (codec_820("005010"), "RA", x12_payments.shapes_820()),
        "277CA": (t277ca, "HN", x12_answers.shapes_277ca()),
        "270": (t270, "HS", x12_eligibility.shapes_270()),
        "271": (t271, "HB", x12_eligibility.shapes_271()),
        "276": (t276, "HR", x12_inquiries.shapes_276()),
        "277": (t277, "HN", x12_inquiries.shapes_277()),
        "999": (t999, "FA", x12_answers.shapes_999()),
    }


@pytest.fixture(scope="session")
def sample_folder() -> Path:
    if not FOLDER.exists():
        pytest.skip("no sample folder beside the checkout")
    return FOLDER
