"""277CA, 999 and TA1: what they say about a claim, a set, an interchange."""

import pytest

from edi.findings import Severity
from edi.x12.guides import guide_of
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND
from edi.x12.sets import t277ca, t837p, t999
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read


def one_set(make, functional_id, codec, value, *changes):
    data = write_interchange(make.envelope(functional_id, codec.VERSION), [codec.write_set(value, "0001").data])
    for old, new in changes:
        assert old in data
        data = data.replace(old, new, 1)
    return read(data).sets[0]


ACCEPTED, REJECTED, NOT_FOUND = t277ca.Verdict.ACCEPTED, t277ca.Verdict.REJECTED, t277ca.Verdict.NOT_FOUND


@pytest.mark.parametrize(
    ("category", "action", "verdict"),
    [
        ("A2", "WQ", ACCEPTED),
        ("A7", "U", REJECTED),
        ("A7", "WQ", ACCEPTED),
        ("A1", "U", REJECTED),
        *[(category, None, ACCEPTED) for category in ("A0", "A1", "A2", "A5")],
        *[(category, None, REJECTED) for category in ("A3", "A6", "A7", "A8")],
        ("A4", None, NOT_FOUND),
        ("A4", "WQ", NOT_FOUND),
        ("A4", "U", REJECTED),
        ("F1", None, None),
        ("P1", "WQ", ACCEPTED),
        ("R3", "15", None),
        ("A1", "15", ACCEPTED),
    ],
)
def test_the_action_decides_before_the_category(make, category, action, verdict):
    claim = make.claim_status(statuses=[make.status(category, "19", action)])
    assert (claim.verdict, claim.rejected) == (verdict, verdict is REJECTED)


def test_rejection_in_a_further_code_and_at_higher_levels(make):
    further = [t277ca.StatusCode(category="A8", code="496")]
    assert t277ca.verdict_of([make.status("A1", "19", None, further=further)]) is REJECTED
    report = make.shapes_277ca()["batch rejected"]
    assert report.rejected
    assert not make.shapes_277ca()["payer"].rejected
    provider = t277ca.ProviderStatus(statuses=[make.status("A3", "24", "U")])
    assert provider.rejected
    good = make.claim_status()
    assert good.verdict is ACCEPTED
    assert report.verdict_on(t277ca.ProviderStatus(), good) is REJECTED
    assert make.shapes_277ca()["payer"].verdict_on(provider, good) is REJECTED


def test_a_rejected_line_is_told_at_its_claim(make):
    """A claim's own status may only point at its lines (A3:247), or be missing; an accepted claim stays accepted."""
    [line] = make.rejected_claim().lines
    assert line.rejected
    for statuses, verdict in (
        ([make.status("A3", "247", "U")], REJECTED),
        ([], REJECTED),
        ([make.status()], ACCEPTED),
    ):
        claim = make.claim_status(statuses=statuses, lines=[line, t277ca.LineStatus()])
        assert (claim.verdict, claim.rejected_lines) == (verdict, [line])
    assert make.claim_status(statuses=[]).verdict is None


def test_clearinghouse_and_payer_are_told_apart(make):
    assert [make.status_report([], kind).by for kind in ("AY", "PR", "")] == ["clearinghouse", "payer", "clearinghouse"]


@pytest.mark.parametrize(
    ("new", "code"),
    [(b"STC*F1:20:PR*20261104*WQ", "X277-CATEGORY"), (b"STC*A7:20:PR*20261104*WQ", "X277-ACTION")],
)
def test_a_status_that_may_not_be_here_is_told(make, new, code):
    ts = one_set(make, "HN", t277ca, make.shapes_277ca()["payer"], (b"STC*A2:20:PR*20261104*WQ", new))
    report, findings = t277ca.read_set(ts)
    assert report.providers[0].patients[0].verdict is ACCEPTED
    told = [(one.code, one.severity, one.place.segment) for one in judge(ts, INBOUND)]
    assert (findings, told) == ([], [(code, Severity.WARNING, "STC")])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"QTY*QA*1~", b"QTY*QA*2~", ["2 claims accepted are told, 1 are listed"]),
        (b"QTY*AA*1~", b"QTY*AA*0~", ["0 claims rejected are told, 1 are listed"]),
        (b"AMT*YY*987.5~HL*4", b"AMT*YY*987.51~HL*4", ["the amount told as rejected and the claims differ by 1 cents"]),
        (b"*WQ*987.5~REF*1K", b"*WQ*x~REF*1K", []),
        (b"QTY*QA*1~", b"", []),
    ],
)
def test_totals_are_those_of_the_claims(make, old, new, told):
    ts = one_set(make, "HN", t277ca, make.shapes_277ca()["payer"], (old, new))
    found = list(t277ca.totals(t277ca.read_set(ts)[0], ts))
    assert [one.message for one in found] == told
    assert {(one.code, one.severity, one.place.segment) for one in found} <= {("X277-TOTALS", Severity.WARNING, "HL")}


def test_totals_of_what_lists_nobody_are_not_judged(make):
    value = make.status_report([], accepted_count=7)
    assert list(t277ca.totals(value, one_set(make, "HN", t277ca, make.shapes_277ca()["payer"]))) == []


def test_277ca_codes_stand_where_amount_or_date_cannot_be_read(make):
    ts = one_set(
        make, "HN", t277ca, make.shapes_277ca()["payer"], (b"STC*A2:20:PR*20261104*WQ*987.5", b"STC*A2:20:PR*2026*WQ*x")
    )
    report, findings = t277ca.read_set(ts)
    first = report.providers[0].patients[0]
    assert (first.statuses[0].category, first.statuses[0].date, first.statuses[0].charge_cents) == ("A2", None, None)
    assert [one.severity for one in findings] == [Severity.ERROR]


def test_277ca_without_provider_level_and_claim_number(make):
    ts = one_set(
        make,
        "HN",
        t277ca,
        make.shapes_277ca()["payer"],
        (b"~HL*3*2*19*1~NM1*85*", b"~HL*3*2*XX*1~NM1*85*"),
        (b"TRN*2*CRA1", b"TRN*2"),
    )
    report, findings = t277ca.read_set(ts)
    assert [one.patient_control_number for provider in report.providers for one in provider.patients] == ["CRB1"]
    assert "X277-READ" in [one.code for one in findings]


@pytest.mark.parametrize(
    ("old", "new", "claims"),
    [
        # The status of a claim that nobody can name is not that of the one before it.
        (b"~HL*5*3*PT~NM1*QC*1*SAMPLE*AVERY*J***MI*ZZT00012345~TRN*2*CRB1", b"~TRN*2", ["CRA1"]),
        (b"~TRN*2*CRB1~", b"~", ["CRA1"]),
    ],
)
def test_277ca_status_that_belongs_to_no_claim_is_an_error(make, old, new, claims):
    ts = one_set(make, "HN", t277ca, make.shapes_277ca()["payer"], (old, new))
    report, findings = t277ca.read_set(ts)
    assert [one.patient_control_number for one in report.providers[0].patients] == claims
    assert not report.providers[0].patients[0].rejected
    assert ("X277-READ", "STC") in [(one.code, one.place.segment) for one in findings if one.severity is Severity.ERROR]


@pytest.mark.parametrize(("parent", "rejected"), [(b"3", True), (b"1", True), (b"", True), (b"2", False)])
def test_277ca_rejection_of_a_provider_covers_the_claims_below_it(make, parent, rejected):
    """Below it by HL02; where that names no level of receiver or provider, the one that came last."""
    value = make.shapes_277ca()["payer"]
    value.providers[0].statuses = [make.status("A3", "496", "U", date=None)]
    value.providers[0].reference = "0"
    ts = one_set(make, "HN", t277ca, value, (b"HL*4*3*PT", b"HL*4*" + parent + b"*22"))
    report, _ = t277ca.read_set(ts)
    verdicts = {
        claim.patient_control_number: report.verdict_on(provider, claim) is t277ca.Verdict.REJECTED
        for provider in report.providers
        for claim in provider.patients
    }
    assert verdicts == {"CRA1": rejected, "CRB1": True}


@pytest.mark.parametrize("version", [b"*005010X231", b"*005010", b"*005010x231a1", b""])
def test_999_is_known_by_its_number_alone(make, version):
    ts = one_set(
        make, "FA", t999, make.shapes_999()["partial"], (b"ST*999*0001*005010X231A1", b"ST*999*0001" + version)
    )
    assert guide_of(ts.set_id, ts.version).name == "999"


@pytest.mark.parametrize(
    ("set_id", "version", "name"),
    [
        ("835", "005010", "835"),
        ("835", "005010X221", "835"),
        ("835", "004010X091A1", None),
        ("837", "005010X222", "837P"),
        ("837", "005010x222a2", "837P"),
        ("837", "005010X223A2", "837I"),
        ("837", "005010X224A2", None),
        ("837", "005010X298", None),
        ("277", "005010X212", "277"),
        ("277", "005010X228", None),
        ("271", "005010X279A1", "271"),
        ("270", "004010X092A1", None),
        ("277", "005010X214", "277CA"),
        ("999", "005010X230", "999"),
        ("997", "004010", "997"),
    ],
)
def test_guides_by_set_and_version(set_id, version, name):
    guide = guide_of(set_id, version)
    assert (guide and guide.name) == name


def test_several_claims_of_one_patient(make):
    ts = one_set(
        make,
        "HN",
        t277ca,
        make.shapes_277ca()["payer"],
        (b"~HL*5*3*PT~NM1*QC*1*SAMPLE*AVERY*J***MI*ZZT00012345~TRN*2*CRB1", b"~TRN*2*CRB1"),
    )
    report, _ = t277ca.read_set(ts)
    first, second = report.providers[0].patients
    assert (first.patient_control_number, second.patient_control_number) == ("CRA1", "CRB1")
    assert second.last_name == "SAMPLE"
    assert ts.segments[second.segment_number - 1][2] == "CRB1"
    assert (len(first.lines), len(second.lines)) == (0, 1)


def test_999_names_the_claims_at_fault(make):
    ack = make.shapes_999()["partial"]
    good, bad = ack.sets
    assert good.accepted
    assert not bad.accepted
    assert bad.errors[0].claim_ids == ["CRB1"]
    assert bad.errors[1].claim_ids == []


def test_999_position_leads_back_through_the_ranges(make):
    written = t837p.write_set(make.shapes_837p()["dependent"], "0002")
    number = make.shapes_999()["partial"].sets[1].errors[0].number
    assert [claim for claim, (first, last) in written.ranges.items() if first <= number <= last] == ["CRB1"]


def test_the_outside_judges_999_leads_to_the_claim(make):
    good = t837p.write_set(make.shapes_837p()["office"], "0001")
    bad = t837p.write_set(make.shapes_837p()["both branches"], "0002")
    spoilt = bad.data.replace(b"~CR1*LB*154**A*", b"~CR1*LB*154**Q*")
    assert spoilt != bad.data
    data = write_interchange(make.envelope("HC", t837p.VERSION), [good.data, spoilt])
    [ts] = read(make.answered_by_pyx12(data)).sets
    ack, findings = t999.read_set(ts)
    assert findings == []
    assert (ack.group_control, ack.included, ack.accepted) == ("101", 2, 1)
    assert ack.code == "R"  # where P is meant: the verdicts on the sets count, not the group's
    assert [(one.control_number, one.accepted) for one in ack.sets] == [("0001", True), ("0002", False)]
    number = ack.sets[1].errors[0].number
    assert [claim for claim, (first, last) in bad.ranges.items() if first <= number <= last] == ["CRC1"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"~IK3*CLM*25*", b"~IK3*CLM*x*", "position"),
        (b"~IK4*5:3*", b"~IK4*:*", "position"),
        (b"~AK9*P*2*2*1", b"~AK9*P*2*2*x", "count"),
        (b"~AK9*P", b"~AK8*P", "verdict"),
        (b"~AK1*HC*101", b"~AK1*HC*", "group"),
        (b"~IK5*R*5", b"", "verdict"),
        (b"~AK2*837*0001*005010X222A1~", b"~", "no set"),
    ],
)
def test_999_with_something_unreadable(make, old, new, words):
    ts = one_set(make, "FA", t999, make.shapes_999()["partial"], (old, new))
    ack, findings = t999.read_set(ts)
    assert any(words in one.message for one in findings if one.severity is Severity.ERROR)
    assert ack.group_id == "HC"


def test_837p_claim_that_cannot_be_read_is_left_out(make):
    value = make.shapes_837p()["both branches"]
    for old, new in (
        (b"CLM*CRC1*987.5", b"CLM*CRC1*x"),
        (b"*DH*12.5*", b"*DH**"),
        (b"LX*1~", b"LX*~"),
        (b"DTP*472*D8*20261030~", b"DTP*472*D8*2026~"),
        (b"DTP*472*D8*20261030~", b""),
        (b"QTY*PT*2", b"QTY*PT*x"),
        (b"*1:2~", b"*1:x~"),
    ):
        read_back, findings = t837p.read_set(one_set(make, "HC", t837p, value, (old, new)))
        [who] = read_back.billing[0].subscribers
        assert who.claims == []
        assert [one.patient_control_number for one in who.patients[0].claims] == ["CRC2"]
        assert [one.code for one in findings if one.severity is Severity.ERROR] == ["X837-CLAIM"]


def test_837p_what_has_no_place_is_told(make):
    nobody = (b"~LX*1~", b"~NM1*ZZ*1*SAMPLE~REF*G2*X~LX*1~")
    odd = b"~REF*G1*ONE~REF*G1*TWO~DTP*435*RD8*20261001-20261002~CRC*99*Y*01~HI*"
    ts = one_set(make, "HC", t837p, make.shapes_837p()["office"], (b"~HI*", odd), nobody)
    value, findings = t837p.read_set(ts)
    assert {one.code for one in findings} == {"X837-NOT-MODELLED"}
    [claim] = value.billing[0].subscribers[0].claims
    assert [one.place.segment for one in findings] == ["REF", "DTP", "CRC", "NM1", "REF"]
    assert claim.prior_authorization == "ONE"
    assert claim.admission_date is None


@pytest.mark.parametrize(
    ("changes", "accepted", "claims"),
    [
        ([(b"~IK5*R*5", b"~IK5*P*5")], [True, False], ["CRB1"]),
        ([(b"~IK5*R*5", b"~IK5*E*5")], [True, True], ["CRB1"]),
        ([(b"*005010X222A1~IK5*A", b"~IK5*A")], [True, False], ["CRB1"]),
        ([(b"~CTX*CLM01:CRB1", b"~CTX*CLM01:CRB1*CLM*25*2300*5:3")], [True, False], ["CRB1"]),
        ([(b"~IK3*", b"~AK3*"), (b"~IK5*R*5", b"~AK5*R*5")], [True, False], ["CRB1"]),
        (
            [(b"~AK2*837*0002*005010X222A1~IK3*CLM*25*2300*8~", b"~AK2*837*0002~IK3*CLM*25**8~")],
            [True, False],
            ["CRB1"],
        ),
    ],
)
def test_999_as_others_write_it(make, changes, accepted, claims):
    ack, findings = t999.read_set(one_set(make, "FA", t999, make.shapes_999()["partial"], *changes))
    assert [one for one in findings if one.severity is Severity.ERROR] == []
    assert [one.accepted for one in ack.sets] == accepted
    assert ack.sets[1].errors[0].claim_ids == claims
