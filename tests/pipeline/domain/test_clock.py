"""Business time: one offset that all processes read."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.domain.clock import BusinessClock


def off_by(clock):
    return clock.now() - datetime.now(UTC)


@pytest.mark.parametrize("text", ["0", "86400", "86400\n", "", " \n"])
def test_the_offset_is_read_from_the_file_at_each_call(tmp_path, text):
    file = tmp_path / "clock"
    clock = BusinessClock(file)
    assert clock.offset_s() == 0
    file.write_text(text)
    assert clock.offset_s() == int(text.strip() or 0)
    assert abs(off_by(clock) - timedelta(seconds=clock.offset_s())) < timedelta(seconds=1)


def test_time_passes_for_every_clock_on_the_same_file(tmp_path):
    ours, theirs = BusinessClock(tmp_path / "clock"), BusinessClock(tmp_path / "clock")
    ours.advance(3600)
    ours.advance(60)
    assert theirs.offset_s() == 3660
    assert [path.name for path in tmp_path.iterdir()] == ["clock"]


def test_without_a_file_business_time_is_real_time():
    clock = BusinessClock()
    assert clock.now().tzinfo is UTC
    assert abs(off_by(clock)) < timedelta(seconds=1)


def test_time_never_runs_backwards_nor_without_a_file(tmp_path):
    with pytest.raises(ValueError, match="forward"):
        BusinessClock(tmp_path / "clock").advance(-1)
    with pytest.raises(ValueError, match="offset file"):
        BusinessClock().advance(1)


def test_a_damaged_offset_is_no_offset_of_zero(tmp_path):
    (tmp_path / "clock").write_text("soon")
    with pytest.raises(ValueError):
        BusinessClock(tmp_path / "clock").now()
