"""The shipped fake can fail as a partner does: before the effect, or after it with the answer lost."""

import pytest

from transport.errors import ConnectionLost, LoginRefused
from transport.memory import MemoryMailbox


def test_a_fault_before_the_effect_leaves_nothing():
    box = MemoryMailbox()
    box.fail_next("write", LoginRefused("no"))
    with pytest.raises(LoginRefused):
        box.write("inbound", "a.txt", b"x")
    assert box.list("inbound") == []
    box.write("inbound", "a.txt", b"x")
    assert box.calls == {"write": 2, "list": 1}


def test_a_fault_after_the_effect_is_a_lost_answer():
    box = MemoryMailbox(clock=lambda: 1000.9)
    box.write("staging", "a.txt", b"x")
    box.fail_next("rename", ConnectionLost("gone"), after=True)
    with pytest.raises(ConnectionLost):
        box.rename("staging", "a.txt", "inbound", "a.txt")
    assert [(file.name, file.mtime_s) for file in box.list("inbound")] == [("a.txt", 1000)]
