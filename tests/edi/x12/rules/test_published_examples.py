"""The standard's own published examples: nothing is found but what is really odd in them."""

import pytest
from places import SAMPLES

from edi.findings import Severity
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND
from edi.x12.syntax.reader import read

FOLDER = SAMPLES / "x12" / "837P"
ODD = {
    "X837-NPI": "invented numbers without a right check digit",
    "X837-ZIP": "a ZIP code of four digits",
    "X837-TAX-ID": "an employer's number with its hyphen",
}


def test_no_false_alarm_on_published_examples():
    if not FOLDER.exists():
        pytest.skip("no sample folder beside the checkout")
    files = sorted(FOLDER.glob("kputnam+stupidedi__*"))
    found = {
        finding.code
        for file in files
        for ts in read(file.read_bytes()).sets
        for finding in judge(ts, INBOUND)
        if finding.severity is Severity.ERROR
    }
    assert files
    assert found == set(ODD)
