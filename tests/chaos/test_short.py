"""A few seeded runs of the harness, and the parts of it that a run rests on."""

import base64
import signal
import socket
import time
from collections import Counter
from random import Random

import pytest

from local.spawn import wait_until
from tasks.claims import ready
from tests.chaos import bank
from tests.chaos.bed import WORKERS, booted
from tests.chaos.faults import Fault, Moment, Timeline
from tests.chaos.invariants import secret_in
from tests.chaos.kinds import every_kind
from tests.chaos.runs import Runs
from tests.chaos.wire import Trap, Wire, carried, postgres_requests, redis_requests

SEEDS = range(40, 52, 3)  # all of one set of claims, so that one undisturbed run is enough


@pytest.fixture(scope="module")
def bed(tmp_path_factory):
    with booted(tmp_path_factory.mktemp("chaos") / "now") as bed:
        yield bed


@pytest.mark.timeout(420)
def test_whatever_breaks_each_claim_and_each_cent_arrives_once(bed):
    runs = Runs(bed, every_kind())
    faults = Counter()
    for seed in SEEDS:
        told = runs.run(seed)
        assert told.broken == [], f"make chaos RUNS=1 SEED={seed}"
        faults += told.faults
    assert faults.total() >= 5 * len(SEEDS)
    assert sum(faults[kind.kind] > 0 for kind in bank.FAULTS) >= 2


def test_a_broker_that_takes_nothing_more_ends_no_worker(bed):
    """Taking a message is a write to the broker: what waits in the queue is refused when it is to be taken."""
    bed.empty()
    with bed.valkey() as client:
        for name in WORKERS:
            bed.system.processes[name].popen.send_signal(signal.SIGSTOP)
        for _ in range(20):
            ready.apply_async((bed.running.org_id, []))
        client.config_set("maxmemory", 1)
        for name in WORKERS:
            bed.system.processes[name].popen.send_signal(signal.SIGCONT)
        logs = [bed.system.processes[name].log for name in WORKERS]
        assert wait_until(lambda: any("command not allowed" in log.read_text() for log in logs), 20)
        time.sleep(1.0)
        client.config_set("maxmemory", 0)
    bed.system.check()


def test_the_same_seed_breaks_the_same():
    draw = lambda: [vars(kind(Random(7))).get("for_s") for kind in every_kind()]  # noqa: E731
    assert draw() == draw()
    names = [kind.kind for kind in every_kind(long=True)]
    assert len(names) == len(set(names)) == len(every_kind()) + 2


class _Noted(Fault):
    kind = "noted"

    def __init__(self, seen):
        super().__init__(Random(1))
        self.for_s, self.seen = 1.0, seen

    def strike(self, bed):
        self.seen.append("struck")

    def mend(self, bed):
        self.seen.append("mended")


def test_a_fault_is_mended_after_its_time():
    class Bed:
        def note(self, text):
            pass

    seen = []
    timeline = Timeline([Moment(0.5, _Noted(seen))])
    timeline.tick(Bed(), 0.4)
    assert seen == []
    timeline.tick(Bed(), 0.6)
    assert (seen, timeline.open) == (["struck"], True)
    timeline.tick(Bed(), 1.7)
    assert (seen, timeline.open) == (["struck", "mended"], False)


def test_requests_are_told_apart_however_they_are_cut():
    redis_said = b"*3\r\n$5\r\nlpush\r\n$1\r\nk\r\n$4\r\na\r\nb\r\n*1\r\n$4\r\nPING\r\n"
    for cut in range(len(redis_said)):
        found, rest = redis_requests(redis_said[:cut], False)
        more, none = redis_requests(rest + redis_said[cut:], False)
        assert [name for name, _ in found + more] == ["LPUSH", "PING"]
        assert b"".join(raw for _, raw in found + more) == redis_said
        assert none == b""
    start = (8).to_bytes(4, "big") + b"\0\3\0\0"
    commit = b"Q" + (4 + 7).to_bytes(4, "big") + b"COMMIT\0"
    parse = b"P" + (4 + 1 + 14 + 2).to_bytes(4, "big") + b"\0" + b"insert  into\0\0" + b"\0\0"
    found, rest = postgres_requests(start + commit + parse + b"X", True)
    assert [name for name, _ in found] == ["startup", "COMMIT", "INSERT"]
    assert rest == b"X"


class _Answering(Wire):
    async def serve(self, reader, writer):
        while await reader.read(100):
            writer.write(b"+PONG\r\n")
        writer.close()


@pytest.fixture
def echo(tmp_path):
    """A wire before a server that answers each PING with a PONG, and how to ask through it."""
    listen, target = tmp_path / "in", tmp_path / "out"
    wire = Wire(listen, target, redis_requests, record=True)
    with carried(wire, _Answering(target, tmp_path / "none", redis_requests)):
        yield wire


def asked(wire, times=1):
    """What came back; an empty answer is a connection that was cut."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(wire.listen))
        for _ in range(times):
            client.sendall(b"*1\r\n$4\r\nPING\r\n")
            try:
                answer = client.recv(100)
            except ConnectionResetError:
                answer = b""
        return answer


@pytest.mark.parametrize("before", [True, False])
def test_a_trap_springs_at_its_request_and_only_once(echo, before):
    trap = Trap("PING", 2, before=before)
    echo.arm(trap)
    assert asked(echo) == b"+PONG\r\n"
    assert not trap.sprung
    assert asked(echo) == b""
    assert trap.sprung
    assert asked(echo, times=2) == b"+PONG\r\n"


def test_a_late_answer_still_comes(echo):
    echo.arm(Trap("PING", 1, cut=False, hold_s=0.05))
    assert asked(echo) == b"+PONG\r\n"


def test_a_leak_is_seen_in_clear_and_in_a_message():
    words = ["Markerwood"]
    assert secret_in(b"log: MARKERWOOD", words)
    assert secret_in(b'{"body": "' + base64.b64encode(b'[[1, ["markerwood"]], {}, {"callbacks": null}]') + b'"}', words)
    assert not secret_in(b"nothing of it", words)
