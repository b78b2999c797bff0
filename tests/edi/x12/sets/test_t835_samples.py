"""Every 835 of the sample folder: no claim lost without a word, balances as its manifest has them."""

import csv

import pytest
from places import SAMPLES

from edi.x12.sets import t835
from edi.x12.syntax.reader import read

FOLDER = SAMPLES / "x12"
NO_PAYMENT = "no BPR02"


@pytest.fixture(scope="module")
def sets():
    """(path, what the manifest says of its balances, the 835 sets) of each file."""
    if not FOLDER.exists():
        pytest.skip("no sample folder beside the checkout")
    with (FOLDER / "MANIFEST.tsv").open(encoding="utf-8") as manifest:
        rows = [row for row in csv.DictReader(manifest, delimiter="\t") if row["path"].startswith("835/")]
    assert rows
    return [(row["path"], row["balance_835"], _sets(FOLDER / row["path"])) for row in rows]


def _sets(path):
    return [one for one in read(path.read_bytes()).sets if one.set_id == "835"]


def test_no_claim_is_lost_without_a_word(sets):
    for path, _, every in sets:
        for one in every:
            value, findings = t835.read_set(one)
            claims = sum(segment[0] == "CLP" for segment in one.segments)
            if value is None:
                assert claims == 0, path
                assert findings[-1].code == "X835-HEADER"
            else:
                assert len(value.claims) + len(value.unread) == claims, path
                assert bool(value.unread) == any(found.code == "X835-CLAIM" for found in findings), path


def test_balances_agree_with_the_manifest(sets):
    for path, balance, every in sets:
        if not balance or NO_PAYMENT in balance:
            continue
        found = [one.code for ts in every for value in [t835.read_set(ts)[0]] if value for one in t835.balance(value)]
        assert (found == []) == (balance == "balances"), path
