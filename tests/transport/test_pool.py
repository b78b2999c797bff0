"""One connection a configuration a process, and never a doubtful one."""

import os
import threading
from dataclasses import replace

import pytest

from transport.errors import Busy, ConnectionLost, LoginRefused, NotFound
from transport.sftp import SftpPool


@pytest.fixture
def pool():
    pool = SftpPool()
    yield pool
    pool.close()


def test_the_connection_is_kept_and_lent_again(pool, partner):
    with pool.borrow(partner.login) as first:
        pass
    with pool.borrow(partner.login) as second:
        assert second is first


def test_an_answer_of_the_server_keeps_the_connection(pool, partner):
    with pytest.raises(NotFound), pool.borrow(partner.login) as first:
        first.read("inbound", "none")
    with pool.borrow(partner.login) as second:
        assert second is first


def test_a_connection_fault_drops_it_and_the_next_borrow_connects_anew(pool, partner):
    partner.misbehave(cut_upload_after_bytes=10, cut_times=1)
    with pytest.raises(ConnectionLost), pool.borrow(partner.login) as first:
        first.write("staging", "a.txt", bytes(100))
    with pool.borrow(partner.login) as second:
        assert second is not first
        second.write("staging", "b.txt", bytes(100))


def test_any_other_exception_in_mid_talk_drops_it(pool, partner):
    with pytest.raises(KeyboardInterrupt), pool.borrow(partner.login) as first:
        raise KeyboardInterrupt
    with pool.borrow(partner.login) as second:
        assert second is not first


def test_a_connection_that_died_while_idle_is_replaced(pool, partner):
    with pool.borrow(partner.login) as first:
        pass
    first._transport.close()
    with pool.borrow(partner.login) as second:
        assert second is not first
        assert second.list("inbound") == []


def test_after_a_long_rest_the_server_is_asked_first(pool, partner, monkeypatch):
    rested = replace(partner.login, probe_after_s=0)
    with pool.borrow(rested) as first:
        pass
    with pool.borrow(rested) as second:
        assert second is first
    monkeypatch.setattr(first._client, "normalize", lambda _: (_ for _ in ()).throw(EOFError()))
    with pool.borrow(rested) as third:
        assert third is not first


def test_a_refused_login_leaves_nothing_behind(pool, partner):
    with pytest.raises(LoginRefused), pool.borrow(replace(partner.login, password="no")):
        pass
    with pool.borrow(partner.login) as box:
        assert box.list("inbound") == []


def test_threads_queue_for_the_one_connection(pool, partner):
    seen = []

    def work(number: int) -> None:
        with pool.borrow(partner.login) as box:
            box.write("staging", f"{number}", bytes(10))
            seen.append(id(box))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert len(seen) == 8
    assert len(set(seen)) == 1


def test_who_waits_too_long_is_told_that_it_is_busy(pool, partner):
    hasty = replace(partner.login, io_timeout_s=0.1)
    failures = []

    def second() -> None:
        try:
            with pool.borrow(hasty):
                pass
        except Busy as error:
            failures.append(error)

    with pool.borrow(hasty):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert len(failures) == 1


def test_a_forked_child_connects_anew_and_leaves_the_parents_connection_alone(pool, partner):
    with pool.borrow(partner.login) as parents:
        parents.write("staging", "before", b"x")
    child = os.fork()
    if child == 0:
        try:
            with pool.borrow(partner.login) as own:
                own.write("staging", "from-child", b"x")
            os._exit(0 if own is not parents else 3)
        except BaseException:
            os._exit(4)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with pool.borrow(partner.login) as again:
        assert again is parents
        assert [file.name for file in again.list("staging")] == ["before", "from-child"]
