"""What waits survives a restart; numbers are never given twice."""

from sandbox.desk import FIRST_FILE_ID, Desk, Job


def test_jobs_come_in_order_of_due_time_and_of_making(tmp_path):
    desk = Desk(tmp_path)
    for name, due in (("b", 5.0), ("a", 5.0), ("late", 50.0), ("first", 1.0)):
        desk.add(Job(id=name, what="999", due_s=due))
    assert [job.id for job in desk.due(10)] == ["first", "b", "a"]
    assert len(desk) == 1


def test_jobs_added_while_working_are_done_in_the_same_look(tmp_path):
    desk = Desk(tmp_path)
    desk.add(Job(id="one", what="835", due_s=1))
    done = []
    for job in desk.due(10):
        done.append(job.id)
        if job.id == "one":
            desk.add(Job(id="two", what="deposit", due_s=1))
    assert done == ["one", "two"]


def test_a_job_that_was_not_done_is_there_again_after_a_restart(tmp_path):
    desk = Desk(tmp_path)
    desk.add(Job(id="one", what="835", due_s=1, data={"path": "x"}))
    desk.add(Job(id="two", what="835", due_s=2))
    list(desk.due(10))
    desk.done("two")
    again = list(Desk(tmp_path).due(10))
    assert again == [Job(id="one", what="835", due_s=1, data={"path": "x"})]


def test_counters_go_on_after_a_restart(tmp_path):
    assert Desk(tmp_path).counters.take("file_id") == FIRST_FILE_ID
    assert Desk(tmp_path).counters.take("file_id", 3) == FIRST_FILE_ID + 1
    assert Desk(tmp_path).counters.take("file_id") == FIRST_FILE_ID + 4


def test_a_half_written_job_is_no_job(tmp_path):
    desk = Desk(tmp_path)
    (tmp_path / "pending" / ".one.json.new").write_text('{"id":')
    desk.add(Job(id="two", what="999", due_s=1))
    assert [job.id for job in Desk(tmp_path).due(10)] == ["two"]
