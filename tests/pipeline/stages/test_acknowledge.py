"""acknowledge: every answer finds what it answers, counts once, in any order, and never half."""

from dataclasses import replace

import pytest
from at_once import at_once
from x12_replies import BAD, REFUSED, claim, envelope, reply, report, status, ta1

from edi.x12.sets import t277ca
from edi.x12.syntax.envelope import write_interchange
from pipeline.domain.mailbox import UploadStyle
from pipeline.stages import acknowledge as stage
from pipeline.stages.acknowledge import acknowledge
from pipeline.stages.upload import upload
from transport.errors import ConnectionLost


# -- TA1 --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["A", "E"])
def test_an_accepting_ta1_changes_nothing_of_a_file_that_is_sent(answers, edge, code):
    _, number = answers.out(1)
    file_id = answers.come(write_interchange(envelope(1), [], [ta1(number, code)]))
    assert edge.states() == ["SENT"]
    assert answers.inbound(file_id) == "APPLIED"
    assert edge.open_exceptions() == []


def test_a_ta1_proves_that_a_file_in_doubt_has_arrived(answers, edge):
    [file_id] = edge.files(1, upload_style=UploadStyle.DIRECT)
    edge.partner.at(1, "after", ConnectionLost("invented"))
    upload(edge.ctx, edge.org, file_id)
    assert edge.open_exceptions() == ["upload_unknown"]
    answers.come(write_interchange(envelope(1), [], [ta1(1, "A")]))
    assert edge.states() == ["SENT"]
    assert edge.open_exceptions() == []


def test_a_refusing_ta1_holds_every_claim_of_the_interchange(answers, edge):
    _, number = answers.out(3)
    answers.come(write_interchange(envelope(1), [], [ta1(number, "R", "025")]))
    assert edge.states() == ["REJECTED"]
    assert answers.submissions() == ["SET_REJECTED"] * 3
    assert answers.claims() == ["HELD"] * 3
    assert edge.open_exceptions() == ["file_rejected"]
    assert "note 025" in edge.value("SELECT min(reason) FROM work_exception")


def test_a_ta1_before_the_group_is_read_as_well(answers, edge):
    _, number = answers.out(1)
    answers.come(reply(number, "A", ("0001", "A"), ta1s=[ta1(number, "A")]))
    assert (edge.states(), answers.submissions()) == (["ACCEPTED"], ["SET_ACCEPTED"])


# -- 999 --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["A", "E"])
def test_an_accepted_group_without_sets_accepts_all(answers, edge, code):
    _, number = answers.out(3)
    answers.come(reply(number, code, included=3))
    assert (edge.states(), answers.submissions()) == (["ACCEPTED"], ["SET_ACCEPTED"] * 3)


def test_each_set_has_its_own_verdict(answers, edge):
    """Set numbers come back without their zeros from some."""
    _, number = answers.out(4)
    data = reply(number, "P", ("0001", "A"), ("0002", "E"), ("0003", "R"), ("0004", "R"), included=4)
    answers.come(data.replace(b"837*0001", b"837*1").replace(b"837*0003", b"837*3").replace(b"837*0004", b"837*004"))
    assert edge.states() == ["ACCEPTED"]
    assert answers.submissions() == ["SET_ACCEPTED", "SET_ACCEPTED", "SET_REJECTED", "SET_REJECTED"]
    assert answers.claims() == ["SUBMITTED", "SUBMITTED", "REJECTED", "REJECTED"]
    assert edge.open_exceptions() == ["set_rejected"] * 2
    assert "segment 22 CLM" in edge.value("SELECT min(reason) FROM work_exception")
    kept = edge.rows("SELECT acknowledgment AS a FROM transaction_set ORDER BY position")
    assert [row.a for row in kept] == ["A", "E", "R", "R"]


def test_a_refused_group_refuses_its_sets_whatever_is_said_of_each(answers, edge):
    _, number = answers.out(2)
    answers.come(reply(number, "R", ("0001", "A"), ("0002", "R"), included=2))
    assert (edge.states(), answers.submissions()) == (["REJECTED"], ["SET_REJECTED"] * 2)


def test_a_999_proves_that_a_file_in_doubt_was_sent(answers, edge):
    [file_id] = edge.files(1, upload_style=UploadStyle.DIRECT)
    edge.partner.at(1, "during", ConnectionLost("invented"))
    upload(edge.ctx, edge.org, file_id)
    answers.come(reply(1, "A", ("0001", "A")))
    assert (edge.states(), answers.submissions()) == (["ACCEPTED"], ["SET_ACCEPTED"])
    assert edge.open_exceptions() == []


@pytest.mark.parametrize("style", [UploadStyle.STAGING, UploadStyle.DIRECT])
def test_a_999_to_a_file_whose_worker_died_ends_the_upload(answers, edge, killed, style):
    [file_id] = edge.files(1, upload_style=style)
    edge.partner.at(1 if style is UploadStyle.DIRECT else 3, "after", killed())
    with pytest.raises(killed):
        upload(edge.ctx, edge.org, file_id)
    answers.come(reply(1, "A", ("0001", "A")))
    edge.let_leases_end()
    upload(edge.ctx, edge.org, file_id)
    assert edge.states() == ["ACCEPTED"]
    assert edge.open_exceptions() == []
    assert len(edge.partner.arrived) == 1


def test_set_numbers_that_the_file_does_not_have_go_to_a_person(answers, edge):
    _, number = answers.out(1)
    answers.come(reply(number, "P", ("0001", "A"), ("0009", "R"), included=2))
    assert answers.submissions() == ["SET_ACCEPTED"]
    assert edge.open_exceptions() == ["unknown_answer"]


@pytest.mark.parametrize(
    "data",
    [reply(777, "A", ("0001", "A")), write_interchange(envelope(1), [], [ta1(777, "R")])],
    ids=["999", "TA1"],
)
def test_an_answer_to_a_number_that_we_never_sent_goes_to_a_person(answers, edge, data):
    answers.out(1)
    file_id = answers.come(data)
    assert (edge.states(), answers.submissions()) == (["SENT"], ["IN_FILE"])
    assert edge.open_exceptions() == ["unknown_answer"]
    assert "777" in edge.value("SELECT reason FROM work_exception")
    assert answers.inbound(file_id) == "APPLIED"


def test_an_answer_to_a_file_that_is_still_here_is_not_believed(answers, edge):
    _, number = answers.out(1, send=False)
    answers.come(reply(number, "A", ("0001", "A")))
    assert (edge.states(), answers.submissions()) == (["RESERVED"], ["IN_FILE"])
    assert edge.open_exceptions() == ["unknown_answer"]


def test_answers_that_deny_each_other_go_to_a_person_and_the_first_stands(answers, edge):
    _, number = answers.out(1)
    answers.come(reply(number, "A", ("0001", "A")))
    answers.come(reply(number, "R", ("0001", "R")))
    assert (edge.states(), answers.submissions(), answers.claims()) == (["ACCEPTED"], ["SET_ACCEPTED"], ["SUBMITTED"])
    assert edge.open_exceptions() == ["contradictory_answer"] * 2  # on the file and on the claim


# -- 277CA ------------------------------------------------------------------------------------------------------------
def test_clearinghouse_then_payer(answers, edge):
    [one, two, three], number = answers.out(3)
    answers.come(reply(number, "A", included=3))
    told = [claim(one.clm01, clearinghouse_id="OA1"), claim(two.clm01), claim(three.clm01, BAD)]
    answers.come(report(*told, batch=f"{number:09d}-0001"))
    assert answers.submissions() == ["CLEARINGHOUSE_ACCEPTED", "CLEARINGHOUSE_ACCEPTED", "CLEARINGHOUSE_REJECTED"]
    answers.come(report(claim(one.clm01, payer_control_number="P1"), claim(two.clm01, BAD), by="PR", number=2))
    assert answers.submissions() == ["PAYER_ACCEPTED", "PAYER_REJECTED", "CLEARINGHOUSE_REJECTED"]
    assert answers.claims() == ["SUBMITTED", "REJECTED", "REJECTED"]
    assert edge.open_exceptions() == ["claim_rejected"] * 2
    [row] = edge.rows("SELECT clearinghouse_id AS oa, payer_control_number AS icn FROM submission ORDER BY id LIMIT 1")
    assert (row.oa, row.icn) == ("OA1", "P1")
    assert "A7:562:85" in edge.value("SELECT min(reason) FROM work_exception")


def test_later_before_earlier_never_climbs_down_and_is_recorded(answers, edge):
    [one], number = answers.out(1)
    answers.come(report(claim(one.clm01, payer_control_number="P1"), by="PR"))
    answers.come(report(claim(one.clm01, clearinghouse_id="OA1"), number=2))
    answers.come(reply(number, "A", ("0001", "A")))
    assert (answers.submissions(), edge.states()) == (["PAYER_ACCEPTED"], ["ACCEPTED"])
    [row] = edge.rows("SELECT clearinghouse_id AS oa, payer_control_number AS icn, status_codes AS s FROM submission")
    assert (row.oa, row.icn) == ("OA1", "P1")
    late = edge.rows("SELECT detail, state FROM history WHERE event = 'late_answer' ORDER BY id")
    assert [(r.detail, r.state) for r in late] == [
        ("clearinghouse_accepted", "PAYER_ACCEPTED"),
        ("set_accepted", "PAYER_ACCEPTED"),
    ]
    assert edge.open_exceptions() == []


@pytest.mark.parametrize(("first", "then"), [("PR", "AY"), ("AY", "AY")])
def test_a_refusal_after_an_acceptance_further_on_goes_to_a_person(answers, edge, first, then):
    [one], _ = answers.out(1)
    answers.come(report(claim(one.clm01), by=first))
    answers.come(report(claim(one.clm01, BAD), by=then, number=2))
    if first == "PR":
        assert (answers.submissions(), answers.claims()) == (["PAYER_ACCEPTED"], ["SUBMITTED"])
        assert edge.open_exceptions() == ["contradictory_answer"]
    else:  # the same house thought again: its later word counts
        assert (answers.submissions(), answers.claims()) == (["CLEARINGHOUSE_REJECTED"], ["REJECTED"])
        assert edge.open_exceptions() == ["claim_rejected"]


def test_an_acceptance_after_a_refusal_goes_to_a_person(answers, edge):
    [one], _ = answers.out(1)
    answers.come(report(claim(one.clm01, BAD)))
    answers.come(report(claim(one.clm01), by="PR", number=2))
    assert (answers.submissions(), answers.claims()) == (["CLEARINGHOUSE_REJECTED"], ["REJECTED"])
    assert edge.open_exceptions() == ["claim_rejected", "contradictory_answer"]


@pytest.fixture
def npi(edge):
    """The NPI of the tenant's billing provider."""
    return edge.value("SELECT npi FROM billing_provider")


def test_a_rejected_provider_covers_its_claims_listed_or_not(answers, edge, npi):
    [one, _two, _other_set], number = answers.out(3, claims_per_set=2)
    answers.come(report(claim(one.clm01), provider=BAD, npi=npi, batch=f"{number:09d}-0001"))
    assert answers.submissions() == ["CLEARINGHOUSE_REJECTED"] * 2 + ["IN_FILE"]
    assert answers.claims() == ["REJECTED", "REJECTED", "SUBMITTED"]


def test_a_rejected_provider_that_lists_nobody(answers, edge, npi):
    _, number = answers.out(2, claims_per_set=2)
    answers.come(report(provider=BAD, npi="1111111112", batch=f"{number:09d}-0001"))
    assert answers.submissions() == ["IN_FILE"] * 2  # another's provider
    answers.come(report(provider=BAD, npi=npi, batch=f"{number:09d}-0001", number=2))
    assert answers.submissions() == ["CLEARINGHOUSE_REJECTED"] * 2


@pytest.mark.parametrize("listed", [0, 1])
def test_a_rejected_batch_covers_its_set_listed_or_not(answers, edge, listed):
    claims, number = answers.out(3, claims_per_set=2)
    told = [claim(c.clm01, BAD) for c in claims[:listed]]
    answers.come(report(*told, receiver=REFUSED, provider=None, batch=f"{number:09d}-0001"))
    assert answers.submissions() == ["CLEARINGHOUSE_REJECTED"] * 2 + ["IN_FILE"]
    assert edge.open_exceptions() == ["claim_rejected"] * 2


def test_a_rejected_batch_that_we_cannot_find_goes_to_a_person(answers, edge):
    answers.out(1)
    answers.come(report(receiver=REFUSED, provider=None, batch="SOMETHING"))
    assert answers.submissions() == ["IN_FILE"]
    assert edge.open_exceptions() == ["unmatched_status"]


def test_claims_that_are_not_ours_go_to_a_person_and_ours_count(answers, edge):
    [one], _ = answers.out(1)
    answers.come(report(claim("NOTOURS0000001"), claim(one.clm01)))
    assert answers.submissions() == ["CLEARINGHOUSE_ACCEPTED"]
    assert edge.open_exceptions() == ["unmatched_status"]


def test_an_answer_meets_the_submission_it_names_not_the_latest(answers, edge):
    """A late word on a first try must not settle the second."""
    [one], first = answers.out(1)
    edge.run(
        "INSERT INTO submission (org_id, claim_id, file_id, set_id, ordinal, attempt, state)"
        " SELECT org_id, claim_id, :f, set_id, 0, 2, 'IN_FILE' FROM submission",
        f=_a_further_file(answers, edge),
    )
    answers.come(report(claim(one.clm01, BAD), batch=f"{first:09d}-0001"))
    rows = edge.rows("SELECT attempt, state FROM submission WHERE claim_id = :c ORDER BY attempt", c=one.id)
    assert [tuple(r) for r in rows] == [(1, "CLEARINGHOUSE_REJECTED"), (2, "IN_FILE")]
    assert edge.value("SELECT state FROM claim WHERE id = :c", c=one.id) == "SUBMITTED"


def _a_further_file(answers, edge):
    edge.run("UPDATE claim SET lot_id = NULL")
    return edge.value(
        "INSERT INTO outbound_file (id, org_id, mailbox_id, kind, mode, exchange, control_number, name, state, claims,"
        " amount_cents, business_at) SELECT nextval('outbound_file_id_seq'), org_id, mailbox_id, kind, mode, exchange,"
        " control_number + 1, 'next', 'SENT', 1, 0, now() FROM outbound_file RETURNING id"
    )


# -- once -------------------------------------------------------------------------------------------------------------
def test_the_same_content_under_another_name_is_one_answer(answers, edge):
    [one], _ = answers.out(1)
    data = report(claim(one.clm01, BAD))
    first = answers.come(data, name="a")
    before = answers.history()
    assert answers.come(data, name="b") == first
    assert answers.history() == before
    assert edge.open_exceptions() == ["claim_rejected"]


def test_run_again_it_changes_nothing(answers, edge):
    [one], number = answers.out(1)
    for data in (reply(number, "A", ("0001", "A")), report(claim(one.clm01, BAD))):
        file_id = answers.come(data)
        before = answers.history()
        acknowledge(edge.ctx, edge.org, file_id)
        assert answers.history() == before
        assert edge.due("acknowledge", file_id) is None


def test_two_workers_at_once_apply_a_file_once(answers, edge, monkeypatch):
    claims, _number = answers.out(6)
    file_id = answers.store(report(*(claim(c.clm01, BAD) for c in claims)))
    applied = []
    real = stage._apply
    monkeypatch.setattr(stage, "_apply", lambda *args: (applied.append(1), real(*args)))
    at_once([lambda: acknowledge(edge.ctx, edge.org, file_id)] * 3)
    assert applied == [1]
    assert edge.open_exceptions() == ["claim_rejected"] * 6
    assert edge.value("SELECT count(*) FROM history WHERE event = 'clearinghouse_rejected'") == 6


# -- damage -----------------------------------------------------------------------------------------------------------
def _cut_in_the_middle(data):
    return data[: data.index(b"AK9")] + data[data.index(b"GE*") :]


DAMAGES = {
    "cut before the trailer": lambda data: data[: data.index(b"SE*")],
    "a set that ends in mid-air": _cut_in_the_middle,
    "no verdict on the group": lambda data: data.replace(b"AK9*A", b"AK9*"),
    "no verdict on a set": lambda data: data.replace(b"IK5*A", b"IK5*"),
    "another count of segments": lambda data: data.replace(b"SE*", b"SE*9"),
    "another control number at the end": lambda data: data.replace(b"IEA*1*0", b"IEA*1*1"),
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_999_is_applied_nowhere(answers, edge, how):
    _, number = answers.out(2)
    whole = reply(number, "A", ("0001", "A"), ("0002", "A"), included=2)
    file_id = answers.come(DAMAGES[how](whole))
    assert DAMAGES[how](whole) != whole
    assert (edge.states(), answers.submissions()) == (["SENT"], ["IN_FILE"] * 2)
    assert answers.inbound(file_id) == "QUARANTINED"
    assert edge.open_exceptions() == ["quarantined"]
    assert edge.due("acknowledge", file_id) is None
    answers.come(whole)
    assert answers.submissions() == ["SET_ACCEPTED"] * 2


def test_a_good_set_beside_a_damaged_one_is_not_applied_either(answers, edge):
    [one, two], _number = answers.out(2)
    good, bad = report(claim(one.clm01, BAD)), report(claim(two.clm01, BAD), number=2)
    answers.come(good + bad[: bad.index(b"SE*")])
    assert answers.submissions() == ["IN_FILE"] * 2
    assert edge.open_exceptions() == ["quarantined"]


@pytest.mark.parametrize("broken", [b"STC*A7", b"STC*A7:562:85*2026AB20*U"], ids=["no code", "a broken date"])
def test_a_status_that_cannot_be_read_is_no_acceptance(answers, edge, broken):
    [one], _ = answers.out(1)
    data = report(claim(one.clm01, BAD), receiver=None, provider=None)
    whole = data[data.index(b"STC*") : data.index(b"~", data.index(b"STC*"))]
    answers.come(data.replace(whole, broken))
    assert "ACCEPTED" not in answers.submissions()[0]


def test_a_claim_without_any_status_is_no_acceptance(answers, edge):
    [one], _ = answers.out(1)
    data = report(claim(one.clm01, BAD), receiver=None, provider=None)
    start = data.index(b"STC*")
    end = data.index(b"~", start) + 1
    count = data[data.index(b"SE*") + 3 :].split(b"*")[0]
    damaged = (data[:start] + data[end:]).replace(b"SE*" + count, b"SE*%d" % (int(count) - 1))
    file_id = answers.come(damaged)
    assert answers.submissions() == ["IN_FILE"]
    assert answers.inbound(file_id) == "QUARANTINED"
    assert "X277-NO-STATUS" in edge.value("SELECT reason FROM work_exception")


@pytest.mark.parametrize(
    ("told", "submission"),
    [(status("A7", "WQ", "562", "85"), "CLEARINGHOUSE_ACCEPTED"), (status("A2", "U"), "CLEARINGHOUSE_REJECTED")],
)
def test_a_status_that_contradicts_itself_counts_by_its_action_and_goes_to_a_person(answers, edge, told, submission):
    [one], _ = answers.out(1)
    answers.come(report(claim(one.clm01, told), receiver=None, provider=None))
    assert answers.submissions() == [submission]
    reasons = [row.reason for row in edge.rows("SELECT reason FROM work_exception WHERE type = 'contradictory_answer'")]
    assert len(reasons) == 1
    assert told.category in reasons[0]


@pytest.mark.parametrize("action", ["WQ", None])
def test_a_claim_that_was_not_found_is_neither_accepted_nor_rejected(answers, edge, action):
    [one, two], _ = answers.out(2)
    data = report(claim(one.clm01, status("A4", "WQ", "35")), claim(two.clm01), receiver=None, provider=None)
    answers.come(data if action else data.replace(b"*WQ*", b"**", 1))
    assert answers.submissions() == ["IN_FILE", "CLEARINGHOUSE_ACCEPTED"]
    assert answers.claims() == ["SUBMITTED", "SUBMITTED"]
    [row] = edge.rows("SELECT type, subject_id, reason FROM work_exception WHERE state = 'OPEN'")
    assert (row.type, row.subject_id) == ("claim_not_found", one.id)
    assert "A4:35" in row.reason
    answers.come(report(claim(one.clm01), number=2))
    assert answers.submissions()[0] == "CLEARINGHOUSE_ACCEPTED"
    assert edge.open_exceptions() == []


def test_a_payer_s_claim_not_found_is_not_settled_by_the_clearinghouse(answers, edge):
    """Whichever comes first: that the clearinghouse has passed a claim on is no news to a payer who cannot find it."""
    [one], _ = answers.out(1)
    unknown = claim(one.clm01, status("A4", "WQ", "35"))
    answers.come(report(unknown, receiver=None, provider=None))
    answers.come(report(unknown, by="PR", receiver=None, provider=None, number=2))
    answers.come(report(claim(one.clm01), number=3))
    [row] = edge.rows("SELECT type, reason FROM work_exception WHERE state = 'OPEN'")
    assert row.type == "claim_not_found"
    assert row.reason.startswith("the payer says")
    answers.come(report(claim(one.clm01), by="PR", number=4))
    assert edge.open_exceptions() == []


def test_a_claim_with_nothing_but_a_rejected_line_is_rejected(answers, edge):
    [one], _ = answers.out(1)
    line = t277ca.LineStatus(procedure="A0427", charge_cents=100, statuses=[replace(BAD, charge_cents=None)])
    data = report(claim(one.clm01, status("A3", "U", "247", None), lines=[line]))
    answers.come(data.replace(b"STC*A3:247*20261120*U*1~", b"REF*D9*OA7~"))
    assert answers.submissions() == ["CLEARINGHOUSE_REJECTED"]
    assert "A7:562:85" in edge.value("SELECT reason FROM work_exception WHERE type = 'claim_rejected'")


@pytest.mark.parametrize("old", [b"0002", b"2"])
def test_a_997_is_worth_a_999(answers, edge, old):
    _, number = answers.out(2)
    data = reply(number, "P", ("0001", "A"), ("0002", "R"), included=2)
    data = data.replace(b"ST*999*0001*005010X231A1", b"ST*997*0001").replace(b"*005010X231A1~", b"*004010~")
    data = data.replace(b"IK3*", b"AK3*").replace(b"IK5*", b"AK5*").replace(b"AK2*837*0002*", b"AK2*837*%s*" % old)
    answers.come(data, kind="x12:997")
    assert answers.submissions() == ["SET_ACCEPTED", "SET_REJECTED"]


def test_a_set_that_is_no_answer_goes_to_a_person(answers, edge, money, decide, claim_document):
    file_id = answers.come(money.era(amount=0), kind="x12:835")
    assert edge.open_exceptions() == ["unknown_answer"]
    assert "835" in edge.value("SELECT reason FROM work_exception")
    assert answers.inbound(file_id) == "APPLIED"
