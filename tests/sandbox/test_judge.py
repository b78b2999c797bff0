"""pyx12 as the judge: accepts what is right, names what is not, and its 999 is passed on as it wrote it."""

import json

from sandbox.judge import judge, main


def test_a_right_file_is_accepted(x12):
    data = x12.interchange([[x12.subscriber("W1", [x12.claim("CLAIM000000001", [10000, 5000])])]])
    judgment = judge(data)
    assert judgment.readable
    assert judgment.codes == {"0001": "A"}
    assert judgment.note == "000"
    assert judgment.rejected_sets == frozenset()


def test_only_the_set_at_fault_is_rejected(x12):
    good = [x12.subscriber("W1", [x12.claim("CLAIM000000001", [10000])])]
    bad = [x12.subscriber("W2", [x12.claim("CLAIM000000002", [10000])])]
    data = x12.interchange([good, bad]).replace(b"CLM*CLAIM000000002*100***11:B:1", b"CLM*CLAIM000000002*100***XX:B:1")
    judgment = judge(data)
    assert judgment.codes == {"0001": "A", "0002": "R"}
    assert judgment.rejected_sets == {"0002"}
    assert any(segment[0] == "IK3" for one in judgment.sets for segment in one)


def test_what_makes_it_give_up_is_unreadable():
    for data in (b"", b"hello", b"ISA*00*", bytes(range(256)) * 3):
        assert not judge(data).readable


def test_the_archive_is_judged_afterwards(make_sandbox, x12, capsys):
    sandbox = make_sandbox(judge_fraction=0.0)
    sandbox.put("oa", "837P_1.txt", x12.interchange([[x12.subscriber("W1", [x12.claim("CLAIM000000001", [100])])]]))
    sandbox.tick()
    assert sandbox.journal("file")[0]["judge"] == "none"
    assert main(["--root", str(sandbox.config.root)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"files": 1, "accepted_files": 1, "sets": 1, "accepted_sets": 1, "rejected_sets": 0, "unreadable": 0}
