"""A partner that does not let us in: paused, told, and lifted by the next good conversation."""

import pytest

from pipeline.domain.errors import MailboxPaused, TryLater
from pipeline.first_mailboxes import clearinghouse_profile
from pipeline.settings import OfficeAllySettings
from pipeline.stages.poll import poll
from pipeline.stages.sweep import drain
from pipeline.stages.table import STAGES
from pipeline.stages.upload import upload
from transport.errors import (
    Busy,
    ConnectionLost,
    HostKeyChanged,
    Incompatible,
    LoginRefused,
    NoSpace,
    PermissionRefused,
    Unreachable,
)

REFUSALS = {
    LoginRefused: ("login_refused", "compare user and password"),
    HostKeyChanged: ("host_key_changed", "by another way"),
    Incompatible: ("refused", "rights and quota"),
    PermissionRefused: ("refused", "rights and quota"),
    NoSpace: ("refused", "rights and quota"),
}


def mailbox(edge):
    [row] = edge.rows(
        "SELECT extract(epoch FROM paused_until - now()) AS paused_s, pause_reason, failures FROM mailbox"
        " WHERE name = 'clearinghouse'"
    )
    return row


def refuse(edge, file_id, error):
    edge.partner.refusal = error
    with pytest.raises(MailboxPaused):
        upload(edge.ctx, edge.org, file_id)


@pytest.mark.parametrize("error", REFUSALS)
def test_a_refusal_pauses_for_long_tells_a_person_why_and_is_not_repeated(edge, error):
    first, second = edge.files(2)
    refuse(edge, first, error("invented secret-word"))
    code, cure = REFUSALS[error]
    assert 1700 < mailbox(edge).paused_s <= 1800
    [told] = edge.rows("SELECT type, subject_kind, subject_id, reason FROM work_exception")
    assert (told.type, told.subject_kind, told.subject_id) == (code, "mailbox", edge.box_id)
    assert cure in told.reason
    assert "secret-word" not in told.reason
    for file_id in (first, second):
        edge.run("UPDATE outbound_file SET lease_until = NULL")
        upload(edge.ctx, edge.org, file_id)
    poll(edge.ctx, edge.org, edge.box_id)
    assert edge.partner.logins == 1
    assert edge.states()[1] == "RESERVED"


@pytest.mark.parametrize("error", [LoginRefused, HostKeyChanged])
def test_the_next_good_login_lifts_it_and_what_waited_goes(edge, error):
    first, second = edge.files(2)
    refuse(edge, first, error("invented"))
    edge.partner.refusal = None
    edge.let_leases_end()
    poll(edge.ctx, edge.org, edge.box_id)
    assert (mailbox(edge).paused_s, mailbox(edge).pause_reason, mailbox(edge).failures) == (None, None, 0)
    assert edge.open_exceptions() == []
    assert edge.due("upload", first) <= 0
    drain(edge.ctx, STAGES)
    assert edge.states() == ["SENT", "SENT"]
    assert edge.due("upload", second) is None


@pytest.mark.parametrize("error", [LoginRefused, HostKeyChanged])
def test_a_changed_credential_lifts_it_at_once_and_only_its_success_settles_the_exception(edge, error):
    files = edge.files(2)
    refuse(edge, files[0], error("invented"))
    edge.profile()
    assert edge.open_exceptions() == [REFUSALS[error][0]]
    with pytest.raises(MailboxPaused):
        upload(edge.ctx, edge.org, files[1])  # still refused: paused again, told once
    assert edge.open_exceptions() == [REFUSALS[error][0]]
    edge.partner.refusal = None
    edge.profile()
    drain(edge.ctx, STAGES)
    assert edge.states() == ["SENT", "SENT"]
    assert edge.open_exceptions() == []


def test_an_unreachable_host_is_tried_ever_more_rarely_and_told_the_third_time(edge):
    [file_id] = edge.files(1)
    pauses = []
    for _ in range(4):
        refuse(edge, file_id, Unreachable("invented"))
        pauses.append(round(mailbox(edge).paused_s))
        told = edge.open_exceptions()
        assert told == (["unreachable"] if len(pauses) > 2 else [])
        edge.let_leases_end()
    assert pauses == [5, 10, 20, 40]
    edge.partner.refusal = None
    upload(edge.ctx, edge.org, file_id)
    assert edge.states() == ["SENT"]
    assert edge.open_exceptions() == []


@pytest.mark.parametrize("error", [ConnectionLost, Busy])
def test_a_hiccup_pauses_nothing(edge, error):
    [file_id] = edge.files(1)
    edge.partner.refusal = error("invented")
    with pytest.raises(TryLater) as raised:
        upload(edge.ctx, edge.org, file_id)
    assert not isinstance(raised.value, MailboxPaused)
    assert mailbox(edge).paused_s is None
    assert 0 < edge.due("upload", file_id) <= 5


def test_officeally_enabled_false_holds_every_file(edge, monkeypatch):
    for name, value in {
        "OFFICEALLY_ENABLED": "false",
        "OFFICEALLY_INTERCHANGE_ID": "INVEMS",
        "OFFICEALLY_SUBMITTER_NAME": "INVENTED EMS",
        "OFFICEALLY_SUBMITTER_ID": "INVEMS",
        "OFFICEALLY_CONTACT_PHONE": "5555550100",
        "OFFICEALLY_FTP_HOST": "127.0.0.1",
        "OFFICEALLY_FTP_USER": "oa",
        "OFFICEALLY_FTP_PASSWORD": "invented",
        "OFFICEALLY_FTP_HOST_KEY": "ssh-ed25519 AAAA",
    }.items():
        monkeypatch.setenv(name, value)
    seed = OfficeAllySettings(_env_file=None)
    files = edge.files(1)
    _, profile = clearinghouse_profile(seed)
    edge.profile(profile, enabled=seed.enabled, staging_folder="staging", min_gap_s=0)
    drain(edge.ctx, STAGES)
    assert edge.states() == ["RESERVED"]
    assert "write" not in edge.partner.log
    monkeypatch.setenv("OFFICEALLY_ENABLED", "true")
    edge.profile(profile, enabled=OfficeAllySettings(_env_file=None).enabled, min_gap_s=0)
    drain(edge.ctx, STAGES)
    assert edge.state(files[0]) == "SENT"
