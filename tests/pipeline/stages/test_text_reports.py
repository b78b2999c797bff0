"""Text reports move what the X12 answers move that say the same: once, in any order, beside them or alone."""

import json
import threading

import pytest
from officeally_reports import FILE_ID, status, status_row, summary, summary_row
from x12_answers import claim_status, envelope, status_report
from x12_replies import at, reply

from edi.kinds import kind_of
from edi.officeally import Section, write_edi_status, write_file_summary
from edi.x12.sets import t277ca
from edi.x12.syntax.envelope import write_interchange
from pipeline.domain.errors import TryLater
from pipeline.domain.mailbox import UploadStyle
from pipeline.services.story import story
from pipeline.stages.acknowledge import acknowledge
from pipeline.stages.upload import upload
from pipeline.store.reports import folds
from transport.errors import ConnectionLost, NoSpace


class Reports:
    """Reports on the claims that `answers.out` sent."""

    def __init__(self, answers):
        self.answers = answers
        self.edge = answers.edge

    def names(self):
        return [row.name for row in self.edge.rows("SELECT name FROM outbound_file ORDER BY id")]

    def summary(self, claims, errors=(), pending=(), name=None, **given):
        """The clearinghouse's word: claims in `errors` (places) are refused with SUB01, those in `pending` wait."""
        rows = [
            summary_row(
                place + 1,
                claim.clm01,
                Section.ERROR if place in errors else Section.PENDING if place in pending else Section.ACCEPTED,
                errors="SUB01" if place in errors else None,
                payer_id=None,
            )
            for place, claim in enumerate(claims)
        ]
        rows.sort(key=lambda row: list(Section).index(row.section))
        return self.of(rows, uploaded_name=name or self.names()[-1], **given)

    def of(self, rows, **given):
        return self.come(write_file_summary(summary(rows, **given)), name=f"FS_HCFA_{FILE_ID}_IN_C.txt")

    def failed(self, **given):
        given = {"uploaded_name": self.names()[-1], "failure": "THE FILE COULD NOT BE PROCESSED", "legend": []} | given
        return self.of([], **given)

    def come(self, data, **given):
        return self.answers.come(data, kind=kind_of(data), **given)

    def payers(self, *rows, **given):
        return self.come(write_edi_status(status(list(rows), **given)))

    def reasons(self):
        rows = self.edge.rows("SELECT type, reason FROM work_exception WHERE state = 'OPEN' ORDER BY id")
        return [(row.type, row.reason) for row in rows]

    def sound(self):
        with self.edge.tx() as tx:
            return folds(tx) == []


@pytest.fixture
def reports(answers):
    return Reports(answers)


# -- File Summary -----------------------------------------------------------------------------------------------------
def test_accepted_claims_get_their_number_and_prove_that_the_file_was_taken(reports, answers, edge):
    claims, _ = answers.out(2)
    file_id = reports.summary(claims)
    assert (edge.states(), answers.submissions()) == (["ACCEPTED"], ["CLEARINGHOUSE_ACCEPTED"] * 2)
    assert answers.claims() == ["SUBMITTED"] * 2
    kept = edge.rows("SELECT clearinghouse_id AS id FROM submission ORDER BY id")
    assert [row.id for row in kept] == ["1000000001", "1000000002"]
    assert (answers.inbound(file_id), edge.open_exceptions()) == ("APPLIED", [])
    assert reports.sound()


def test_the_partner_s_file_id_is_told_in_the_claim_s_story(reports, answers, edge):
    claims, _ = answers.out(1)
    reports.summary(claims)
    events = story(edge.ctx, edge.org, "test", claims[0].clm01).events
    told = [event.detail for event in events if event.what == "reported"]
    assert told == [f"Office Ally's file id {FILE_ID}"]


def test_a_claim_with_errors_is_rejected_with_codes_and_the_legend_s_words(reports, answers, edge):
    claims, _ = answers.out(2)
    reports.summary(claims, errors=[1])
    assert answers.submissions() == ["CLEARINGHOUSE_ACCEPTED", "CLEARINGHOUSE_REJECTED"]
    assert answers.claims() == ["SUBMITTED", "REJECTED"]
    assert edge.states() == ["ACCEPTED"]
    assert edge.value("SELECT status_codes FROM submission ORDER BY id DESC LIMIT 1") == "SUB01"
    [(kind, reason)] = reports.reasons()
    assert kind == "claim_rejected"
    assert "SUB01 (THE SUBSCRIBER ID IS NOT OF THE PAYER'S FORM)" in reason


def test_an_error_without_a_code_rejects_and_says_where_to_look(reports, answers):
    claims, _ = answers.out(1)
    reports.of([summary_row(1, claims[0].clm01, Section.ERROR, errors="SEE BELOW")], uploaded_name=reports.names()[-1])
    assert answers.claims() == ["REJECTED"]
    [(_, reason)] = reports.reasons()
    assert "see the report" in reason
    assert "SEE BELOW" not in reason


def test_a_pending_claim_is_noted_and_stays(reports, answers, edge):
    claims, _ = answers.out(2)
    reports.summary(claims, pending=[0, 1])
    assert (edge.states(), answers.submissions()) == (["SENT"], ["IN_FILE"] * 2)
    noted = edge.rows("SELECT detail FROM history WHERE event = 'late_answer'")
    assert [row.detail for row in noted] == ["pending at the clearinghouse"] * 2
    reports.summary(claims)
    assert (edge.states(), answers.submissions()) == (["ACCEPTED"], ["CLEARINGHOUSE_ACCEPTED"] * 2)


@pytest.mark.parametrize("by", ["clearinghouse", "payer"])
def test_what_is_pending_has_come_in_and_does_not_go_again(reports, answers, edge, by):
    [bad, one], number = answers.out(2, claims_per_set=2)
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
    assert answers.claims() == ["REJECTED", "VALIDATED"]
    if by == "payer":
        reports.payers(status_row(one.clm01, "PENDING"))
    else:
        reports.of([summary_row(1, one.clm01, Section.PENDING)], uploaded_name=reports.names()[-1])
    assert answers.claims() == ["REJECTED", "HELD"]
    told = [reason for type_, reason in reports.reasons() if type_ == "contradictory_answer" and "is held" in reason]
    assert len(told) == 1
    assert reports.sound()


def test_a_report_is_not_about_a_try_that_the_partner_cannot_see(reports, answers, edge, flow):
    [bad, one], number = answers.out(2, claims_per_set=2)
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
    flow.go_on(stages=2)
    edge.partner.at(1, "before", NoSpace("invented"))
    edge.run("UPDATE mailbox SET last_sent_at = NULL")
    with pytest.raises(TryLater):
        upload(edge.ctx, edge.org, edge.value("SELECT max(id) FROM outbound_file"))
    reports.payers(status_row(one.clm01, "ACCEPTED"))
    assert (edge.states(), flow.state(one)) == (["REJECTED", "STAGING"], "HELD")
    assert flow.submissions(one) == [(1, "SET_REJECTED"), (2, "IN_FILE")]


@pytest.mark.parametrize("named", [True, False], ids=["by its name", "by its claims"])
def test_a_file_in_doubt_is_proven(reports, answers, edge, named):
    [file_id] = edge.files(1, upload_style=UploadStyle.DIRECT)
    edge.partner.at(1, "during", ConnectionLost("invented"))
    upload(edge.ctx, edge.org, file_id)
    assert edge.open_exceptions() == ["upload_unknown"]
    clm01 = edge.value("SELECT clm01 FROM claim")
    reports.of([summary_row(1, clm01)], uploaded_name=reports.names()[0] if named else "NOBODY_KNOWS.txt")
    assert (edge.states(), edge.open_exceptions()) == (["ACCEPTED"], [])


@pytest.mark.parametrize("form", ["{}", "C:\\UPLOADS\\{}", "/inbound/{}", "invems_1088623388_{}"])
def test_a_name_is_found_behind_what_a_partner_puts_before_it(reports, answers, edge, form):
    claims, _ = answers.out(1)
    name = form.format(reports.names()[0].upper())
    reports.of([summary_row(1, claims[0].clm01, Section.PENDING)], uploaded_name=name)
    assert edge.value("SELECT count(*) FROM history WHERE event = 'reported'") == 1


def test_the_notice_of_a_split_names_the_file_too(reports, answers, edge):
    claims, _ = answers.out(2)
    name = reports.names()[0]
    for place, claim in enumerate(claims):
        given = {"uploaded_name": None, "split_name": name, "split_into": 2, "file_id": f"108862339{place}"}
        reports.of([summary_row(1, claim.clm01)], **given)
    assert (edge.states(), answers.submissions()) == (["ACCEPTED"], ["CLEARINGHOUSE_ACCEPTED"] * 2)
    told = edge.rows("SELECT detail FROM history WHERE event = 'reported' ORDER BY id")
    assert [row.detail for row in told] == ["Office Ally's file id 1088623390", "Office Ally's file id 1088623391"]


def test_a_failed_file_holds_every_claim_of_it_for_a_person(reports, answers, edge):
    answers.out(3)
    reports.failed()
    assert (edge.states(), answers.submissions()) == (["REJECTED"], ["SET_REJECTED"] * 3)
    assert answers.claims() == ["HELD"] * 3
    assert edge.open_exceptions() == ["file_rejected"]
    assert "no claim was made of it" in reports.reasons()[0][1]


def test_a_file_whose_counts_are_all_zero_has_failed(reports, answers, edge):
    answers.out(1)
    reports.failed(failure=None)
    assert (edge.states(), answers.claims()) == (["REJECTED"], ["HELD"])


@pytest.mark.parametrize("known", [True, False], ids=["never left", "unknown"])
def test_a_report_on_a_file_that_never_left_goes_to_a_person(reports, answers, edge, known):
    answers.out(1, send=False)
    reports.failed(**({} if known else {"uploaded_name": "NOBODY_KNOWS.txt"}))
    assert (edge.states(), answers.submissions()) == (["RESERVED"], ["IN_FILE"])
    assert edge.open_exceptions() == ["unknown_answer"]


def test_claims_of_a_file_that_never_left_are_not_known(reports, answers, edge):
    claims, _ = answers.out(1, send=False)
    reports.summary(claims, name="NOBODY_KNOWS.txt")
    assert (edge.states(), answers.submissions()) == (["RESERVED"], ["IN_FILE"])
    assert edge.open_exceptions() == ["unmatched_status"]


# -- EDI Status -------------------------------------------------------------------------------------------------------
def test_the_payers_verdicts_bring_their_number_and_their_words(reports, answers, edge):
    claims, _ = answers.out(2)
    reports.summary(claims)
    reports.payers(
        status_row(claims[0].clm01),
        status_row(claims[1].clm01, "REJECTED", clearinghouse_id="1000000002", text="A7:562:85 DOE, JO IS NOT COVERED"),
    )
    assert answers.submissions() == ["PAYER_ACCEPTED", "PAYER_REJECTED"]
    assert answers.claims() == ["SUBMITTED", "REJECTED"]
    row, other = edge.rows("SELECT payer_control_number AS number, status_codes FROM submission ORDER BY id")
    assert (row.number, other.number, other.status_codes) == ("9000000000001", None, "A7:562:85")
    [(kind, reason)] = reports.reasons()
    assert (kind, "A7:562:85" in reason, "DOE" in reason) == ("claim_rejected", True, False)
    assert reports.sound()


def test_the_payer_s_text_is_sealed_with_the_exception(reports, answers, edge):
    claims, _ = answers.out(1)
    reports.payers(status_row(claims[0].clm01, "REJECTED", text="DOE, JO IS NOT COVERED"))
    row = edge.rows("SELECT id, findings FROM work_exception")[0]
    assert b"DOE" not in bytes(row.findings)
    with edge.tx() as tx:
        [told] = json.loads(tx.keys.open("work_exception", "findings", row.id, bytes(row.findings)))
    assert told["message"] == "DOE, JO IS NOT COVERED"
    assert "no code is told" in reports.reasons()[0][1]


def test_a_payer_s_word_proves_that_the_file_was_taken(reports, answers, edge):
    claims, _ = answers.out(1)
    reports.payers(status_row(claims[0].clm01))
    assert (edge.states(), answers.submissions()) == (["ACCEPTED"], ["PAYER_ACCEPTED"])


def test_another_status_is_noted_and_goes_to_a_person(reports, answers, edge):
    claims, _ = answers.out(1)
    reports.payers(status_row(claims[0].clm01, "PENDING"))
    assert answers.submissions() == ["IN_FILE"]
    assert edge.open_exceptions() == ["unknown_answer"]


def test_the_clearinghouse_s_number_tells_which_version_is_meant(reports, answers, edge):
    """A replacement keeps CLM01: only the number of the clearinghouse tells the two apart."""
    claims, _ = answers.out(1)
    reports.summary(claims)
    edge.run(
        "INSERT INTO claim (id, org_id, clm01, version, frequency, external_hmac, index_key_id, content_sha256, state,"
        " payer_id, charge_cents, patient_paid_cents, document) SELECT id + 900000, org_id, clm01, 2, '7', external_hmac,"
        " index_key_id, content_sha256, 'SUBMITTED', payer_id, charge_cents, 0, document FROM claim"
    )
    edge.run(
        "INSERT INTO submission (id, org_id, claim_id, file_id, set_id, ordinal, attempt, state, clearinghouse_id)"
        " SELECT id + 900000, org_id, claim_id + 900000, file_id, set_id, 2, 1, 'IN_FILE', '2000000002' FROM submission"
    )
    reports.payers(status_row(claims[0].clm01, clearinghouse_id="1000000001"))
    assert answers.submissions() == ["PAYER_ACCEPTED", "IN_FILE"]
    reports.payers(status_row(claims[0].clm01, clearinghouse_id="2000000002"))
    assert answers.submissions() == ["PAYER_ACCEPTED"] * 2


# -- once, in any order, beside X12 -----------------------------------------------------------------------------------
def test_twice_changes_nothing_more(reports, answers, edge):
    claims, _ = answers.out(2)
    file_id = reports.summary(claims, errors=[1])
    before = answers.history()
    acknowledge(edge.ctx, edge.org, file_id)
    assert answers.history() == before


def test_two_workers_at_once_apply_it_once(reports, answers, edge):
    claims, _ = answers.out(3)
    data = write_file_summary(summary([summary_row(1, c.clm01) for c in claims], uploaded_name=reports.names()[0]))
    file_id = answers.store(data, kind=kind_of(data))
    workers = [threading.Thread(target=acknowledge, args=(edge.ctx, edge.org, file_id)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    counted = "SELECT count(*) FROM history WHERE event = 'clearinghouse_accepted'"
    assert (edge.value(counted), answers.inbound(file_id)) == (3, "APPLIED")


def test_the_error_twin_says_it_again_and_is_only_recorded(reports, answers, edge):
    claims, _ = answers.out(2)
    reports.summary(claims, errors=[1])
    twin = summary([summary_row(1, claims[1].clm01, Section.ERROR, errors="SUB01")], uploaded_name=reports.names()[-1])
    reports.come(write_file_summary(twin), name=f"FS_HCFA_{FILE_ID}ErrorReport.txt")
    assert answers.submissions() == ["CLEARINGHOUSE_ACCEPTED", "CLEARINGHOUSE_REJECTED"]
    assert edge.open_exceptions() == ["claim_rejected"]


def test_a_summary_after_the_payer_s_word_is_late_and_still_brings_the_number(reports, answers, edge):
    claims, _ = answers.out(1)
    reports.payers(status_row(claims[0].clm01, clearinghouse_id=None))
    reports.summary(claims)
    assert answers.submissions() == ["PAYER_ACCEPTED"]
    assert edge.value("SELECT clearinghouse_id FROM submission") == "1000000001"
    assert edge.open_exceptions() == []


def test_the_clearinghouse_refusing_what_the_payer_accepted_is_a_contradiction(reports, answers, edge):
    claims, _ = answers.out(1)
    reports.payers(status_row(claims[0].clm01))
    reports.summary(claims, errors=[0])
    assert (answers.submissions(), answers.claims()) == (["PAYER_ACCEPTED"], ["SUBMITTED"])
    assert edge.open_exceptions() == ["contradictory_answer"]


def test_the_clearinghouse_accepting_what_it_refused_is_a_contradiction(reports, answers, edge):
    claims, _ = answers.out(1)
    reports.summary(claims, errors=[0])
    reports.summary(claims)
    assert (answers.submissions(), answers.claims()) == (["CLEARINGHOUSE_REJECTED"], ["REJECTED"])
    assert sorted(edge.open_exceptions()) == ["claim_rejected", "contradictory_answer"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_beside_x12_the_same_is_said_once(reports, answers, edge, order):
    """Clearinghouse's 277CA, File Summary and EDI Status of the same claims, in any order."""
    claims, _ = answers.out(2)
    x12 = status_report([claim_status(c.clm01) for c in claims], kind="AY")
    said = [
        lambda: answers.come(write_interchange(envelope("HN", t277ca.VERSION), [t277ca.write_set(x12, "0001").data])),
        lambda: reports.summary(claims),
        lambda: reports.payers(*(status_row(c.clm01) for c in claims)),
    ]
    for place in order:
        said[place]()
    assert (answers.submissions(), edge.states()) == (["PAYER_ACCEPTED"] * 2, ["ACCEPTED"])
    assert edge.open_exceptions() == []
    assert reports.sound()


def test_a_failed_file_that_was_accepted_before_is_a_contradiction(reports, answers, edge):
    claims, _ = answers.out(1)
    reports.summary(claims)
    reports.failed()
    assert (edge.states(), answers.submissions()) == (["ACCEPTED"], ["CLEARINGHOUSE_ACCEPTED"])
    assert sorted(edge.open_exceptions()) == ["contradictory_answer"] * 2


def test_a_claim_that_a_report_names_twice_moves_once(reports, answers, edge):
    claims, _ = answers.out(1)
    twice = [summary_row(n, claims[0].clm01, Section.ERROR, errors="SUB01") for n in (1, 2)]
    reports.of(twice, uploaded_name=reports.names()[0])
    assert (answers.submissions(), edge.open_exceptions()) == (["CLEARINGHOUSE_REJECTED"], ["claim_rejected"])


def test_claims_that_are_not_ours_go_to_a_person_and_the_others_move(reports, answers, edge):
    claims, _ = answers.out(1)
    reports.of([summary_row(1, claims[0].clm01), summary_row(2, "CNOTOURS000001")], uploaded_name=reports.names()[0])
    reports.payers(status_row("CNOTOURS000001"))
    assert answers.submissions() == ["CLEARINGHOUSE_ACCEPTED"]
    assert edge.open_exceptions() == ["unmatched_status"] * 2
    assert "1 claims of a text report (File Summary)" in reports.reasons()[0][1]


def test_a_report_with_a_row_that_cannot_be_read_is_applied_nowhere(reports, answers, edge):
    claims, _ = answers.out(2)
    data = write_file_summary(summary([summary_row(n, c.clm01) for n, c in enumerate(claims)], uploaded_name="x.txt"))
    file_id = reports.come(data.replace(claims[1].clm01.encode(), b"C 0           "))
    assert (answers.inbound(file_id), edge.states(), answers.submissions()) == (
        "QUARANTINED",
        ["SENT"],
        ["IN_FILE"] * 2,
    )
    assert edge.open_exceptions() == ["quarantined"]
    assert "columns" in reports.reasons()[0][1]
