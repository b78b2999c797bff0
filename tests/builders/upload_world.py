"""A world in memory for the product's own decisions about uploads: a database, a partner, workers that die, a bell.

A schedule is a string of bytes; each byte decides one thing: who goes on, what breaks and where, what the clock does.
When the bytes are spent the world heals: nothing breaks any more, and everything that is due is done. ``run`` raises
``Wrong`` where a promise does not hold; the same bytes always tell the same story.

What each step does here is what `pipeline/stages/upload.py` does in one transaction or one call to the partner.
"""

from dataclasses import dataclass, field

from pipeline.domain import sending
from pipeline.domain.mailbox import UploadStyle
from pipeline.domain.sending import (
    Commit,
    Committed,
    Delete,
    End,
    Found,
    Names,
    Present,
    Rename,
    Reply,
    Sending,
    Write,
)
from pipeline.domain.states import TABLES, Kind, fold
from pipeline.store.files import UNSENT

LEASE_S, RETRY_S = 30, 2
ARROWS = TABLES[Kind.FILE]
PAYMENTS = TABLES[Kind.PAYMENT]
STYLES = tuple(UploadStyle)
LEFT = {"SENT", "ACCEPTED", "REJECTED"}
ENDS = LEFT | {"VOIDED", "UNKNOWN"}


class Wrong(AssertionError):
    """A promise that did not hold, with the steps that led there."""


@dataclass(slots=True)
class File:
    name: str
    payment: "Payment | None" = None
    state: str = "RESERVED"
    fence: int = 0
    temporary: str = ""
    folder: str = ""
    lease_until: int = 0
    due: int | None = 0
    told: bool = False
    answered: bool = False
    history: list = field(default_factory=lambda: ["built"])


@dataclass(slots=True)
class Payment:
    """One refund. `held` stands for whatever makes the look before the lease object to it."""

    state: str = "APPROVED"
    held: bool = False
    entries: list = field(default_factory=list)
    """Files with its live entry; the database allows one."""

    def move(self, event):
        self.state = PAYMENTS[self.state, event]


@dataclass(frozen=True, slots=True)
class Take:
    pass


@dataclass(frozen=True, slots=True)
class Login:
    pass


@dataclass(frozen=True, slots=True)
class GiveBack:
    begun: bool


@dataclass(frozen=True, slots=True)
class Tell:
    """A person is told that the final name is taken."""


LOST = object()
"""No answer: the connection, to the database or to the partner, is gone."""
IN_DATABASE = (Take, GiveBack, Tell, Commit)


class Worker:
    """One try as a task runs it; `job` is what its lease took."""

    __slots__ = ("answer", "file", "job", "steps")

    def __init__(self, file):
        self.file = file
        self.job = None
        self.steps = self._try()
        self.answer = None

    def _try(self):
        self.job = yield Take()
        if self.job is None or self.job is LOST:
            return
        begun = False
        if (yield Login()) is not LOST:
            steps, answer = sending.carry(self.job), None
            while answer is not LOST:
                try:
                    step = steps.send(answer)
                except StopIteration as ended:
                    if ended.value in {End.SENT, End.OVERTAKEN, End.DOUBTED}:
                        return
                    if ended.value is End.NAME_TAKEN:
                        yield Tell()
                    break
                begun = begun or isinstance(step, Write)
                answer = yield step
                begun = begun and answer is not Reply.MISSING
        yield GiveBack(begun)


class World:
    """Everything that a schedule moves."""

    fenced = True
    """False leaves the fence out, to show that the promises are really tried."""

    def __init__(self, schedule):
        self.bytes = iter(schedule)
        self.now = 0
        self.trace = []
        self.lying = {}
        self.arrived = {}
        self.rejected = set()
        self.late = []
        first = self.byte()
        self.style = STYLES[first % 3]
        self.staging = "staging"
        self.enabled = True
        self.payments = [Payment() for _ in range(first // 3 % 3)]
        self.files = [File("a")] if not self.payments or first & 128 else []
        self.workers = [None] * (2 + (first // 9) % 3)
        self.messages = []
        self.release()

    # -- the schedule --------------------------------------------------------------------------------------------------
    def byte(self):
        return next(self.bytes, 0)

    def choose(self, things):
        return things[self.byte() % len(things)]

    def run(self):
        for byte in self.bytes:
            self.act(byte)
        self.heal()
        self.check()
        return self

    def act(self, byte):
        kind = byte >> 4
        if kind < 9:
            self.advance(byte % len(self.workers), None)
        elif kind < 12:
            self.advance(byte % len(self.workers), self.byte())
        elif kind == 12:
            self.now += (1, RETRY_S, LEASE_S // 2, LEASE_S + 1)[byte & 3]
        elif kind == 13:
            self.bell(byte & 3)
        elif kind == 14:
            self.partner(byte & 7)
        else:
            self.people(byte & 7)

    def bell(self, what):
        """The sweep rings; a message is doubled, lost, or overtakes the others."""
        if what == 0 or not self.messages:
            self.sweep()
        elif what == 1:
            self.messages.append(self.messages[0])
        elif what == 2:
            self.messages.pop(0)
        else:
            self.messages.append(self.messages.pop(0))

    def sweep(self):
        for file in self.files:
            if file.due is not None and file.due <= self.now:
                file.due = self.now + RETRY_S
                self.messages.append(file)

    def partner(self, what):
        """Takes a file away, answers one, or does at last what was asked of it by somebody who is long dead."""
        if what < 2:
            for name in self.arrived:
                self.lying.pop(("inbound", name), None)
        elif what < 5:
            if self.late:
                self.late.pop(self.byte() % len(self.late))()
        elif self.arrived:
            file = self.choose([one for one in self.files if one.name in self.arrived])
            self.answer(file, "rejected" if what == 7 else "accepted")

    def answer(self, file, event):
        contradicts = file.answered and (event == "rejected") != (file.name in self.rejected)
        if self.arrived[file.name] != "whole" or contradicts:
            return
        file.answered = True
        if event == "rejected":
            self.rejected.add(file.name)
        if not self.move(file, event):
            return
        file.due, file.told = None, False
        self.settle(file, "acknowledged" if event == "accepted" else "bank_rejected")

    def settle(self, file, event):
        one = file.payment
        if one is None or file not in one.entries:
            return
        if one.state == "IN_FILE":
            one.move("sent")
        if event != "sent" and one.state == "SENT":
            one.move(event)
        if event == "bank_rejected":
            one.entries.remove(file)
            one.move("reopened")
            self.release()

    def people(self, what):
        """A payment is held or let go, a mailbox is switched off and on, its way of taking files changes."""
        if what < 3 and self.payments:
            one = self.choose(self.payments)
            one.held = not one.held
        elif what < 5:
            self.enabled = not self.enabled
        elif what == 5:
            self.style = self.choose(STYLES)
        elif what == 6:
            self.staging = "elsewhere" if self.staging == "staging" else "staging"

    def release(self):
        for one in self.payments:
            if one.state == "APPROVED" and not one.held:
                if one.entries:
                    self.wrong("a payment has two live entries")
                file = File(f"p{len(self.files)}", one)
                self.files.append(file)
                one.entries.append(file)
                one.move("placed")

    # -- workers -------------------------------------------------------------------------------------------------------
    def advance(self, number, fault):
        worker = self.workers[number]
        if worker is None:
            if not self.messages:
                self.sweep()
            if self.messages:
                self.workers[number] = Worker(self.messages.pop(0))
            return
        try:
            step = worker.steps.send(worker.answer)
        except StopIteration:
            self.workers[number] = None
            return
        self.trace.append((number, worker.file.name, step, fault))
        if fault is None:
            worker.answer = self.do(worker, step)
        else:
            self.break_off(number, worker, step, fault)

    def break_off(self, number, worker, step, fault):
        """The step breaks: before, after or in the middle of its effect, or it takes effect long afterwards."""
        when = fault & 3
        if when == 1:
            self.do(worker, step)
        elif when == 2 and type(step) is Write:
            self.write(worker.job, "part")
        elif when == 3 and type(step) not in IN_DATABASE:
            self.late.append(lambda: self.do(worker, step))
        if fault & 4:
            self.workers[number] = None  # killed
        else:
            worker.answer = Reply.BROKEN if type(step) in {Write, Rename} else LOST

    def do(self, worker, step):
        return DOES[type(step)](self, worker, step)

    # -- the database --------------------------------------------------------------------------------------------------
    def move(self, file, event, fence=None):
        target = ARROWS.get((file.state, event))
        if target is None or (fence is not None and self.fenced and fence != file.fence):
            return False
        if fence is not None and fence != file.fence:
            self.wrong(f"a stale fence committed {event}")
        file.state = target
        file.history.append(event)
        return True

    def take(self, worker, _step):
        file = worker.file
        if file.state not in UNSENT:
            file.due = None
            return None
        direct = sending.written_directly(file.name, file.temporary)
        now = sending.found(file.state, direct=direct, lease_over=file.lease_until <= self.now)
        if not self.enabled or now is Found.LEASED:
            file.due = self.now + LEASE_S
            return None
        if now is Found.DOUBTFUL:
            self.doubt(file)
            return None
        if now is Found.TO_STAGE:
            if file.payment is not None and file.payment.held:
                self.void(file)
                return None
            self.move(file, "staging")
            file.fence += 1
            file.temporary = sending.temporary_name(self.style, file.name, file.fence)
            file.folder = self.staging if self.style is UploadStyle.STAGING else "inbound"
        file.lease_until = file.due = self.now + LEASE_S
        return Sending(file.name, file.fence, file.state, file.temporary, file.folder)

    def doubt(self, file):
        moved = self.move(file, "uncertain")
        file.told, file.due = file.told or moved, None
        return moved

    def void(self, file):
        self.move(file, "voided")
        file.payment.entries.remove(file)
        file.payment.move("voided")
        file.due = None

    def commit(self, worker, step):
        file = worker.file
        if step.event == "uncertain":
            moved = self.doubt(file)
        else:
            moved = self.move(file, step.event, worker.job.fence if step.fenced else None)
            if step.event == "sent":
                file.due = None
                if moved:
                    file.told = False
                    self.settle(file, "sent")
        return Committed(moved, file.state)

    def give_back(self, worker, step):
        file, fence = worker.file, worker.job.fence
        if sending.untouched(worker.job, begun=step.begun):
            self.move(file, "not_begun", fence)
        if file.fence == fence and file.state in UNSENT:
            file.lease_until = self.now
            file.due = self.now + RETRY_S

    def tell(self, worker, _step):
        worker.file.told = True

    # -- the partner ---------------------------------------------------------------------------------------------------
    def names(self, worker, _step):
        return [name for folder, name in self.lying if folder == worker.job.folder]

    def present(self, worker, _step):
        return (worker.job.folder, worker.job.temporary) in self.lying

    def delete(self, worker, step):
        self.lying.pop((worker.job.folder, step.name), None)

    def write(self, job, what):
        spot = (job.folder, job.temporary)
        if spot in self.lying:
            return Reply.TAKEN
        self.lying[spot] = what
        if job.direct:
            self.arrive(job.name, what, direct=True)
        return Reply.DONE

    def write_whole(self, worker, _step):
        return self.write(worker.job, "whole")

    def rename(self, worker, _step):
        spot, final = (worker.job.folder, worker.job.temporary), ("inbound", worker.job.name)
        if spot not in self.lying:
            return Reply.MISSING
        if final in self.lying:
            return Reply.TAKEN
        self.lying[final] = self.lying.pop(spot)
        self.arrive(worker.job.name, self.lying[final], direct=False)
        return Reply.DONE

    def arrive(self, name, what, *, direct):
        if name in self.arrived:
            self.wrong(f"file {name} reached the partner twice")
        if what != "whole" and not direct:
            self.wrong(f"the partner sees a part of file {name}")
        self.arrived[name] = what
        [file] = [one for one in self.files if one.name == name]
        if file.state == "VOIDED":
            self.wrong(f"file {name} left after it was voided")
        if file.payment is not None:
            out = [f.name for f in self.files if f.payment is file.payment and f.name in self.arrived]
            if len([one for one in out if one not in self.rejected]) > 1:
                self.wrong("a payment left twice")

    # -- the end -------------------------------------------------------------------------------------------------------
    def heal(self):
        """Nothing breaks any more: the workers end what they do, the sweep rings until nothing is due."""
        self.enabled = True
        while self.late:
            self.late.pop()()
        for _ in range(12):
            while any(self.workers) or self.messages:
                for number in range(len(self.workers)):
                    if self.workers[number] or self.messages:
                        self.advance(number, None)
            for one in self.payments:
                one.held = False
            self.release()
            if all(file.due is None for file in self.files):
                return
            self.now += LEASE_S + 1
            self.sweep()

    def check(self):
        for file in self.files:
            if fold(Kind.FILE, file.history) != file.state:
                self.wrong(f"the history of {file.name} does not lead to {file.state}")
            if file.state not in ENDS:
                self.wrong(f"file {file.name} stays in {file.state}, due {file.due}")
            if file.state in LEFT and self.arrived.get(file.name) != "whole":
                self.wrong(f"file {file.name} is {file.state} and never arrived")
            if file.state == "UNKNOWN" and not file.told:
                self.wrong(f"nobody was told of {file.name}")
            if file.state == "VOIDED" and file.name in self.arrived:
                self.wrong(f"file {file.name} left and is called void")
        for one in self.payments:
            if len(one.entries) > 1:
                self.wrong("a payment has two live entries")
            if one.state in {"APPROVED", "IN_FILE"} and not (one.entries and one.entries[0].state == "UNKNOWN"):
                self.wrong(f"a payment is left in {one.state}")

    def wrong(self, what):
        raise Wrong("\n".join([what, *map(str, self.trace)]))


DOES = {
    Take: World.take,
    Login: lambda _world, _worker, _step: None,
    GiveBack: World.give_back,
    Tell: World.tell,
    Commit: World.commit,
    Names: World.names,
    Present: World.present,
    Delete: World.delete,
    Write: World.write_whole,
    Rename: World.rename,
}
