"""What the X12 benchmark measures with: valid files, and peers that may fail without ending it."""

import subprocess

import achkit
import pytest
from x12_answers import judged_by_pyx12

from benchmarks import nacha, nacha_peers, peers, x12_peers
from benchmarks.x12_peer import floor
from benchmarks.x12_samples import file_835, file_837
from edi.nacha import check, write
from edi.nacha import read as nacha_read
from edi.x12.sets import t835, t837p
from edi.x12.syntax.reader import read


def test_its_files_are_valid_and_as_large_as_told():
    remittances, claims = file_835(20), file_837(20)
    assert judged_by_pyx12(remittances) == judged_by_pyx12(claims) == []
    [ts] = read(remittances).sets
    value, findings = t835.read_set(ts)
    assert findings == t835.judge(value) == []
    assert len(value.claims) == 20
    assert all(claim.segment_last - claim.segment_number == 24 for claim in value.claims)
    assert all(len(claim.lines) == 3 for claim in value.claims)
    [ts] = read(claims).sets
    value, findings = t837p.read_set(ts)
    assert findings == []
    subscribers = [one for provider in value.billing for one in provider.subscribers]
    assert [len(one.claims) for one in subscribers] == [1, 0] * 10
    assert [sum(len(patient.claims) for patient in one.patients) for one in subscribers] == [0, 1] * 10


def test_the_floor_keeps_every_element():
    assert floor(b"ST*835*1~SE*2*1~") == [[b"ST", b"835", b"1"], [b"SE", b"2", b"1"], [b""]]


@pytest.mark.parametrize(
    "failure",
    [
        subprocess.CalledProcessError(1, "pip", stderr="one\nno such version\n"),
        subprocess.TimeoutExpired("python", 1),
    ],
)
def test_a_peer_that_cannot_be_measured_is_named(monkeypatch, capsys, tmp_path, failure):
    def fails(_command):
        raise failure

    monkeypatch.setattr(peers, "call", fails)
    assert x12_peers.ratios(tmp_path, tmp_path, tmp_path, 1) == {}
    told = capsys.readouterr().out
    assert all(f"{name}: not measured: " in told for name in x12_peers.PEERS)


def test_the_middle_of_the_ratios_is_quoted(monkeypatch, capsys, tmp_path):
    told = '{"claims": 1000, "ratios": [3.0, 1.0, 2.0], "seconds": [0.3, 0.1, 0.2]}'
    monkeypatch.setattr(peers, "environment", lambda _var, name: tmp_path / name)
    monkeypatch.setattr(peers, "call", lambda _command: f"words\n{told}\n")
    assert x12_peers.ratios(tmp_path, tmp_path, tmp_path, 3) == dict.fromkeys(
        [*x12_peers.PEERS, *x12_peers.BESIDE], 2.0
    )
    assert "2.00 x floor" in capsys.readouterr().out


def test_the_ach_file_is_sound_and_read_the_short_way():
    file = nacha.file_of(500)
    data = write(file)
    assert check(data) == []
    document = nacha_read(data)
    assert (document.rows, sum(len(batch.entries) for batch in document.file.batches)) == (None, 500)
    assert achkit.validate(data.decode())["ok"]
    assert any(entry.addenda for entry in file.batches[1].entries)


@pytest.mark.parametrize(
    "failure",
    [subprocess.CalledProcessError(1, "pip", stderr="one\nno such version\n"), subprocess.TimeoutExpired("python", 1)],
)
def test_an_ach_peer_that_cannot_be_measured_is_named(monkeypatch, capsys, tmp_path, failure):
    def fails(_command):
        raise failure

    monkeypatch.setattr(peers, "call", fails)
    assert nacha_peers.ratios(tmp_path, "read", tmp_path, 1) == {}
    told = capsys.readouterr().out
    assert all(f"{name} read: not measured: " in told for name in nacha_peers.PEERS)
