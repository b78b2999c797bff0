"""upload: whatever breaks, and wherever, the partner gets the exact bytes once."""

from dataclasses import replace

import pytest
from at_once import at_once

from pipeline.domain.errors import ModeMismatch, TryLater
from pipeline.domain.mailbox import Mode, UploadStyle
from pipeline.stages import upload as stage
from pipeline.stages.sweep import drain
from pipeline.stages.table import STAGES
from pipeline.stages.upload import check_modes, upload, upload_lot
from transport.errors import AlreadyExists, Busy, ConnectionLost, Incomplete, NoSpace, Unreachable

STAGED_STYLES = [UploadStyle.STAGING, UploadStyle.SUFFIX]


def go(edge, file_id, killed, tries=8):
    """What workers and the sweep do together: try, and try again after the lease, until nothing is left to do."""
    for _ in range(tries):
        try:
            upload(edge.ctx, edge.org, file_id)
        except (TryLater, killed):
            edge.let_leases_end()
            continue
        if edge.state(file_id) == "SENT":
            return
    raise AssertionError(f"not sent: {edge.state(file_id)}")


def assert_once(edge, file_id):
    """The partner has it once, byte for byte, and nothing of it lies about."""
    name, box = edge.file(file_id).name, edge.partner.box
    assert [data for arrived, data in edge.partner.arrived if arrived == name] == [edge.bytes_of(file_id)]
    assert [f.name for folder in ("staging", "inbound") for f in box.list(folder) if name in f.name] in ([name], [])
    assert edge.state(file_id) == "SENT"
    assert edge.due("upload", file_id) is None


@pytest.mark.parametrize("style", STAGED_STYLES)
@pytest.mark.parametrize("mode", ["before", "during", "after"])
@pytest.mark.parametrize("dies", [False, True], ids=["connection lost", "killed"])
def test_a_break_at_any_step_and_again_in_the_repair_leaves_one_whole_file(edge, killed, style, mode, dies):
    steps = [(first, second) for first in range(1, 4) for second in (0, 1, 2, 3, 4)]
    files = edge.files(len(steps), upload_style=style)
    for file_id, (first, second) in zip(files, steps, strict=True):
        error = killed() if dies else ConnectionLost("invented")
        edge.partner.at(first, mode, error)
        with pytest.raises((TryLater, killed)):
            upload(edge.ctx, edge.org, file_id)
        edge.let_leases_end()
        if second:
            edge.partner.at(second, mode, error)
        go(edge, file_id, killed)
        edge.partner.script.clear()
        assert_once(edge, file_id)
    assert edge.open_exceptions() == []


@pytest.mark.parametrize("error", [Busy("x"), Incomplete("x"), NoSpace("x"), Unreachable("x")])
def test_every_refusal_of_a_write_is_outlived(edge, killed, error):
    [file_id] = edge.files(1)
    edge.partner.at(1, "during", error)
    with pytest.raises(TryLater):
        upload(edge.ctx, edge.org, file_id)
    edge.let_leases_end()
    go(edge, file_id, killed)
    assert_once(edge, file_id)
    assert edge.open_exceptions() == []


@pytest.mark.parametrize("event", ["staged", "renaming"])
@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after it"])
def test_a_commit_whose_outcome_is_unknown_is_read_again_not_guessed(edge, killed, monkeypatch, event, after):
    [file_id] = edge.files(1)
    real = stage._commit
    broken = []

    def commit(ctx, org_id, job, step):
        if step.event != event or broken:
            return real(ctx, org_id, job, step)
        broken.append(step.event)
        if after:
            real(ctx, org_id, job, step)
        raise TryLater("database: connection lost")

    monkeypatch.setattr(stage, "_commit", commit)
    go(edge, file_id, killed)
    assert broken == [event]
    assert_once(edge, file_id)


def test_killed_between_rename_and_its_record_it_is_only_recorded(edge, killed, monkeypatch):
    [file_id] = edge.files(1)
    real = stage._sent
    monkeypatch.setattr(stage, "_sent", lambda *_: (_ for _ in ()).throw(killed()))
    with pytest.raises(killed):
        upload(edge.ctx, edge.org, file_id)
    assert edge.state(file_id) == "RENAMING"
    monkeypatch.setattr(stage, "_sent", real)
    edge.let_leases_end()
    go(edge, file_id, killed)
    assert_once(edge, file_id)
    assert edge.partner.log.count("write") == edge.partner.log.count("rename") == 1


@pytest.mark.parametrize("mode", ["before", "after"])
def test_a_partner_who_takes_files_away_at_once_is_not_sent_them_again(edge, killed, mode):
    [file_id] = edge.files(1)
    edge.partner.sweeps = True
    edge.partner.at(3, mode, ConnectionLost("invented"))  # the rename
    with pytest.raises(TryLater):
        upload(edge.ctx, edge.org, file_id)
    assert edge.state(file_id) == "RENAMING"
    edge.let_leases_end()
    go(edge, file_id, killed)
    assert_once(edge, file_id)
    assert edge.partner.box.list("inbound") == []


# -- fences -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("style", STAGED_STYLES)
@pytest.mark.parametrize("when", ["write", "size", "rename"])
def test_a_worker_thought_dead_cannot_send_a_second_copy(edge, style, when):
    [file_id] = edge.files(1, upload_style=style)

    def takes_over():
        edge.let_leases_end()
        upload(edge.ctx, edge.org, file_id)

    edge.partner.on(when, takes_over)
    upload(edge.ctx, edge.org, file_id)
    assert_once(edge, file_id)
    assert edge.partner.box.list("staging") == []
    assert edge.open_exceptions() == []


def test_a_stale_fence_commits_nothing_and_takes_its_own_temporary_with_it(edge, killed):
    [file_id] = edge.files(1)

    def another_takes_over_and_dies():
        edge.let_leases_end()
        edge.partner.at(2, "after", killed())  # its list, then its write
        with pytest.raises(killed):
            upload(edge.ctx, edge.org, file_id)

    edge.partner.on("write", another_takes_over_and_dies)
    upload(edge.ctx, edge.org, file_id)
    found = edge.file(file_id)
    assert (found.state, found.fence) == ("STAGING", 2)
    assert edge.partner.arrived == []
    edge.let_leases_end()
    go(edge, file_id, killed)
    assert_once(edge, file_id)


def test_a_server_that_looks_at_the_target_first_does_not_alarm_anybody(edge):
    """After another worker's rename some servers say "exists", not "no such file"."""
    [file_id] = edge.files(1)

    def another_was_faster():
        edge.let_leases_end()
        upload(edge.ctx, edge.org, file_id)
        raise AlreadyExists("invented")

    edge.partner.on("rename", another_was_faster)
    upload(edge.ctx, edge.org, file_id)
    assert_once(edge, file_id)
    assert edge.open_exceptions() == []


def test_a_name_that_is_taken_goes_to_a_person_and_mends_by_itself_once_freed(edge, killed):
    [file_id] = edge.files(1)
    name = edge.file(file_id).name
    edge.partner.box.write("inbound", name, b"somebody's")
    with pytest.raises(TryLater):
        upload(edge.ctx, edge.org, file_id)
    assert (edge.state(file_id), edge.open_exceptions()) == ("RENAMING", ["upload_unknown"])
    assert edge.partner.box.read("inbound", name) == b"somebody's"
    edge.partner.box.delete("inbound", name)
    edge.let_leases_end()
    go(edge, file_id, killed)
    assert_once(edge, file_id)
    assert edge.open_exceptions() == []


@pytest.mark.parametrize("there", [True, False], ids=["temporary there", "temporary gone"])
def test_found_in_renaming(edge, killed, there):
    [file_id] = edge.files(1)
    edge.partner.at(2, "before", killed())  # the look at the temporary, before the rename
    with pytest.raises(killed):
        upload(edge.ctx, edge.org, file_id)
    assert edge.state(file_id) == "RENAMING"
    if not there:
        edge.partner.box.delete("staging", edge.file(file_id).temporary_name)
    edge.let_leases_end()
    upload(edge.ctx, edge.org, file_id)
    assert edge.state(file_id) == "SENT"
    assert len(edge.partner.arrived) == (1 if there else 0)


def test_two_workers_at_once_send_each_file_once(edge):
    files = edge.files(4)
    lot = edge.value("SELECT max(id) FROM lot")
    at_once([lambda: upload_lot(edge.ctx, edge.org, lot)] * 3)
    for file_id in files:
        assert_once(edge, file_id)
    assert edge.partner.log.count("write") == 4


def test_a_file_that_breaks_does_not_hold_up_its_lot(edge):
    first, second = edge.files(2)
    edge.run("UPDATE outbound_file SET sha256 = '\\x00' WHERE id = :id", id=first)
    upload_lot(edge.ctx, edge.org, edge.value("SELECT max(id) FROM lot"))
    assert (edge.state(first), edge.state(second)) == ("RESERVED", "SENT")
    assert edge.due("upload", first) is not None


# -- a mailbox that changes under way ---------------------------------------------------------------------------------
CHANGES = {
    "to direct": {"upload_style": UploadStyle.DIRECT},
    "to a suffix": {"upload_style": UploadStyle.SUFFIX},
    "to another folder": {"staging_folder": "outbound"},
}


@pytest.mark.parametrize("step", [2, 3], ids=["found in staged", "found in renaming"])
@pytest.mark.parametrize("change", CHANGES)
def test_what_was_begun_is_ended_where_it_was_begun(edge, killed, monkeypatch, change, step):
    """A temporary that is looked for in the wrong place is not there, and would be taken for renamed."""
    [file_id] = edge.files(1)
    real = stage._commit

    def dies(ctx, org_id, job, asked):
        done = real(ctx, org_id, job, asked)
        if asked.event == ("staged", "renaming")[step - 2]:
            raise killed
        return done

    monkeypatch.setattr(stage, "_commit", dies)
    with pytest.raises(killed):
        upload(edge.ctx, edge.org, file_id)
    monkeypatch.setattr(stage, "_commit", real)
    edge.profile(**CHANGES[change])
    edge.let_leases_end()
    go(edge, file_id, killed)
    assert_once(edge, file_id)


def test_a_direct_write_is_in_doubt_whatever_the_mailbox_says_by_now(edge, killed):
    [file_id] = edge.files(1, upload_style=UploadStyle.DIRECT)
    edge.partner.at(1, "after", killed())
    with pytest.raises(killed):
        upload(edge.ctx, edge.org, file_id)
    edge.profile(upload_style=UploadStyle.STAGING)
    edge.let_leases_end()
    upload(edge.ctx, edge.org, file_id)
    assert (edge.state(file_id), len(edge.partner.arrived)) == ("UNKNOWN", 1)


# -- direct: no rename, so no safe retry ------------------------------------------------------------------------------
@pytest.fixture
def direct(edge):
    [file_id] = edge.files(1, upload_style=UploadStyle.DIRECT)
    return file_id


def test_direct_writes_under_the_final_name(edge, direct):
    upload(edge.ctx, edge.org, direct)
    assert_once(edge, direct)
    assert edge.partner.log == ["write"]


@pytest.mark.parametrize("mode", ["during", "after"])
def test_a_broken_direct_write_is_unknown_and_never_sent_again(edge, direct, mode):
    edge.partner.at(1, mode, ConnectionLost("invented"))
    upload(edge.ctx, edge.org, direct)
    assert (edge.state(direct), edge.open_exceptions()) == ("UNKNOWN", ["upload_unknown"])
    edge.let_leases_end()
    upload(edge.ctx, edge.org, direct)
    edge.profile()  # wakes what waits
    drain(edge.ctx, STAGES)
    assert edge.partner.log.count("write") == 1
    assert edge.state(direct) == "UNKNOWN"


@pytest.mark.parametrize("mode", ["during", "after"])
def test_a_direct_write_that_was_killed_is_unknown_too(edge, direct, killed, mode):
    edge.partner.sweeps = True  # what came has been taken away: its place tells nothing
    edge.partner.at(1, mode, killed())
    with pytest.raises(killed):
        upload(edge.ctx, edge.org, direct)
    edge.let_leases_end()
    upload(edge.ctx, edge.org, direct)
    assert (edge.state(direct), edge.open_exceptions()) == ("UNKNOWN", ["upload_unknown"])
    assert edge.partner.log.count("write") == 1


def test_a_direct_write_that_the_partner_refused_half_way_is_unknown_too(edge, direct):
    edge.partner.at(1, "during", NoSpace("invented"))
    with pytest.raises(TryLater):
        upload(edge.ctx, edge.org, direct)
    assert edge.state(direct) == "STAGING"
    edge.let_leases_end()
    upload(edge.ctx, edge.org, direct)
    assert edge.state(direct) == "UNKNOWN"
    assert edge.partner.log.count("write") == 1


def test_a_direct_upload_that_never_began_goes_later(edge, direct):
    edge.partner.refusal = Unreachable("invented")
    with pytest.raises(TryLater):
        upload(edge.ctx, edge.org, direct)
    assert edge.state(direct) == "RESERVED"
    edge.partner.refusal = None
    edge.let_leases_end()
    upload(edge.ctx, edge.org, direct)
    assert_once(edge, direct)


# -- what holds a file back -------------------------------------------------------------------------------------------
def test_a_disabled_mailbox_holds_its_files_and_enabling_it_lets_them_go(edge):
    files = edge.files(2)
    edge.profile(enabled=False)
    for file_id in files:
        upload(edge.ctx, edge.org, file_id)
        assert edge.due("upload", file_id) > 60
    assert edge.states() == ["RESERVED", "RESERVED"]
    assert edge.partner.logins == 0
    edge.profile(enabled=True)
    drain(edge.ctx, STAGES)
    for file_id in files:
        assert_once(edge, file_id)


def test_the_pace_of_the_profile_is_kept(edge):
    first, second = edge.files(2, min_gap_s=60)
    upload(edge.ctx, edge.org, first)
    upload(edge.ctx, edge.org, second)
    assert edge.states() == ["SENT", "RESERVED"]
    assert 50 < edge.due("upload", second) <= 60
    edge.run("UPDATE mailbox SET last_sent_at = last_sent_at - interval '61 seconds'")
    upload(edge.ctx, edge.org, second)
    assert_once(edge, second)


def test_an_hour_sees_no_more_files_than_the_profile_allows(edge):
    files = edge.files(5, files_per_hour=4)
    for file_id in files:
        upload(edge.ctx, edge.org, file_id)
    assert edge.states() == ["SENT", "SENT", "RESERVED", "RESERVED", "RESERVED"]  # half of them at once
    assert all(1190 < edge.due("upload", file_id) <= 1200 for file_id in files[2:])
    edge.run("UPDATE mailbox SET pace_until = pace_until - interval '1201 seconds'")
    for file_id in files[2:]:
        upload(edge.ctx, edge.org, file_id)
    assert edge.states() == ["SENT", "SENT", "SENT", "RESERVED", "RESERVED"]
    edge.profile(files_per_hour=None)
    for file_id in files[3:]:
        upload(edge.ctx, edge.org, file_id)
    assert edge.states() == ["SENT"] * 5


def test_a_file_whose_bytes_lie_at_the_partner_needs_no_place_in_the_allowance(edge, killed):
    first, second = edge.files(2, files_per_hour=1)
    edge.partner.at(2, "before", killed())
    with pytest.raises(killed):
        upload(edge.ctx, edge.org, first)
    assert edge.state(first) == "RENAMING"
    edge.run("UPDATE outbound_file SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL")
    upload(edge.ctx, edge.org, first)
    upload(edge.ctx, edge.org, second)
    assert edge.states() == ["SENT", "RESERVED"]


@pytest.mark.parametrize(("pace", "states"), [({"min_gap_s": 0.001}, ["SENT", "RESERVED"]), ({}, ["SENT", "SENT"])])
def test_a_mailbox_with_a_pace_carries_one_file_at_a_time(edge, pace, states):
    """The second worker comes while the first is writing."""
    first, second = edge.files(2, **pace)
    edge.partner.on("rename", lambda: upload(edge.ctx, edge.org, second))
    upload(edge.ctx, edge.org, first)
    assert edge.states() == states
    upload(edge.ctx, edge.org, second)
    assert edge.states() == ["SENT", "SENT"]


def test_a_paused_mailbox_is_not_even_asked(edge):
    [file_id] = edge.files(1)
    edge.run("UPDATE mailbox SET paused_until = now() + interval '90 seconds', pause_reason = 'login_refused'")
    upload(edge.ctx, edge.org, file_id)
    assert (edge.state(file_id), edge.partner.logins) == ("RESERVED", 0)
    assert 80 < edge.due("upload", file_id) <= 90


def test_another_worker_s_lease_is_waited_for(edge):
    [file_id] = edge.files(1)
    edge.run("UPDATE outbound_file SET state = 'STAGING', fence = 1, lease_until = now() + interval '1 minute'")
    upload(edge.ctx, edge.org, file_id)
    assert edge.state(file_id) == "STAGING"
    assert edge.partner.logins == 0


@pytest.mark.parametrize("style", [*STAGED_STYLES, UploadStyle.DIRECT])
def test_a_missing_folder_is_told_and_never_taken_for_success(edge, style):
    [file_id] = edge.files(1, upload_style=style)
    edge.profile(upload_folder="elsewhere")
    with pytest.raises(TryLater):
        upload(edge.ctx, edge.org, file_id)
    assert edge.state(file_id) != "SENT"
    assert edge.open_exceptions() == ["folder_missing"]
    edge.profile(upload_folder="inbound")
    edge.let_leases_end()
    drain(edge.ctx, STAGES)
    assert edge.state(file_id) == "SENT"
    assert len(edge.partner.arrived) == 1
    assert edge.open_exceptions() == []


# -- test and production ----------------------------------------------------------------------------------------------
MISMATCHES = {
    "a test file in a production mailbox": "UPDATE mailbox SET mode = 'P' WHERE name = 'clearinghouse'",
    "a production name in a test mailbox": "UPDATE outbound_file SET name = '837P_000000001.txt'",
    "a production file in a test mailbox": "UPDATE outbound_file SET mode = 'P'",
}


@pytest.mark.parametrize("what", MISMATCHES)
def test_no_file_leaves_by_a_mailbox_of_the_other_mode(edge, what):
    [file_id] = edge.files(1)
    edge.run(MISMATCHES[what])
    upload(edge.ctx, edge.org, file_id)
    assert (edge.state(file_id), edge.partner.logins) == ("RESERVED", 0)
    assert edge.open_exceptions() == ["mode_mismatch"]
    assert edge.due("upload", file_id) is None


def test_isa15_is_looked_at_as_well(edge):
    [file_id] = edge.files(1)
    edge.run("UPDATE mailbox SET mode = 'P' WHERE name = 'clearinghouse'")
    edge.run("UPDATE outbound_file SET mode = 'P', name = '837P_000000001.txt'")
    upload(edge.ctx, edge.org, file_id)
    assert edge.state(file_id) == "RESERVED"
    [reason] = [row.reason for row in edge.rows("SELECT reason FROM work_exception")]
    assert reason.startswith("ISA15 disagrees")


def test_check_modes_takes_what_agrees(edge):
    [file_id] = edge.files(1)
    file, data = edge.file(file_id), edge.bytes_of(file_id)
    check_modes(file, Mode.TEST, data)
    production = replace(file, mode=Mode.PRODUCTION, name="837P_000000001.txt")
    check_modes(production, Mode.PRODUCTION, data[:102] + b"P" + data[103:])
    with pytest.raises(ModeMismatch, match="OATEST"):
        check_modes(replace(file, mode=Mode.PRODUCTION), Mode.PRODUCTION, data[:102] + b"P" + data[103:])


# -- payments ---------------------------------------------------------------------------------------------------------
def test_a_payment_file_that_no_longer_stands_is_voided_even_after_a_broken_try(edge, monkeypatch):
    [file_id] = edge.files(1)
    edge.run(
        "UPDATE outbound_file SET kind = 'ACH', state = 'STAGING', fence = 1, lease_until = now() - interval '1 s'"
    )
    monkeypatch.setattr(stage.standings, "recheck", lambda *_: ["a hold"])
    upload(edge.ctx, edge.org, file_id)
    assert edge.state(file_id) == "VOIDED"
    assert edge.due("upload", file_id) is None
    assert edge.due("release", edge.org) is not None


def test_a_file_that_is_gone_or_sent_is_nothing_to_do(edge):
    [file_id] = edge.files(1)
    upload(edge.ctx, edge.org, file_id)
    upload(edge.ctx, edge.org, file_id)
    upload(edge.ctx, edge.org, file_id + 1)
    assert edge.partner.log.count("write") == 1
