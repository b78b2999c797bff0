"""The SFTP client against a real server that refuses, cuts and lies."""

import os
import socket
import threading

import asyncssh
import paramiko
import pytest

from sandbox.journal import read_journal
from transport.errors import (
    AskPerson,
    ConnectionLost,
    HostKeyChanged,
    Incompatible,
    LoginRefused,
    NoSpace,
    NotFound,
    PermissionRefused,
    RetryLater,
    Unreachable,
)
from transport.sftp import SftpConfig, SftpMailbox


def test_secrets_stay_out_of_the_repr():
    config = SftpConfig(
        host="h", username="u", password="pass-word", private_key="key-text", host_key="ssh-ed25519 AAAA"
    )
    assert "pass-word" not in repr(config)
    assert "key-text" not in repr(config)


def test_a_refused_login_asks_for_a_person_and_tells_no_secret(partner):
    for login in (partner.login_with(password="wrong-word"), partner.login_with(username="nobody-here")):
        with pytest.raises(LoginRefused) as refused:
            SftpMailbox(login)
        assert isinstance(refused.value, AskPerson)
        assert "wrong-word" not in str(refused.value)
        assert "nobody-here" not in str(refused.value)


def test_no_credential_at_all_is_refused_before_any_try(partner):
    with pytest.raises(LoginRefused):
        SftpMailbox(partner.login_with(password=None))


def test_an_account_that_is_locked_is_a_refused_login(partner):
    partner.misbehave(refuse_login=["oa"])
    with pytest.raises(LoginRefused):
        SftpMailbox(partner.login)


def test_another_host_key_is_noticed_before_the_password_is_sent(partner):
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    with pytest.raises(HostKeyChanged):
        SftpMailbox(partner.login_with(host_key=other))


def test_a_host_key_of_another_type_is_a_changed_key(partner):
    other = asyncssh.generate_private_key("ecdsa-sha2-nistp256").export_public_key().decode().strip()
    with pytest.raises(HostKeyChanged):
        SftpMailbox(partner.login_with(host_key=other))


def test_a_second_line_pins_the_successor(partner):
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    SftpMailbox(partner.login_with(host_key=f"{other}\n{partner.login.host_key} comment\n")).close()


def test_a_pinned_key_of_an_unknown_type_is_incompatible(partner):
    with pytest.raises(Incompatible):
        SftpMailbox(partner.login_with(host_key="ssh-dss AAAA"))


@pytest.mark.parametrize("text", ["", "ssh-ed25519", "\n"])
def test_a_missing_pin_is_the_callers_mistake(partner, text):
    with pytest.raises(ValueError):
        SftpMailbox(partner.login_with(host_key=text))


def test_a_closed_port_is_unreachable(partner):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable) as error:
            SftpMailbox(partner.login_with(port=taken.getsockname()[1]))
    assert isinstance(error.value, RetryLater)


def test_an_unknown_host_is_unreachable(partner):
    with pytest.raises(Unreachable):
        SftpMailbox(partner.login_with(host="no-such-host.invalid"))


def test_a_port_that_speaks_no_ssh_is_unreachable(partner):
    def hang_up() -> None:
        server.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=hang_up)
        answering.start()
        with pytest.raises(Unreachable):
            SftpMailbox(partner.login_with(port=server.getsockname()[1]))
        answering.join()


def test_a_silent_port_gives_up_after_the_timeout(partner):
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(Unreachable):
        SftpMailbox(partner.login_with(port=server.getsockname()[1], connect_timeout_s=0.3))


def test_a_cut_in_mid_upload_is_a_lost_connection_with_a_part_left(partner):
    partner.misbehave(cut_upload_after_bytes=100_000, cut_times=1)
    with SftpMailbox(partner.login) as box, pytest.raises(ConnectionLost):
        box.write("staging", "a.txt", os.urandom(1_000_000))
    assert 0 < (partner.home / "staging" / "a.txt").stat().st_size < 1_000_000
    assert not any((partner.home / "inbound").iterdir())
    assert [line["kind"] for line in read_journal(partner.config.journal)] == ["cut"]


def test_the_next_connection_finds_the_part_and_starts_over(partner):
    partner.misbehave(cut_upload_after_bytes=100_000, cut_times=1)
    with SftpMailbox(partner.login) as box, pytest.raises(ConnectionLost):
        box.write("staging", "a.txt", bytes(1_000_000))
    with SftpMailbox(partner.login) as box:
        box.delete("staging", "a.txt")
        box.write("staging", "a.txt", bytes(1_000_000))
        box.rename("staging", "a.txt", "inbound", "a.txt")
        assert box.size("inbound", "a.txt") == 1_000_000


def test_a_lost_answer_to_a_rename_is_unknown_and_can_be_looked_up(partner):
    partner.misbehave(cut_replies={"rename": 1})
    with SftpMailbox(partner.login) as box:
        box.write("staging", "a.txt", b"x")
        with pytest.raises(ConnectionLost):
            box.rename("staging", "a.txt", "inbound", "a.txt")
    with SftpMailbox(partner.login) as box:
        assert (box.size("staging", "a.txt"), box.size("inbound", "a.txt")) == (None, 1)


def test_a_cut_before_the_rename_leaves_the_temporary_alone(partner):
    partner.misbehave(cut_requests={"rename": 1})
    with SftpMailbox(partner.login) as box:
        box.write("staging", "a.txt", b"x")
        with pytest.raises(ConnectionLost):
            box.rename("staging", "a.txt", "inbound", "a.txt")
    with SftpMailbox(partner.login) as box:
        assert (box.size("staging", "a.txt"), box.size("inbound", "a.txt")) == (1, None)


@pytest.mark.parametrize("step", ["open", "write", "stat"])
@pytest.mark.parametrize("when", ["cut_requests", "cut_replies"])
def test_a_write_cut_at_any_step_is_a_lost_connection(partner, when, step):
    partner.misbehave(**{when: {step: 1}})
    with SftpMailbox(partner.login) as box, pytest.raises(ConnectionLost):
        box.write("staging", "a.txt", b"x")
    assert [line["what"] for line in read_journal(partner.config.journal, "fault")] == [f"{when} {step}"]


def test_a_step_that_the_account_may_not_do_asks_for_a_person(partner):
    partner.misbehave(refuse=["write"])
    with SftpMailbox(partner.login) as box, pytest.raises(PermissionRefused):
        box.write("staging", "a.txt", b"x")


def test_a_full_disk_asks_for_a_person_and_the_connection_lives(partner):
    with SftpMailbox(partner.login) as box:
        partner.misbehave(no_space=True)
        with pytest.raises(NoSpace):
            box.write("staging", "a.txt", bytes(5_000_000))
        partner.misbehave()
        box.write("staging", "b.txt", b"x")
        assert box.read("staging", "b.txt") == b"x"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_rights_is_refused_by_the_real_file_system(partner):
    (partner.home / "staging").chmod(0o500)
    with SftpMailbox(partner.login) as box, pytest.raises(PermissionRefused):
        box.write("staging", "a.txt", b"x")


def test_permission_is_told_apart(partner, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise asyncssh.SFTPPermissionDenied("no")

    monkeypatch.setattr("sandbox.sftp_server.PartnerFiles.write", refuse)
    monkeypatch.setattr("sandbox.sftp_server.PartnerFiles.open", refuse, raising=False)
    with SftpMailbox(partner.login) as box:
        for attempt in (lambda: box.write("staging", "a", b"x"), lambda: box.read("staging", "a")):
            with pytest.raises(PermissionRefused):
                attempt()


def test_a_refused_piece_is_noticed_even_if_the_size_comes_out_right(partner, monkeypatch):
    genuine = asyncssh.SFTPServer.write

    def drop_one(self, file_obj, offset, data):
        if offset == 32768:
            raise asyncssh.SFTPPermissionDenied("not this one")
        return genuine(self, file_obj, offset, data)

    monkeypatch.setattr("sandbox.sftp_server.PartnerFiles.write", drop_one)
    with SftpMailbox(partner.login) as box, pytest.raises(PermissionRefused):
        box.write("staging", "a.txt", os.urandom(200_000))


def test_a_stored_size_that_differs_is_incomplete(partner, monkeypatch):
    from transport.errors import Incomplete

    monkeypatch.setattr(
        "sandbox.sftp_server.PartnerFiles.write",
        lambda self, file, at, data: asyncssh.SFTPServer.write(self, file, at, data[:-1]),
    )
    with SftpMailbox(partner.login) as box, pytest.raises(Incomplete):
        box.write("staging", "a.txt", b"four")


def test_a_server_that_stops_answering_is_a_lost_connection(partner, monkeypatch):
    import asyncio

    async def never(*_args):
        await asyncio.sleep(30)

    monkeypatch.setattr("sandbox.sftp_server.PartnerFiles.write", never)
    with SftpMailbox(partner.login_with(io_timeout_s=0.3)) as box, pytest.raises(ConnectionLost):
        box.write("staging", "a.txt", b"x")


def test_a_folder_that_is_not_there_is_not_found(partner):
    with SftpMailbox(partner.login) as box, pytest.raises(NotFound):
        box.list("nowhere")


def test_login_by_private_key(tmp_path, partner, monkeypatch):
    key = asyncssh.generate_private_key("ssh-ed25519")
    public = key.convert_to_public()
    monkeypatch.setattr("sandbox.sftp_server.PartnerLogin.public_key_auth_supported", lambda _: True, raising=False)
    monkeypatch.setattr(
        "sandbox.sftp_server.PartnerLogin.validate_public_key",
        lambda _, user, offered: offered == public,
        raising=False,
    )
    login = partner.login_with(password=None, private_key=key.export_private_key().decode())
    with SftpMailbox(login) as box:
        assert box.list("inbound") == []
    other = asyncssh.generate_private_key("ecdsa-sha2-nistp256").export_private_key().decode()
    with pytest.raises(LoginRefused):
        SftpMailbox(partner.login_with(password=None, private_key=other))


def test_a_private_key_that_cannot_be_read_is_told_without_its_text(partner):
    with pytest.raises(LoginRefused) as refused:
        SftpMailbox(partner.login_with(private_key="-----BEGIN NONSENSE-----"))
    assert "NONSENSE" not in str(refused.value)


def test_the_socket_sends_small_packets_at_once(partner):
    with SftpMailbox(partner.login) as box:
        sock = box._transport.sock
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert isinstance(box._transport, paramiko.Transport)
