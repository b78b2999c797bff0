"""What once brought a reader down, each kept as a file, does so no more."""

from pathlib import Path

import pytest
from every_reader import read_by_all

CRASHERS = sorted((Path(__file__).parent / "crashers").glob("*.bin"))


@pytest.mark.parametrize("path", CRASHERS, ids=lambda path: path.stem)
def test_replayed(path):
    read_by_all(path.read_bytes())
