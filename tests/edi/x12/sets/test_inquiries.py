"""270, 271, 276 and 277 as values: to whom each part belongs, what is left out, and which inquiry a response answers."""

from datetime import date

import pytest
import x12_strategies
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from x12_mutations import golden

from edi.errors import NotRepresentable
from edi.findings import Severity
from edi.inspection import inspect
from edi.x12.guides import GUIDES
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND
from edi.x12.sets import t270, t271, t276, t277
from edi.x12.syntax.delimiters import Delimiters
from edi.x12.syntax.reader import read


def one_set(file, *changes):
    data = golden(file)
    for old, new in changes:
        assert old in data
        data = data.replace(old, new, 1)
    [ts] = read(data).sets
    return ts


def errors(findings):
    return [(one.code, one.place.segment, one.place.element) for one in findings if one.severity is Severity.ERROR]


def told(findings):
    return [(one.code, one.place.segment) for one in findings]


CODECS = {"270": t270, "271": t271, "276": t276, "277": t277}


@pytest.mark.parametrize("guide", [one for one in GUIDES if one.name in CODECS], ids=lambda guide: guide.name)
@settings(
    max_examples=30,
    deadline=None,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_whatever_a_table_allows_has_room_in_the_values_and_comes_back(guide, data):
    """Every segment is taken, and what is written of the value is read as the same."""
    drawn = data.draw(x12_strategies.sets(guide))
    codec = CODECS[guide.name]
    value, findings = codec.read_set(drawn.read())
    assert findings == []
    written = _written(codec, value, drawn.delimiters)
    if written is None:
        return
    ts = drawn.read()
    marks = drawn.delimiters
    ts.segments = [one.split(marks.element) for one in written.data.decode("latin-1").split(marks.segment)[:-1]]
    assert codec.read_set(ts) == (value, [])


def _written(codec, value, marks):
    """The set; None where two inquiries drew one number, or a gap before a number of a contact was not kept."""
    try:
        return codec.write_set(value, "0001", marks)
    except NotRepresentable as refusal:
        if refusal.finding.standard_code == "23" or refusal.finding.place.segment == "PER":
            return None
        raise


def test_samples_of_the_guides_are_sound_and_their_people_are_not_named(sample_folder):
    for path in sorted(path for name in CODECS for path in (sample_folder / name).iterdir()):
        data = path.read_bytes()
        shown = str(inspect(path.name, data, claims=True).as_dict())
        sets = [one for one in read(data).sets if one.set_id in CODECS]
        for ts in sets:
            value, findings = CODECS[ts.set_id].read_set(ts)
            found = {(one[0], one[2]) for one in ts.segments if one[0] in {"EB", "STC"} and len(one) > 2}
            assert not found or list(value.people if ts.set_id == "271" else value.claims) or findings, path.name
            names = {
                one[3] for one in ts.segments if one[0] == "NM1" and one[1] in {"IL", "03", "QC"} and len(one[3:4])
            }
            assert not [one for one in names if len(one) > 3 and f"'{one}'" in shown], path.name
            if path.name.startswith("kputnam"):
                assert {one.code for one in judge(ts, INBOUND)} <= {"X12-NPI"}, path.name  # providers are invented


# -- to whom a part belongs --------------------------------------------------------------------------------------------
def test_what_a_271_says_of_the_people(make):
    value, findings = t271.read_set(one_set("271-everything"))
    assert findings == []
    (subscriber, nobody), (again, dependent) = value.people
    assert nobody is None
    assert subscriber is again
    assert (subscriber.active, dependent.active) == (True, None)
    assert subscriber.echoed == [("CRE3", "9123456789"), ("CH77", "9123456789")]
    deductible, left = [one.amount_cents for one in subscriber.benefits if one.kind == "C"]
    assert (deductible, left) == (150_000, 30_000)
    assert [len(one.related) for one in subscriber.benefits] == [0] * 6 + [2]


@pytest.mark.parametrize(
    ("kinds", "active"), [("1", True), ("16", None), ("6", False), ("7C", False), ("C", None), ("", None)]
)
def test_covered_or_not(make, kinds, active):
    assert make.answered_subscriber(benefits=[make.coverage(kind) for kind in kinds]).active is active


@pytest.mark.parametrize(
    ("file", "reader", "code"),
    [("270-dependents", t270.read_set, "X270-READ"), ("271-dependents", t271.read_set, "X271-READ")],
)
def test_nobody_s_dependent_is_left_out_with_all_that_is_his(file, reader, code):
    value, findings = reader(one_set(file, (b"~HL*3*2*22*1~", b"~HL*3*2*99*1~")))
    assert list(value.people) == []
    assert errors(findings) == [(code, "HL", None)] * 2
    assert {segment for kind, segment in told(findings) if kind.endswith("NOT-MODELLED")} >= {"HL", "NM1", "TRN"}
    [receiver] = value.sources[0].receivers
    assert (receiver.name.identifier, receiver.references) == ("1003000126", [])


@pytest.mark.parametrize(("parent", "place"), [(b"3", 0), (b"9", 1), (b"", 1)])
def test_a_dependent_belongs_to_whom_his_level_names_else_to_the_last(make, parent, place):
    people = [
        make.answered_subscriber("CRE1"),
        make.answered_subscriber("CRE4", dependents=[make.answered_dependent()]),
    ]
    data = t271.write_set(make.eligibility_response(people), "0001").data.replace(
        b"HL*5*4*23", b"HL*5*" + parent + b"*23"
    )
    ts = one_set("271-active")
    ts.segments = [one.split("*") for one in data.decode().split("~")[:-1]]
    value, _ = t271.read_set(ts)
    assert [len(one.dependents) for one in next(value.receivers).subscribers] == [place == 0, place == 1]


def test_parts_of_a_271_out_of_place_are_told_and_given_to_nobody():
    early = (b"~HL*1**20*0~", b"~AAA*N**42*C~EB*1~HL*1**20*0~")
    value, findings = t271.read_set(one_set("271-source-rejects", early))
    assert told(findings) == [("X271-NOT-MODELLED", "AAA"), ("X271-NOT-MODELLED", "EB")]
    assert [one.reason for one in value.rejections] == ["42", "T4"]


def test_a_name_without_the_loop_around_it_is_still_the_benefit_s():
    ts = one_set("271-everything", (b"~LS*2120~", b"~"), (b"~LE*2120~", b"~"))
    value, findings = t271.read_set(ts)
    (subscriber, _), _ = value.people
    assert findings == []
    assert subscriber.name.last_name == "SAMPLE"
    assert [one.name.code for one in subscriber.benefits[-1].related] == ["PRP", "IL"]


@pytest.mark.parametrize(
    ("old", "new", "place", "left"),
    [
        (b"*23*1500*", b"*23*15OO*", ("EB", 7), lambda one: one.benefits[1].amount_cents is None),
        (b"*****0.2*", b"*****x*", ("EB", 8), lambda one: one.benefits[3].share is None),
        (b"DMG*D8*19510228*F", b"DMG*D8*19510229*F", ("DMG", 2), lambda one: (one.birth_date, one.sex) == (None, "F")),
        (b"346*D8*20260101", b"346*D8*2026", ("DTP", 3), lambda one: one.dates[0].date is None),
    ],
)
def test_what_cannot_be_read_is_blank_and_told(old, new, place, left):
    value, findings = t271.read_set(one_set("271-active", (old, new)))
    [(subscriber, _)] = value.people
    assert errors(findings) == [("X271-READ", *place)]
    assert left(subscriber)
    assert len(subscriber.benefits) == 6


def test_what_is_told_twice_is_kept_once_and_told():
    ts = one_set("270-everything", (b"~DMG*D8*19510228*F~INS", b"~DMG*D8*19510228*F~DMG*D8*19600101*M~INS"))
    value, findings = t270.read_set(ts)
    subscriber, _ = next(value.people)
    assert (subscriber.birth_date, told(findings)) == (date(1951, 2, 28), [("X270-NOT-MODELLED", "DMG")])


# -- statuses ----------------------------------------------------------------------------------------------------------
def test_how_far_claims_have_come():
    value, findings = t277.read_set(one_set("277-everything"))
    assert findings == []
    first = [claim.statuses[0] for claim in value.claims]
    assert [one.final for one in first] == [False, True, True, False]
    assert [one.pending for one in first] == [True, False, False, False]
    assert [one.not_found for one in first] == [False, False, False, True]
    assert [(one.category, one.entity) for one in value.refusals] == [("E0", "1P")]
    lined = list(value.claims)[2]
    assert [line.paid_cents for line in lined.lines] == [60_000, 0]
    assert (lined.statuses[0].paid_cents, lined.statuses[0].payment_number) == (60_000, "EFT20261120")


@pytest.mark.parametrize(
    ("old", "new", "claims", "place"),
    [
        (b"~TRN*2*CRS7~", b"~TRN*2~", ["CRS2", "CRS3", "CRS4"], ("TRN", None)),
        (b"~STC*D0:35", b"~STC*:35", ["CRS2", "CRS7", "CRS3", "CRS4"], ("STC", None)),
        (b"STC*F2:85::RX*20261120", b"STC*F2:85::RX*2026", ["CRS2", "CRS7", "CRS3", "CRS4"], ("STC", 2)),
        (b"STC*F1:65*20261120**987.5*600*", b"STC*F1:65*20261120**987.5*6OO*", ["CRS2", "CRS7", "CRS3", "CRS4"], ("STC", 5)),
    ],
)  # fmt: skip
def test_what_a_277_does_not_tell_is_nobody_else_s(old, new, claims, place):
    value, findings = t277.read_set(one_set("277-everything", (old, new)))
    assert [one.trace for one in value.claims] == claims
    assert ("X277-READ", *place) in errors(findings)
    kept = next(value.claims)
    assert [one.category for one in kept.statuses] == ["R3", "P1"]  # none of the claim that nobody can name


def test_a_status_before_any_level_is_an_error():
    _, findings = t277.read_set(one_set("277-paid", (b"~HL*1**20*1~", b"~STC*F1:65*20261120~HL*1**20*1~")))
    assert errors(findings) == [("X277-READ", "STC", None)]


# -- which inquiry is answered -----------------------------------------------------------------------------------------
def test_a_271_goes_to_whom_it_was_asked_about(make):
    asked = make.shapes_270()["dependents"]
    family = make.answered_subscriber(
        "CRE4", [], dependents=[make.answered_dependent("CRE5"), make.answered_dependent("CRE2")]
    )
    found = t271.echo(asked, make.eligibility_response([family]))
    assert [(one.traces[0].number, other.traces[0].number) for one, other in found.pairs] == [
        ("CRE5", "CRE5"),
        ("CRE2", "CRE2"),
    ]
    assert found.findings == []


@pytest.mark.parametrize(
    ("number", "more", "codes"),
    [
        ("CRE1", {}, []),
        ("CRE1", {"originator": "1999999999"}, []),  # nobody else has the number, whoever gave it
        ("CRE1", {"kind": "1"}, ["X271-NOT-ASKED", "X271-UNANSWERED"]),  # the payer's own number
        ("CRE9", {}, ["X271-NOT-ASKED", "X271-UNANSWERED"]),
    ],
)
def test_numbers_decide_whose_a_271_is(make, number, more, codes):
    person = make.answered_subscriber(traces=[make.trace(number, **({"kind": "2"} | more))])
    found = t271.echo(make.shapes_270()["subscriber"], make.eligibility_response([person]))
    assert [one.code for one in found.findings] == codes
    assert len(found.pairs) == (not codes)


def test_one_number_given_by_two_is_told_by_who_gave_it(make):
    asked = make.eligibility_inquiry([
        make.asked_subscriber(traces=[make.trace("7", originator="1000000001")]),
        make.asked_subscriber(traces=[make.trace("7", originator="1000000002")]),
    ])  # fmt: skip
    second = asked.sources[0].receivers[0].subscribers[1]
    for originator, pairs in (("1000000002", 1), ("1000000003", 0)):
        person = make.answered_subscriber(traces=[make.trace("7", "2", originator=originator)])
        found = t271.echo(asked, make.eligibility_response([person]))
        assert len(found.pairs) == pairs
        assert all(one is second for one, _ in found.pairs)


def test_a_rejected_request_leaves_nobody_unanswered(make):
    found = t271.echo(make.shapes_270()["dependents"], make.shapes_271()["source rejects"])
    assert (found.pairs, found.findings) == ([], [])


def test_a_277_goes_to_the_claims_that_were_asked_about(make):
    asked = make.shapes_276()["everything"]
    found = t277.echo(asked, make.shapes_277()["dependent"])
    assert [(one.trace, other.trace) for one, other in found.pairs] == [("CRS4", "CRS4")]
    assert [one.code for one in found.findings] == ["X277-UNANSWERED"] * 4
    stranger = make.status_response([make.told_insured([make.told_claim("CRS9")])])
    assert [one.code for one in t277.echo(make.shapes_276()["claim"], stranger).findings] == [
        "X277-NOT-ASKED",
        "X277-UNANSWERED",
    ]
    refused = t277.echo(asked, make.shapes_277()["refused"])
    assert (refused.pairs, refused.findings) == ([], [])


# -- writing -----------------------------------------------------------------------------------------------------------
def refused(write, value, marks=None):
    with pytest.raises(NotRepresentable) as caught:
        write(value, "0001", **({"delimiters": marks} if marks else {}))
    return str(caught.value.finding.place)


def test_what_does_not_fit_is_refused_with_its_place(make):
    def inquiry(**more):
        return make.eligibility_inquiry([make.asked_subscriber(**more)])

    write = t270.write_set
    assert refused(write, inquiry(traces=[make.trace("1"), make.trace("1", originator="1000000001")])).endswith("1")
    assert refused(write, inquiry(questions=[t270.Question()])).endswith("EQ01")
    assert refused(write, inquiry(questions=[t270.Question(service_types=["30", "5\x1d6"])])).endswith("EQ01")
    assert refused(write, inquiry(dates=[t270.Dated(qualifier="291", date_to=date(2026, 1, 1))])).endswith("DTP03")
    assert refused(write, inquiry(name=make.member_name(code="QC"))).endswith("NM101")
    assert refused(write, inquiry(questions=[t270.Question(service_types=["30"])] * 100)).endswith("EQ")
    assert refused(write, make.eligibility_inquiry([make.asked_subscriber()], when=None)).endswith("BHT04")
    early = make.told(further=[t277.StatusCode(category="F1", code="1")] * 3)
    answered = make.status_response([make.told_insured([make.told_claim(statuses=[early])])])
    assert refused(t277.write_set, answered).endswith("STC11")
    nameless = make.status_request([make.asked_insured([make.asked_claim()], birth_date=None)])
    assert refused(t276.write_set, nameless).endswith("DMG02")


def test_ranges_lead_from_a_number_to_its_person_or_claim(make):
    written = t270.write_set(make.shapes_270()["dependents"], "0001")
    assert sorted(written.ranges) == ["CRE2", "CRE4", "CRE5"]
    lines = written.data.decode().split("~")
    for number, (first, last) in written.ranges.items():
        assert lines[first - 1].startswith("HL*")
        assert any(f"*{number}*" in one for one in lines[first - 1 : last])
    claims = t276.write_set(make.shapes_276()["everything"], "0001")
    assert sorted(claims.ranges) == ["CRS2", "CRS3", "CRS4", "CRS5", "CRS6"]


@pytest.mark.parametrize(
    ("codec", "shape"),
    [(t270, "shapes_270"), (t271, "shapes_271"), (t276, "shapes_276"), (t277, "shapes_277")],
)
def test_any_delimiters_hold_the_same(make, codec, shape):
    marks = Delimiters("|", "\x1e", "\x1d", "\x1c")
    value = getattr(make, shape)()["everything"]
    written = codec.write_set(value, "0001", marks)
    ts = one_set("271-active")
    ts.delimiters = marks
    ts.segments = [one.split("|") for one in written.data.decode("latin-1").split("\x1c")[:-1]]
    assert codec.read_set(ts) == (value, [])
