"""Every 820 of the sample folders: typed, its sum proven or the reason why not."""

import pytest
from places import SAMPLES

from edi.inspection import inspect, kind_of
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND
from edi.x12.sets import t820
from edi.x12.sets.t820 import Form
from edi.x12.syntax.reader import read

OFF = {
    "Inteligenz+X12Parser__Example3_HomeDepot.txt": "words stand where amounts belong",
    "Inteligenz+X12Parser__Example6.txt": "pays less than its items",
    "Inteligenz+X12Parser__Example7_FromScott.txt": "its payment is made unrecognisable",
    "cosyte+x12__820-edge.edi": "an item without amount",
    "cosyte+x12__820.edi": "items for a small part of the payment only",
    "cosyte+x12__spec-notes-money.md.x3.edi": "an item for a part of the payment only",
    "kputnam+stupidedi__initial-hix-820-optional-outstanding-debt-owed-by-payee.edi": "its balancing item is ten short",
    "kputnam+stupidedi__summary-bill-payment.edi": "its second item has lost two digits",
}
"""Files that do not add up as they stand, and why."""


@pytest.fixture(scope="module")
def files():
    """(name, bytes) of each."""
    folders = [SAMPLES / "x12" / "820", SAMPLES / "x12" / "4010" / "820", SAMPLES / "ach" / "x12"]
    if not folders[0].exists():
        pytest.skip("no sample folder beside the checkout")
    found = [path for folder in folders for path in sorted(folder.glob("*")) if b"ST*820" in path.read_bytes()]
    assert len(found) > 20
    return [(path.name, path.read_bytes()) for path in found]


def test_every_one_is_typed_and_its_sum_proven(files):
    off = set()
    for name, data in files:
        assert kind_of(data) == "x12:820", name
        sets = [one for one in read(data).sets if one.set_id == "820"]
        assert sets, name
        for ts in sets:
            value, _ = t820.read_set(ts)
            items = sum(segment[0] == "RMR" for segment in ts.segments)
            assert len(list(value.items)) == items > 0, name
            assert value.form is not Form.PLAIN or "X218" not in ts.version, name
            if any(one.code in {"X820-BAL-PAYMENT", "X820-UNJUDGED"} for one in t820.balance(value, ts)):
                off.add(name)
    assert off == set(OFF)


def test_every_one_is_inspected_and_names_nobody(files):
    for name, data in files:
        told = inspect(name, data, claims=True).as_dict()
        assert all("balanced" in one for one in told["summary"]["set_list"]), name
        assert "JANE" not in str(told), name


def test_what_balances_is_sound(files):
    """The published files of the guides: nothing is found in them but what is really odd."""
    for name, data in files:
        if name.startswith("kputnam") and name not in OFF:
            assert [one for ts in read(data).sets for one in judge(ts, INBOUND)] == [], name
