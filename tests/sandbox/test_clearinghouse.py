"""The whole answering of an 837: refusals, 999, 277CAs, 835s with their deposits, each outcome digit."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from edi.nacha import reading as nacha
from edi.nacha.deposits import deposits
from edi.x12.sets import t277ca, t835, t999
from edi.x12.syntax.reader import read
from sandbox.config import Delays
from sandbox.sftp_server import SWEPT

DAY = 86400


def everyone(x12):
    """One claim for each outcome digit: two payers, sets of five."""
    sets = []
    for first in (0, 5):
        payer = (
            {"payer": "10202", "name": "ALPHA HEALTH PLAN"} if first == 0 else {"payer": "20303", "name": "BETA CARE"}
        )
        sets.append(
            [
                x12.subscriber(f"W0{d}", [x12.claim(f"CLAIM{d}", [10000, 5000])], **payer)
                for d in range(first, first + 5)
            ]
        )
    return sets


def named(files, part):
    return [data for name, data in files.items() if part in name]


def reports(data):
    return [t277ca.read_set(one)[0] for one in read(data).sets]


def remittances(files):
    found = []
    for data in named(files, "_ERA_STATUS_5010_"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (x12_name,) = [name for name in archive.namelist() if name.endswith(".835")]
            assert any(name.endswith(".txt") for name in archive.namelist())
            for one in read(archive.read(x12_name)).sets:
                value, findings = t835.read_set(one)
                assert findings == []
                assert t835.balance(value) == []
                found.append(value)
    return found


def test_each_outcome_gets_its_answers(make_sandbox, x12):
    sandbox = make_sandbox(judge_fraction=1.0)
    sandbox.put("oa", "837P_000000101.txt", x12.interchange(everyone(x12)))
    sandbox.tick()
    files = sandbox.outbound("oa")

    (acknowledged,) = named(files, "_999.999")
    document = read(acknowledged)
    assert document.findings == []
    assert [(one.code, one.control_number) for one in document.interchanges[0].ta1s] == [("A", "000000101")]
    assert acknowledged.index(b"TA1*") < acknowledged.index(b"GS*")
    answer, _ = t999.read_set(document.sets[0])
    assert (answer.group_control, answer.code, answer.accepted) == ("101", "A", 2)

    (first,) = named(files, "_HCFA_277ca_")
    own = {s.patient_control_number: s for r in reports(first) for p in r.providers for s in p.patients}
    assert [r.batch_reference for r in reports(first)] == ["101-0001", "101-0002"]
    assert {r.source.kind for r in reports(first)} == {"AY"}
    assert sorted(number for number, status in own.items() if status.rejected) == ["CLAIM6"]
    assert all(len(status.clearinghouse_id) == 10 for status in own.values())

    (second,) = named(files, "_EDI_STATUS_HCFA_")
    theirs = {s.patient_control_number: s for r in reports(second) for p in r.providers for s in p.patients}
    assert sorted(theirs) == sorted(f"CLAIM{digit}" for digit in "012345789")
    assert [number for number, status in theirs.items() if status.rejected] == ["CLAIM7"]
    assert all(status.payer_control_number for number, status in theirs.items() if number != "CLAIM7")

    paid = {}
    corrected = {}
    for value in remittances(files):
        for one in value.claims:
            (corrected if one.patient_control_number in paid else paid).setdefault(
                one.patient_control_number, []
            ).append(one)
    assert {number: claims[0].paid_cents for number, claims in paid.items()} == {
        "CLAIM0": 12000,
        "CLAIM1": 12000,
        "CLAIM2": 12000,
        "CLAIM3": 12000 - paid["CLAIM3"][0].patient_responsibility_cents,
        "CLAIM4": 8000,
        "CLAIM5": 0,
        "CLAIM8": 12000,
        "CLAIM9": 15000,
    }
    assert [(one.status, one.paid_cents) for one in corrected["CLAIM8"]] == [("22", -12000), ("1", 9000)]


@pytest.mark.parametrize("judge_fraction", [0.0, 1.0])
def test_a_claim_of_96_or_86_loses_its_set_wherever_it_comes(make_sandbox, x12, judge_fraction):
    sandbox = make_sandbox(judge_fraction=judge_fraction)
    blamed = [
        x12.subscriber("W01", [x12.claim("GOOD1", [100])]),
        x12.subscriber("W96", [x12.claim("BAD96", [100, 200])]),
    ]
    placed = [x12.subscriber("W86", [x12.claim("BAD86", [100])]), x12.subscriber("W02", [x12.claim("GOOD2", [100])])]
    sound = [x12.subscriber("W03", [x12.claim("GOOD3", [100])]), x12.subscriber("W06", [x12.claim("OTHER6", [100])])]
    for control, sets in ((101, [blamed, sound, placed]), (102, [placed])):
        sandbox.put("oa", f"837P_000000{control}.txt", x12.interchange(sets, control))
    sandbox.tick()
    answers = {}
    for name, data in sandbox.outbound("oa").items():
        if name.endswith("_999.999"):
            document = read(data)
            assert document.findings == []
            answer, findings = t999.read_set(document.sets[0])
            assert findings == []
            answers[answer.group_control] = answer
    first = answers["101"]
    assert (first.code, first.included, first.accepted) == ("P", 3, 1)
    assert [one.code for one in first.sets] == ["R", "A", "R"]
    assert [e.claim_ids for one in first.sets for e in one.errors] == [["BAD96"], []]
    sent = read(x12.interchange([blamed, sound, placed])).sets
    for one, clm01, place in ((first.sets[0], "BAD96", 0), (first.sets[2], "BAD86", 2)):
        [error] = one.errors
        segments = sent[place].segments
        assert segments[error.number - 1][0] == error.segment == "SV1"
        assert [s[1] for s in segments[: error.number] if s[0] == "CLM"][-1] == clm01
    assert (answers["102"].code, answers["102"].accepted) == ("R", 0)

    lines = sandbox.journal("file")
    assert [(line["rejected_sets"], line["blamed_sets"]) for line in lines] == [
        (["0001", "0003"], ["0001", "0003"]),
        (["0001"], ["0001"]),
    ]
    went_on = {line["clm01"] for line in sandbox.journal("claim") if line["judged"] == "accepted"}
    assert went_on == {"GOOD3", "OTHER6"}
    told = {
        s.patient_control_number
        for data in named(sandbox.outbound("oa"), "_HCFA_277ca_")
        for r in reports(data)
        for p in r.providers
        for s in p.patients
    }
    assert told == went_on


def test_where_no_999_is_sent_no_set_is_lost_by_one(make_sandbox, x12):
    sandbox = make_sandbox(answers="text")
    sandbox.put("oa", "837P_000000101.txt", x12.interchange([[x12.subscriber("W96", [x12.claim("BAD96", [100])])]]))
    sandbox.tick()
    [line] = sandbox.journal("file")
    assert (line["rejected_sets"], line["blamed_sets"]) == ([], [])
    assert any("ErrorReport" in name for name in sandbox.outbound("oa"))


def test_deposits_carry_the_trace_and_the_cents_of_their_835(make_sandbox, x12):
    sandbox = make_sandbox()
    sandbox.put("oa", "837P_000000101.txt", x12.interchange(everyone(x12)))
    sandbox.tick()
    told = {
        (value.payment.trace_number, value.payment.payer_trace_id, value.payment.amount_cents)
        for value in remittances(sandbox.outbound("oa"))
        if value.payment.amount_cents
    }
    (data,) = sandbox.outbound("bank").values()
    document = nacha.read(data)
    assert document.ok
    assert {(one.trn_trace, one.payer_id, one.amount_cents) for one in deposits(document.file)} == told
    assert len(told) == 2
    journal = {(line["trace"], line["amount_cents"]) for line in sandbox.journal("remittance") if line["amount_cents"]}
    assert {(line["trace"], line["amount_cents"]) for line in sandbox.journal("deposit")} == journal


def test_the_journal_tells_every_claim_once(make_sandbox, x12):
    sandbox = make_sandbox(judge_fraction=1.0)
    sandbox.put("oa", "837P_000000101.txt", x12.interchange(everyone(x12)))
    sandbox.tick()
    sandbox.tick()
    sandbox.restart()
    sandbox.tick()
    claims = sandbox.journal("claim")
    assert sorted(line["clm01"] for line in claims) == [f"CLAIM{digit}" for digit in range(10)]
    assert {(line["file"], line["isa13"], line["judged"], line["charge_cents"]) for line in claims} == {
        ("837P_000000101.txt", "000000101", "accepted", 15000)
    }
    (file,) = sandbox.journal("file")
    assert (file["claims"], file["sets"], file["judge"], file["mode"]) == (10, 2, "pyx12", "P")


def test_pyx12_rejects_one_set_and_the_other_goes_on(make_sandbox, x12):
    sandbox = make_sandbox(judge_fraction=1.0)
    sets = [[x12.subscriber("W1", [x12.claim(f"CLAIM{n}", [10000])])] for n in (1, 2)]
    data = x12.interchange(sets).replace(b"CLM*CLAIM2*100***11:B:1", b"CLM*CLAIM2*100***XX:B:1")
    sandbox.put("oa", "837P_000000101.txt", data)
    sandbox.tick()
    answer, _ = t999.read_set(read(named(sandbox.outbound("oa"), "_999.999")[0]).sets[0])
    assert [(one.control_number, one.code) for one in answer.sets] == [("0001", "A"), ("0002", "R")]
    assert answer.sets[1].errors[0].segment == "CLM"
    assert {line["clm01"]: line["judged"] for line in sandbox.journal("claim")} == {
        "CLAIM1": "accepted",
        "CLAIM2": "rejected",
    }
    assert [one.patient_control_number for value in remittances(sandbox.outbound("oa")) for one in value.claims] == [
        "CLAIM1"
    ]


@pytest.mark.parametrize(
    ("name", "changes", "note"),
    [
        ("OATEST_837P_000000101.txt", {}, "020"),
        ("837P_000000101.txt", {"usage": "T"}, "020"),
        ("837P_000000101.txt", {"receiver": "999999999"}, "008"),
    ],
)
def test_a_wrong_envelope_is_refused_whole(make_sandbox, x12, name, changes, note):
    sandbox = make_sandbox()
    sandbox.put("oa", name, x12.interchange([[x12.subscriber("W1", [x12.claim("CLAIM1", [100])])]], **changes))
    sandbox.tick()
    (data,) = sandbox.outbound("oa").values()
    (interchange,) = read(data).interchanges
    assert [(one.code, one.note, one.control_number) for one in interchange.ta1s] == [("R", note, "000000101")]
    assert interchange.groups == []
    assert sandbox.journal("claim") == []
    assert [line["note"] for line in sandbox.journal("refused_file")] == [note]


def test_a_test_file_is_answered_as_a_test(make_sandbox, x12):
    sandbox = make_sandbox()
    data = x12.interchange([[x12.subscriber("W1", [x12.claim("CLAIM1", [100])])]], usage="T")
    sandbox.put("oa", "OATEST_837P_000000101.txt", data)
    sandbox.tick()
    assert [line["mode"] for line in sandbox.journal("claim")] == ["T"]
    assert {read(d).interchanges[0].usage for n, d in sandbox.outbound("oa").items() if not n.endswith(".zip")} == {"T"}
    assert len(remittances(sandbox.outbound("oa"))) == 1


@pytest.mark.parametrize("restart", [False, True])
def test_a_used_control_number_is_refused_and_nothing_forwarded(make_sandbox, x12, restart):
    sandbox = make_sandbox()
    sandbox.put("oa", "837P_000000101.txt", x12.interchange([[x12.subscriber("W1", [x12.claim("CLAIM1", [100])])]]))
    sandbox.tick()
    if restart:
        sandbox.restart()
    sandbox.put("oa", "837P_other.txt", x12.interchange([[x12.subscriber("W1", [x12.claim("CLAIM2", [100])])]]))
    sandbox.tick()
    assert [line["clm01"] for line in sandbox.journal("claim")] == ["CLAIM1"]
    assert [(line["file"], line["isa13"]) for line in sandbox.journal("duplicate")] == [("837P_other.txt", "000000101")]
    (refusal,) = named(sandbox.outbound("oa"), "_837P_other_999.999")
    assert read(refusal).interchanges[0].ta1s[0].note == "025"


def test_a_half_upload_waits_for_its_end(make_sandbox, x12):
    sandbox = make_sandbox()
    data = x12.interchange([[x12.subscriber("W1", [x12.claim("CLAIM1", [100])])]])
    for part in (50, 200, len(data) - 1):
        sandbox.put("oa", "837P_000000101.txt", data[:part])
        sandbox.tick()
    assert sandbox.journal() == []
    sandbox.put("oa", "837P_000000101.txt", data)
    sandbox.tick()
    assert len(sandbox.journal("claim")) == 1


def test_what_is_no_x12_is_set_aside(make_sandbox):
    sandbox = make_sandbox()
    sandbox.put("oa", "837P_1.txt", b"no X12")
    for _ in range(4):
        sandbox.tick()
    assert [(line["file"], line["note"]) for line in sandbox.journal()] == [("837P_1.txt", "unreadable")]
    assert sandbox.outbound("oa") == {}


def test_answers_come_when_business_time_has_come(make_sandbox, x12):
    sandbox = make_sandbox(delays=Delays(bank_ack_s=0, return_s=0))
    sandbox.put("oa", "837P_000000101.txt", x12.interchange([[x12.subscriber("W8", [x12.claim("CLAIM8", [10000])])]]))
    seen = []
    for seconds in (0, 3601, 14 * DAY - 60, 14 * DAY + 60, 35 * DAY + 60):
        sandbox.pass_time(seconds)
        sandbox.restart()
        sandbox.tick()
        seen.append(len(sandbox.outbound("oa")))
    assert seen == [2, 3, 3, 4, 5]
    zips = [name for name in sandbox.outbound("oa") if name.endswith(".zip")]
    today = datetime.fromtimestamp(datetime.now(UTC).timestamp() + 35 * DAY + 60, tz=UTC)
    assert any(f"{today:%Y%m%d}" in name for name in zips)


def test_a_kill_between_the_file_and_its_bookkeeping_sends_nothing_twice(make_sandbox, x12, monkeypatch):
    sandbox = make_sandbox()
    sandbox.put("oa", "837P_000000101.txt", x12.interchange(everyone(x12)))
    monkeypatch.setattr(type(sandbox.worker.desk), "done", lambda *_: None)
    sandbox.tick()
    monkeypatch.undo()
    before = (sandbox.outbound("oa"), sandbox.outbound("bank"))
    sandbox.restart()
    sandbox.tick()
    assert (sandbox.outbound("oa"), sandbox.outbound("bank")) == before
    assert len(sandbox.worker.desk) == 0


def test_a_kill_before_the_journal_takes_the_upload_up_again(make_sandbox, x12, monkeypatch):
    sandbox = make_sandbox()
    sandbox.put("oa", "837P_000000101.txt", x12.interchange(everyone(x12)))

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("sandbox.journal.Journal.append", killed)
    with pytest.raises(KeyboardInterrupt):
        sandbox.tick()
    monkeypatch.undo()
    sandbox.restart()
    sandbox.tick()
    assert len(sandbox.journal("claim")) == 10
    assert len(named(sandbox.outbound("oa"), "_999.999")) == 1
    traces = [line["trace"] for line in sandbox.journal("remittance")]
    assert len(traces) == len(set(traces)) == 3


def test_a_seeded_share_is_judged(make_sandbox, x12):
    sandbox = make_sandbox(judge_fraction=0.5)
    for number in range(1, 9):
        data = x12.interchange([[x12.subscriber("W1", [x12.claim(f"C{number}", [100])])]], number)
        sandbox.put("oa", f"837P_{number:09d}.txt", data)
    sandbox.tick()
    judges = [line["judge"] for line in sandbox.journal("file")]
    assert 0 < judges.count("pyx12") < 8
    for data in named(sandbox.outbound("oa"), "_999.999"):
        answer, findings = t999.read_set(read(data).sets[0])
        assert findings == []
        assert (answer.code, answer.accepted) == ("A", 1)


def test_half_answers_are_whole_in_the_end(make_sandbox, x12):
    sandbox = make_sandbox()
    sandbox.misbehave(half_answers_s=0.01)
    sandbox.put("oa", "837P_000000101.txt", x12.interchange([[x12.subscriber("W1", [x12.claim("CLAIM1", [100])])]]))
    sandbox.tick()
    assert all(read(d).complete for n, d in sandbox.outbound("oa").items() if not n.endswith(".zip"))


def test_files_in_flight_of_several_ticks_do_not_mix(make_sandbox, x12):
    sandbox = make_sandbox(delays=replace(Delays.none(), remit_s=100))
    for number in (1, 2):
        data = x12.interchange([[x12.subscriber("W1", [x12.claim(f"C{number}", [number * 1000])])]], number)
        sandbox.put("oa", f"837P_{number:09d}.txt", data)
        sandbox.tick()
    sandbox.pass_time(200)
    sandbox.tick()
    assert sorted(value.payment.amount_cents for value in remittances(sandbox.outbound("oa"))) == [800, 1600]
    (data,) = sandbox.outbound("bank").values()
    assert len(deposits(nacha.read(data).file)) == 2


def test_a_file_that_is_swept_while_it_is_looked_at_is_taken_in_at_the_next_look(make_sandbox, monkeypatch):
    sandbox = make_sandbox()
    home = sandbox.config.home("oa")
    sandbox.put("oa", "OATEST_837P_1.txt", b"ISA*nothing")
    reception = sandbox.worker._clearinghouse.reception
    real = reception._ready

    def swept(path):
        path.rename(home / SWEPT / path.name)
        monkeypatch.setattr(reception, "_ready", real)
        return real(path)

    monkeypatch.setattr(reception, "_ready", swept)
    reception.look()
    assert [path.name for path in (home / SWEPT).iterdir()] == ["OATEST_837P_1.txt"]
    for _ in range(5):
        reception.look()
    assert list((home / SWEPT).iterdir()) == []
