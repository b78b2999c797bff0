"""An outside reader on the inquiries that we write: x12sdk, whose models know 270, 271, 276 and 277 (pyx12 has no map of the
first three, and has not registered that of the last).
"""

import pytest
from places import GOLDEN
from x12sdk import generate
from x12sdk.io import X12ModelReader

from edi.findings import Severity
from edi.x12.guides import guide_of
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND
from edi.x12.syntax.reader import read

FILES = sorted(path for path in (GOLDEN / "x12").glob("27[0167]-*.x12"))
# Where its models are wrong, and the end of the path that it complains of.
OVER_STRICT = {
    "270-everything": {
        "loop_2100c.dtp_segment": "one date of a person only, where the guide has two",
        "iii_segment.industry_code": "its place of service 41, an ambulance, is misspelt as 31",
        "eq_segment.service_type_code.0": "an EQ that asks for a procedure alone",
    },
    "271-active": {"eb_segment.quantity_qualifier": "a qualifier held to be a number"},
    "271-people-rejected": {"aaa_segment.0.reject_reason_code": "the reasons of the receiver's level at a person's"},
    "276-everything": {"loop_2100c.nm1_segment": "one name of a provider only, where the guide has two"},
    "277-everything": {"loop_2100c.nm1_segment": "the same"},
    "271-source-rejects": {"hl_segment.hierarchical_child_code": "a source that rejects has nobody below it"},
}
# What it breaks on: benefits of a subscriber who has dependents.
BREAKS = "271-everything"


def complaints(data):
    """Ends of the paths that its models refuse."""
    try:
        with X12ModelReader(data) as reader:
            assert list(reader.models())
    except ValueError as problem:  # of pydantic
        return {".".join(str(part) for part in one["loc"]) for one in problem.errors()}
    return set()


@pytest.mark.parametrize("path", [one for one in FILES if one.stem != BREAKS], ids=lambda path: path.stem)
def test_what_we_write_is_taken(path):
    known = OVER_STRICT.get(path.stem, {})
    told = complaints(path.read_text().replace("~\n", "~"))
    assert {one for one in told if not one.endswith(tuple(known))} == set()
    assert {end for end in known if any(one.endswith(end) for one in told)} == set(known)


def test_what_it_breaks_on_breaks_it_still():
    with pytest.raises(TypeError):
        complaints((GOLDEN / "x12" / f"{BREAKS}.x12").read_text().replace("~\n", "~"))


@pytest.mark.parametrize("name", ["270", "271", "276", "277"])
@pytest.mark.parametrize("seed", range(3))
def test_what_it_writes_is_taken_by_us(name, seed):
    text = getattr(generate, f"generate_{name}")(seed=seed)
    if name == "277":  # it leaves out what kind of set this is (BHT06), which the guide requires
        text = text.replace("*1200~\nHL*1*", "*1200*DG~\nHL*1*").replace("*1200~HL*1*", "*1200*DG~HL*1*")
    [ts] = read(text.encode()).sets
    value, findings = guide_of(ts.set_id, ts.version).read(ts)
    errors = [one for one in judge(ts, INBOUND) if one.severity is Severity.ERROR]
    assert (findings, errors) == ([], [])
    people = list(value.people if name in {"270", "271"} else value.claims)
    assert len(people) == sum(one[0] == "TRN" for one in ts.segments) == 5
