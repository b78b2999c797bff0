"""The tree of a set: loops as they enclose one another, segments at their numbers, strays kept, gaps told inside."""

from x12_mutations import golden

from edi.x12.judging.walk import walk
from edi.x12.profile import OUTBOUND
from edi.x12.syntax.reader import read
from edi.x12.tables.set_837p import SET_837P


def walked(old=b"", new=b"", file="837p-both-branches"):
    data = golden(file)
    assert old in data
    [ts] = read(data.replace(old, new, 1) if old else data).sets
    findings, root = walk(ts, SET_837P, OUTBOUND)
    return ts, findings, root


def test_loops_enclose_one_another():
    _, findings, root = walked()
    assert findings == []
    [billing] = root.loops("2000A")
    [subscriber] = billing.loops("2000B")
    [patient] = subscriber.loops("2000C")
    [own], [child] = subscriber.loops("2300"), patient.loops("2300")
    assert (own.opening[1], child.opening[1]) == ("CRC1", "CRC2")
    assert [one.opening[1] for one in own.loops("2400")] == ["1", "2"]
    assert child.parent is patient
    assert child.first("HI", "ABK").part(2, 2) == "E119"
    assert own.first("REF", "F8") is None


def test_every_segment_is_in_the_tree_once():
    ts, _, root = walked(b"~CR1*LB", b"~ZZZ*1~REF*EA*1~CR1*LB")
    numbers = [item.number for node in root.walk() for item in [*node.items, *node.strays]]
    assert sorted(numbers) == list(range(1, len(ts.segments) + 1))
    strays = [(node.id, item.id) for node in root.walk() for item in node.strays]
    assert strays == [("2300", "ZZZ"), ("2300", "REF")]


def test_what_is_missing_is_told_inside_the_loop_that_lacks_it():
    """At the end of a claim the next segment is another claim's: a gap told there would blame that one."""
    ts, findings, root = walked(b"~DTP*472*D8*20261030~QTY*PT*2~REF*6R*CRC1L2~NTE*ADD*LOADED MILES ONLY~HL*3", b"~HL*3")
    [gap] = findings
    [line] = [one for node in root.walk() if node.id == "2300" for one in node.loops("2400")][1:2]
    assert (gap.place.segment, gap.place.loop) == ("DTP", "2400")
    assert gap.place.segment_number == line.items[-1].number
    assert ts.segments[gap.place.segment_number][0] == "HL"


def test_elements_that_are_absent_are_blank():
    _, _, root = walked()
    head = root.first("BHT")
    assert (head[99], head.part(99, 1), head.part(1, 2), head.qualifier) == ("", "", "", "")
