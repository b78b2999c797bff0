"""835: balances at three levels, and claims that cannot be read whole."""

from dataclasses import replace

import pytest

from edi.errors import NotRepresentable
from edi.findings import Severity
from edi.x12.sets import t835


def test_every_shape_balances(make):
    assert {name: t835.balance(value) for name, value in make.shapes_835().items() if t835.balance(value)} == {}


def balance_codes(ts):
    remittance, findings = t835.read_set(ts)
    assert findings == []
    return [(one.code, one.place.segment, one.place.element) for one in t835.balance(remittance, ts)]


def test_line_out_of_balance_has_its_place(set_of):
    ts = set_of("paid", (b"CAS*CO*45*200~", b"CAS*CO*45*200.01~"))
    assert balance_codes(ts) == [("X835-BAL-LINE", "SVC", 3), ("X835-BAL-CLAIM", "CLP", 4)]
    finding = t835.balance(t835.read_set(ts)[0], ts)[0]
    assert finding.place.set_control == "0001"
    assert ts.segments[finding.place.segment_number - 1][:3] == ["SVC", "HC:A0427:RH", "850"]
    assert "1 cents" in finding.message


def test_claim_out_of_balance(set_of):
    assert balance_codes(set_of("claim level adjustment", (b"CAS*PR*1*7~", b"CAS*PR*1*8~"))) == [
        ("X835-BAL-CLAIM", "CLP", 4)
    ]


def test_lines_that_do_not_add_up_to_the_claim(set_of):
    found = balance_codes(set_of("paid", (b"*987.5*600*", b"*987.6*600.1*"), (b"BPR*I*600*", b"BPR*I*600.1*")))
    assert found == [("X835-BAL-CLAIM", "CLP", 3), ("X835-BAL-CLAIM", "CLP", 4)]


def test_transaction_out_of_balance(set_of):
    assert balance_codes(set_of("paid", (b"BPR*I*600*", b"BPR*I*600.01*"))) == [("X835-BAL-TRANSACTION", "BPR", 2)]
    assert balance_codes(set_of("provider adjustments", (b"*WO:OLD1*50*", b"*WO:OLD1*-50*"))) == [
        ("X835-BAL-TRANSACTION", "BPR", 2)
    ]


def test_amt_and_patient_responsibility_never_enter_balancing(set_of):
    assert balance_codes(set_of("interest", (b"AMT*I*8.63", b"AMT*I*99"), (b"*987.5*600*150*", b"*987.5*600*1*"))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"*987.5*600*150*", b"*98x.5*600*150*"),
        (b"*987.5*600*150*", b"**600*150*"),
        (b"CAS*CO*45*200~", b"CAS*CO**200~"),
        (b"CAS*CO*45*200~", b"CAS*CO*45*2.001~"),
        (b"SVC*HC:A0427:RH*850*500*", b"SVC*HC:A0427:RH*850**"),
        (b"SVC*HC:A0427:RH*850*500**1~", b"SVC~"),
    ],
)
def test_a_claim_that_cannot_be_read_whole_is_left_out(set_of, old, new):
    ts = set_of("interest", (old, new))
    remittance, findings = t835.read_set(ts)
    assert remittance.claims == []
    [error] = [one for one in findings if one.severity is Severity.ERROR]
    assert error.code == "X835-CLAIM"
    assert error.place.segment_number
    assert [one.code for one in t835.balance(remittance)] == ["X835-UNJUDGED-TRANSACTION"]
    assert remittance.unread == [17]
    assert remittance.payee.references == []
    assert len(remittance.provider_adjustments) == 1


@pytest.mark.parametrize(
    ("old", "new", "segment"),
    [
        (b"DTM*232*20261030", b"DTM*232*20261332", "DTM"),
        (b"AMT*I*8.63", b"AMT*I", "AMT"),
        (b"AMT*I*8.63", b"AMT*I*8.6.3", "AMT"),
        (b"REF*EA*MRN5", b"REF*EA", "REF"),
        (b"DTM*472*20261030", b"DTM*472", "DTM"),
        (b"DTM*405*20261109", b"DTM*405*2026", "DTM"),
    ],
)
def test_what_no_sum_depends_on_is_left_out_alone(set_of, old, new, segment):
    remittance, findings = t835.read_set(set_of("interest", (old, new)))
    assert [(one.severity, one.code, one.place.segment) for one in findings] == [
        (Severity.WARNING, "X835-READ", segment)
    ]
    assert len(remittance.claims) == 1
    assert t835.balance(remittance) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"PLB*1003000126*20261231*L6:CRI1*-8.63~", b"PLB*1003000126*20261231*L6:CRI1*-8.x~"),
        (b"~LX*1~", b"~CAS*CO*45*1~LX*1~"),
        (b"~LX*1~", b"~SVC*HC:A0427*1*1~LX*1~"),
    ],
)
def test_money_that_belongs_nowhere_leaves_the_payment_unjudged(set_of, old, new):
    ts = set_of("interest", (old, new))
    remittance, findings = t835.read_set(ts)
    assert [(one.severity, one.code) for one in findings] == [(Severity.ERROR, "X835-READ")]
    [finding] = t835.unjudged(remittance, ts)
    assert finding.code == "X835-UNJUDGED-TRANSACTION"
    assert finding.place.segment_number == remittance.unread[0]
    assert finding.place.set_control == "0001"
    assert len(remittance.claims) == 1
    assert t835.balance(remittance, ts) == [finding]


def test_a_payment_without_its_date_keeps_its_claims(set_of):
    remittance, findings = t835.read_set(set_of("paid", (b"*20261110~TRN", b"*20261310~TRN")))
    assert [(one.code, one.place.element) for one in findings] == [("X835-DATE", 16)]
    assert findings[0].severity is Severity.ERROR
    assert (remittance.payment.date, len(remittance.claims)) == (None, 1)
    assert t835.balance(remittance) == []


@pytest.mark.parametrize("amount", [b"", b"x", b"6.001"])
def test_a_payment_without_its_amount_keeps_its_claims_and_is_not_judged(set_of, amount):
    remittance, findings = t835.read_set(set_of("paid", (b"BPR*I*600*", b"BPR*I*" + amount + b"*")))
    assert [(one.code, one.place.segment, one.place.element) for one in findings] == [("X835-AMOUNT", "BPR", 2)]
    assert remittance.payment.amount_cents is None
    assert remittance.payment.net_cents is None
    assert len(remittance.claims) == 1
    assert [one.code for one in t835.balance(remittance)] == ["X835-UNJUDGED-TRANSACTION"]
    with pytest.raises(NotRepresentable):
        t835.write_set(remittance, "0001")


def test_the_claims_around_a_broken_one_stand(set_of):
    ts = set_of("reversal and correction", (b"CLP*CRR1*1*987.5", b"CLP*CRR1*1*x"))
    remittance, findings = t835.read_set(ts)
    assert [(one.patient_control_number, one.is_reversal) for one in remittance.claims] == [
        ("CRR1", True),
        ("CRR2", False),
    ]
    assert len(findings) == 1


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        (b"*987.5*600*150*", b"*987.5*600*15O*", "CLP05"),
        (b"SVC*HC:A0427:RH*850*500**1~", b"SVC*HC*850*500**1~", "SVC01"),
        (b"SVC*HC:A0427:RH*850*500**1~", b"SVC**850*500**1~", "SVC01"),
        (b"SVC*HC:A0427:RH*850*500**1~", b"SVC*HC:A0427:RH*850*500**1.0.0~", "SVC05"),
        (b"SVC*HC:A0427:RH*850*500**1~", b"SVC*HC:A0427:RH*850*500**1**EA~", "SVC07"),
        (b"CAS*CO*45*200~", b"CAS*CO*45*100*X*253*100*1~", "CAS04"),
        (b"PLB*1003000126*20261231*", b"PLB*1003000126*2026*", "PLB02"),
    ],
)
def test_money_stands_where_only_what_is_beside_it_cannot_be_read(set_of, old, new, element):
    ts = set_of("interest", (old, new))
    remittance, findings = t835.read_set(ts)
    assert [(one.severity, one.code) for one in findings] == [(Severity.WARNING, "X835-READ")]
    assert str(findings[0].place).endswith(element)
    assert t835.balance(remittance) == []
    assert (len(remittance.claims), remittance.unread) == (1, [])
    assert len(remittance.claims[0].every_adjustment) == len(
        t835.read_set(set_of("interest"))[0].claims[0].every_adjustment
    ) + (element == "CAS04")


@pytest.mark.parametrize(
    ("old", "new", "judged"),
    [
        (b"~BPR*", b"~BPX*", False),
        (b"TRN*1*TRACE0001*1123456789", b"TRN*1*TRACE0001", True),
        (b"~TRN*1*TRACE0001*1123456789", b"", True),
        (b"~N1*PE*", b"~N1*XX*", True),
    ],
)
def test_the_claims_stand_where_the_payment_is_not_told_whole(set_of, old, new, judged):
    remittance, findings = t835.read_set(set_of("paid", (old, new)))
    assert "X835-HEADER" in [one.code for one in findings if one.severity is Severity.ERROR]
    assert len(remittance.claims) == 1
    assert (t835.balance(remittance) == []) is judged


def test_a_set_with_neither_payment_nor_claim_is_no_remittance(set_of):
    ts = set_of("paid")
    ts.segments = [segment for segment in ts.segments if segment[0] in {"ST", "TRN", "SE"}]
    assert t835.read_set(ts)[0] is None


@pytest.mark.parametrize(
    ("old", "new", "segment"),
    [
        (b"~LX*1~", b"~K3*WORDS~LX*1~", "K3"),
        (b"~REF*EV*", b"~REF*ZZ*", "REF"),
        (b"~DTM*232*", b"~DTM*009*", "DTM"),
        (b"~NM1*82*", b"~NM1*QC*", "NM1"),
        (b"~LQ*HE*N130~", b"~LQ*ZZ*N130~", "LQ"),
        (b"~SE*", b"~REF*EA*LATE~SE*", None),
    ],
)
def test_segments_without_a_place_are_told_as_info(set_of, old, new, segment):
    ts = set_of("paid", (old, new))
    remittance, findings = t835.read_set(ts)
    assert [(one.severity, one.code, one.place.segment) for one in findings] == [
        (Severity.INFO, "X835-NOT-MODELLED", segment) for segment in [segment] if segment
    ]
    assert len(remittance.claims) == 1
    assert remittance.raw is ts


WILD = {
    "LX again before every claim": [(b"~CLP*CRR2*", b"~LX*1~CLP*CRR2*")],
    "LX with a number of its own": [(b"~LX*1~", b"~LX*000123~")],
    "no LX at all": [(b"~LX*1~", b"~")],
    "no contact of the payer": [
        (b"PER*CX*CLAIMS*TE*5555550111~PER*BL*EDI DESK*TE*5555550112*EM*edi@example.test~", b"")
    ],
    "the payer told again": [(b"~LX*1~", b"~N1*PR*AGAIN~N3*ELSEWHERE~N4*OTHERTOWN*OH*43004~REF*2U*1~LX*1~")],
    "the payer told again among the claims": [(b"~CLP*CRR2*", b"~N1*PR*AGAIN~CLP*CRR2*")],
    "amounts and references at odd levels": [
        (b"~LX*1~", b"~AMT*I*5~REF*EA*1~LX*1~AMT*AU*7~"),
        (b"~SE*", b"~AMT*AU*9~SE*"),
    ],
    "names and remarks after the lines": [(b"~CLP*CRR2*", b"~NM1*TT*2*LATE*****PI*1~MOA***N1~CLP*CRR2*")],
}


@pytest.mark.parametrize("name", WILD)
def test_no_habit_of_the_wild_loses_a_claim(set_of, make, name):
    remittance, findings = t835.read_set(set_of("reversal and correction", *WILD[name]))
    assert {one.severity for one in findings} <= {Severity.INFO}
    assert [one.patient_control_number for one in remittance.claims] == ["CRR1", "CRR1", "CRR2"]
    assert remittance.payer.name == "INVENTED HEALTH PLAN"
    assert remittance.payer.address == make.payer_party().address
    assert t835.balance(remittance) == []


def test_codes_that_nobody_knows_are_kept(set_of):
    remittance, findings = t835.read_set(
        set_of(
            "paid",
            (b"~CLP*CRA1*1*", b"~CLP*CRA1*77*"),
            (b"~CAS*CO*45*200~", b"~CAS*XY*ZZZ9*200~"),
            (b"~LQ*HE*N130~", b"~LQ*HE*NEW1~"),
            (b"~MOA***MA01~", b"~MOA***NEW2~"),
        )
    )
    assert findings == []
    [claim] = remittance.claims
    assert (claim.status, claim.remarks) == ("77", ["NEW2"])
    adjusted, line = claim.lines[0].adjustments[0], claim.lines[0]
    assert (adjusted.group, adjusted.reason, line.remarks) == ("XY", "ZZZ9", ["NEW1", "M15"])
    assert t835.balance(remittance) == []


def test_claims_know_their_segments(set_of):
    ts = set_of("reversal and correction")
    remittance, _ = t835.read_set(ts)
    spans = [(one.segment_number, one.segment_last) for one in remittance.claims]
    assert [ts.segments[first - 1][0] for first, _ in spans] == ["CLP"] * 3
    assert [ts.segments[last][0] for _, last in spans] == ["CLP", "CLP", "SE"]
    cut = replace(ts, segments=ts.segments[: spans[2][0] + 3], complete=False)
    assert t835.read_set(cut)[0].claims[2].segment_last == spans[2][0] + 3


def test_groups_keep_their_claims_and_summaries(set_of):
    remittance, findings = t835.read_set(set_of("groups", (b"*12.5*", b"*x*")))
    assert [(one.severity, one.place.segment) for one in findings] == [(Severity.WARNING, "TS3")]
    assert [(one.number, one.first_claim, one.summary is None) for one in remittance.groups] == [
        ("1", 0, True),
        ("2", 2, False),
    ]


@pytest.mark.parametrize("firsts", [[1], [0, 2, 1], [0, 4]])
def test_groups_that_do_not_fit_their_claims_are_refused(make, firsts):
    value = make.grouped_remittance()
    value.groups = [t835.ClaimGroup(number="1", first_claim=one) for one in firsts]
    with pytest.raises(NotRepresentable):
        t835.write_set(value, "0001")


@pytest.mark.parametrize(
    "more",
    [
        {"patient": None},
        {"remarks": ["N1"] * 6},
        {"references": [("XX", "1")]},
        {"outpatient": t835.Figures(amounts={10: 1})},
        {"inpatient": t835.Figures(amounts={25: 1})},
    ],
)
def test_what_the_guide_has_no_place_for_is_refused(make, more):
    with pytest.raises(NotRepresentable):
        t835.write_set(make.remittance([make.remittance_claim(**more)]), "0001")


def test_reversal_interest_and_ranges(make):
    remittance = make.shapes_835()["reversal and correction"]
    assert remittance.claims[0].is_reversal
    assert make.shapes_835()["interest"].claims[0].interest_cents == 863
    many = make.remittance([make.remittance_claim()], [make.plb("WO", n + 1) for n in range(8)])
    data = t835.write_set(many, "0001").data
    assert data.count(b"~PLB*") == 2
    wide = make.remittance_claim(lines=[], adjustments=[make.adjustment("CO", str(n + 1), 1) for n in range(7)])
    assert t835.write_set(make.remittance([wide]), "0001").data.count(b"~CAS*CO*") == 2
