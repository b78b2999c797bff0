"""Files from outside, where they lie beside the checkout: one-fault files refused, sound ones read."""

import achkit
import pytest

from edi.findings import Severity
from edi.nacha import INBOUND, check, deposits, read


def test_every_one_fault_file_is_refused(sample_folder):
    paths = sorted((sample_folder / "synthetic" / "mutants").glob("*.ach"))
    passed = [path.name for path in paths if not any(f.severity is Severity.ERROR for f in check(path.read_bytes()))]
    assert paths
    assert passed == []


@pytest.mark.parametrize("kind", ["outbound", "noc-codes", "return-codes", "ccdplus-inbound"])
def test_sound_files_are_clean(sample_folder, kind):
    for path in sorted((sample_folder / "synthetic" / kind).glob("*.ach")):
        assert check(path.read_bytes()) == [], path.name


def test_nothing_in_the_folder_raises(sample_folder):
    for path in sorted(sample_folder.rglob("*")):
        if path.is_file() and path.stat().st_size < 2_000_000:
            read(path.read_bytes(), INBOUND)


def test_whole_files_of_others_are_read_complete(sample_folder):
    for path in sorted((sample_folder / "valid").glob("*")):
        document = read(path.read_bytes(), INBOUND)
        assert document.complete, path.name
        assert document.file.batches, path.name


def test_bad_trns_give_deposits_without_trace(sample_folder):
    file = read((sample_folder / "synthetic/ccdplus-inbound/hcclaimpmt_bad_trn.ach").read_bytes()).file
    assert [deposit.trn_trace for deposit in deposits(file)] == [None, None, None, "EFT557", "EFT558"]


def test_the_outside_judge_agrees_on_the_outbound_samples(sample_folder):
    for path in sorted((sample_folder / "synthetic" / "outbound").glob("*.ach")):
        if "nolines" not in path.name:
            assert achkit.validate(path.read_text())["ok"], path.name
