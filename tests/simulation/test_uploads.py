"""Thousands of ways in which workers, messages, clocks and partners can cross: an upload keeps its promises in each."""

import random

import pytest
import upload_world
from hypothesis import given, settings
from hypothesis import strategies as st
from upload_world import World, Wrong

from pipeline.domain import sending
from pipeline.domain.sending import Found, Reply
from pipeline.domain.states import TABLES, Kind

RUNS = 20_000


def schedules(count, seed=20261126):
    rng = random.Random(seed)
    return (rng.randbytes(rng.randrange(20, 200)) for _ in range(count))


def test_whatever_crosses_each_file_arrives_once_and_whole_or_a_person_is_told():
    ends, arrows = set(), set()
    for schedule in schedules(RUNS):
        for file in World(schedule).run().files:
            ends.add(file.state)
            arrows.update(file.history)
    assert ends == {"SENT", "ACCEPTED", "REJECTED", "VOIDED", "UNKNOWN"}
    # The schedules go along every arrow of the upload, else they would prove little.
    assert arrows == {
        "built", "staging", "not_begun", "voided", "staged", "renaming", "sent", "uncertain", "accepted", "rejected",
    }  # fmt: skip


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.binary(max_size=160))
def test_no_schedule_that_hypothesis_thinks_of_breaks_a_promise(schedule):
    World(schedule).run()


def test_the_same_schedule_tells_the_same_story():
    for schedule in schedules(50):
        assert World(schedule).run().trace == World(schedule).run().trace


# -- a guard left out is found ----------------------------------------------------------------------------------------
def _no_fence(patch):
    patch.setattr(World, "fenced", False)


def _one_temporary_name(patch):
    patch.setattr(sending, "temporary_name", lambda _style, name, _fence: f"{name}.part")


def _direct_writes_are_repeated(patch):
    real = sending.found
    doubts_nothing = lambda *a, **k: Found.TO_STAGE if real(*a, **k) is Found.DOUBTFUL else real(*a, **k)  # noqa: E731
    patch.setattr(sending, "found", doubts_nothing)


def _a_broken_direct_write_is_taken_for_untouched(patch):
    patch.setattr(sending, "untouched", lambda file, begun: file.direct)


def _style_from_the_mailbox_of_today(patch):
    """The last lease's way is forgotten: what was written beside its name is taken for a direct upload."""
    patch.setattr(sending, "written_directly", lambda _name, temporary: len(temporary or "") % 2 == 0)


def _restaged_after_staged(patch):
    for state in ("STAGED", "RENAMING"):
        patch.setitem(upload_world.ARROWS, (state, "staging"), "STAGING")
        patch.setitem(upload_world.ARROWS, (state, "voided"), "VOIDED")
    real = sending.found
    again = lambda *a, **k: Found.TO_STAGE if real(*a, **k) is Found.TO_RENAME else real(*a, **k)  # noqa: E731
    patch.setattr(sending, "found", again)


def _renamed_before_it_is_committed(patch):
    """RENAMING is not written down: the row stays STAGING until all is done."""
    patch.setitem(upload_world.ARROWS, ("STAGING", "staged"), "STAGING")
    patch.setitem(upload_world.ARROWS, ("STAGING", "renaming"), "STAGING")


def _half_a_write_is_good_enough(patch):
    patch.setattr(sending, "Reply", type("Reply", (), {"DONE": Reply.BROKEN, "TAKEN": Reply.TAKEN, "BROKEN": None}))


def _no_sweep(patch):
    patch.setattr(World, "sweep", lambda _self: None)


def _work_is_done_when_the_lease_is_taken(patch):
    real = World.take

    def take(self, worker, step):
        job = real(self, worker, step)
        worker.file.due = None
        return job

    patch.setitem(upload_world.DOES, upload_world.Take, take)


def _nobody_is_told(patch):
    def doubt(self, file):
        file.due = None
        return self.move(file, "uncertain")

    patch.setattr(World, "doubt", doubt)


def _void_may_still_be_staged(patch):
    patch.setitem(upload_world.ARROWS, ("VOIDED", "staged"), "STAGED")


def run_all(count):
    for schedule in schedules(count):
        World(schedule).run()


GUARDS = [
    _no_fence,
    _one_temporary_name,
    _direct_writes_are_repeated,
    _a_broken_direct_write_is_taken_for_untouched,
    _style_from_the_mailbox_of_today,
    _restaged_after_staged,
    _renamed_before_it_is_committed,
    _half_a_write_is_good_enough,
    _no_sweep,
    _work_is_done_when_the_lease_is_taken,
    _nobody_is_told,
    _void_may_still_be_staged,
]


@pytest.mark.parametrize("leave_out", GUARDS, ids=lambda guard: guard.__name__.strip("_").replace("_", " "))
def test_a_guard_that_is_left_out_is_found(monkeypatch, leave_out):
    leave_out(monkeypatch)
    with pytest.raises(Wrong):
        run_all(4_000)


def test_a_lease_only_saves_work():
    """Without a look at the lease workers overtake each other all the time, and the fence alone keeps the promises."""
    with pytest.MonkeyPatch.context() as patch:
        real = sending.found
        patch.setattr(
            sending, "found", lambda state, *, direct, lease_over: real(state, direct=direct, lease_over=True)
        )
        run_all(2_000)


def test_every_arrow_of_the_simulation_is_the_product_s():
    assert upload_world.ARROWS is TABLES[Kind.FILE]
