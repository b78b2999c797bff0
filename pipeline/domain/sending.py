"""A file's way out as decisions alone: what is found, what is committed next, what is then done at the partner.

    RESERVED → STAGING → STAGED → RENAMING → SENT

`carry` is one try as a generator. It yields steps and is sent what came of each; whoever runs it does the steps: the
product against Postgres and a partner's mailbox, the simulation against a world in memory. A try may be dropped after
any step, which is what a kill does to it: there is nothing to clean up in here.
"""

import re
from collections.abc import Generator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pipeline.domain.mailbox import UploadStyle


class Found(Enum):
    """What may be done with a file that is still to leave."""

    LEASED = "another has it in hand"
    DOUBTFUL = "a direct write was begun and never ended: the partner may have it"
    TO_STAGE = "the partner cannot see it: a new lease starts it over"
    TO_RENAME = "its temporary was whole and is never written again: only the rename is open"


def found(state: str, *, direct: bool, lease_over: bool) -> Found:
    """What an unsent file's row says, to whoever comes by.

    `direct` is how the last lease went about it, whatever the mailbox says by now; `lease_over` is by the database's
    clock.
    """
    if state != "RESERVED" and not lease_over:
        return Found.LEASED
    if state == "STAGING" and direct:
        return Found.DOUBTFUL
    return Found.TO_STAGE if state in {"RESERVED", "STAGING"} else Found.TO_RENAME


def temporary_name(style: UploadStyle, name: str, fence: int) -> str:
    """The name to write under; it carries the fence so that two leases never write to the same place."""
    return name if style is UploadStyle.DIRECT else f"{name}.{fence}.part"


def written_directly(name: str, temporary: str | None) -> bool:
    """Whether a lease wrote, or writes, under the final name."""
    return temporary == name


@dataclass(frozen=True, slots=True)
class Sending:
    """One file as one lease has it."""

    name: str
    fence: int
    state: str
    """As the lease was taken: STAGING, STAGED or RENAMING."""
    temporary: str
    folder: str
    """Where the temporary lies, or will."""

    @property
    def direct(self) -> bool:
        return written_directly(self.name, self.temporary)

    def left_behind(self, name: str) -> bool:
        """Whether this is the temporary of an earlier lease, which the partner cannot see and which must go."""
        known = re.fullmatch(rf"{re.escape(self.name)}\.(\d+)\.part", name)
        return known is not None and int(known[1]) < self.fence


# -- steps, and what is answered to them -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Commit:
    """Move the file by `event`; answered by Committed. With `fenced` only while our fence is the newest."""

    event: str
    fenced: bool = True


@dataclass(frozen=True, slots=True)
class Committed:
    moved: bool
    state: str
    """The file's state afterwards, whoever moved it."""


@dataclass(frozen=True, slots=True)
class Names:
    """Answered by the names in the folder that is written to."""


@dataclass(frozen=True, slots=True)
class Present:
    """Whether the temporary is there, as a bool."""


@dataclass(frozen=True, slots=True)
class Write:
    """All bytes under the temporary name; answered by a Reply."""


@dataclass(frozen=True, slots=True)
class Rename:
    """The temporary to its final place, overwriting nothing; answered by a Reply."""


@dataclass(frozen=True, slots=True)
class Delete:
    """The name goes from the folder that is written to, if it is there."""

    name: str


class Reply(Enum):
    DONE = "done"
    TAKEN = "the name is taken; nothing was overwritten"
    MISSING = "no such file or folder"
    BROKEN = "it broke off: whether it took effect, and how far, is unknown"


class End(Enum):
    """How a try ended that was not dropped."""

    SENT = "the file is sent"
    OVERTAKEN = "a newer lease, or the partner's answer, was there first"
    DOUBTED = "only the partner or a person can tell whether it arrived"
    TEMPORARY_TAKEN = "our own temporary name was there before us"
    NAME_TAKEN = "another file has the final name"
    REFUSED = "as the last reply says; the state tells where the next try goes on"


Step = Commit | Names | Present | Write | Rename | Delete
Try = Generator[Step, Any, End]


def carry(file: Sending) -> Try:
    """One try, from where the lease found the file to SENT."""
    if file.state == "STAGING":
        broken = yield from _write_direct() if file.direct else _stage(file)
        if broken is not None:
            return broken
    if not file.direct:
        done: Committed = yield Commit("renaming")
        if not done.moved and done.state != "RENAMING":
            return End.OVERTAKEN
        broken = yield from _rename()
        if broken is not None:
            return broken
    # No fence: whoever has seen that it left may say so.
    yield Commit("sent", fenced=False)
    return End.SENT


def _stage(file: Sending) -> Generator[Step, Any, End | None]:
    """The temporary whole at the partner and STAGED under our fence; else how the try ended."""
    if file.fence > 1:
        for name in (yield Names()):
            if file.left_behind(name):
                yield Delete(name)
    reply = yield Write()
    if reply is Reply.TAKEN:
        # Only a database that was set back can meet its own temporary name; the next fence has another.
        return End.TEMPORARY_TAKEN
    if reply is not Reply.DONE:
        return End.REFUSED
    done: Committed = yield Commit("staged")
    if done.moved:
        return None
    yield Delete(file.temporary)
    return End.OVERTAKEN


def _write_direct() -> Generator[Step, Any, End | None]:
    reply = yield Write()
    if reply in {Reply.TAKEN, Reply.BROKEN}:
        yield Commit("uncertain", fenced=False)
        return End.DOUBTED
    return None if reply is Reply.DONE else End.REFUSED


def _rename() -> Generator[Step, Any, End | None]:
    """The temporary is there: rename it. It is gone: the rename happened, whoever did it and whatever came after."""
    if not (yield Present()):
        return None
    reply = yield Rename()
    if reply is Reply.BROKEN:
        return End.REFUSED
    if reply is Reply.DONE or not (yield Present()):
        return None
    return End.NAME_TAKEN if reply is Reply.TAKEN else End.REFUSED


def untouched(file: Sending, *, begun: bool) -> bool:
    """Whether a try that broke off surely left nothing of a *direct* upload: the file is then RESERVED as before."""
    return file.direct and file.state == "STAGING" and not begun
