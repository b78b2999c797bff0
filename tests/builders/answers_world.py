"""A world in memory for the product's own decisions about answers: a database, workers that die, a bell, people.

Claims have left in sets; what comes back comes in any order, twice, late, and denies itself. A schedule is a string of
bytes; each decides one thing: who goes on, what breaks, what the partner does or says, what people do. When the bytes
are spent the world heals: whatever is outstanding is said, and everything that is due is done. ``run`` raises ``Wrong``
where a promise does not hold; the same bytes always tell the same story.

A stage's transaction is one step here: a kill before it loses all of it, a kill after it loses the bell alone. What each
does is what the stages do that bear its name; what it decides is `pipeline/domain/answering.py` and the tables of
`pipeline/domain/states.py`. The partner is in `answers_partner.py`,
what comes back is applied in `answers_applied.py`.
"""

from answers_applied import CLAIM, FILE, LEASE_S, NOT_FOUND, RETRY_S, SUBMISSION, Applied
from answers_partner import Partner
from answers_rows import Claim, File, Set, Submission
from upload_world import Wrong

from pipeline.domain import answering
from pipeline.domain.states import Kind, fold
from pipeline.store.files import NOT_LEFT, UNSENT

ENDS = {"PAID", "PARTLY_PAID", "DENIED"}
RUNGS = {"IN_FILE": 0, "SET_ACCEPTED": 1, "CLEARINGHOUSE_ACCEPTED": 2, "PAYER_ACCEPTED": 3, "ADJUDICATED": 4}
LIVE = set(RUNGS)


class Worker:
    """What a task has in hand; an upload goes on in several steps under its fence."""

    __slots__ = ("fence", "phase", "stage", "subject")

    def __init__(self, stage, subject):
        self.stage, self.subject = stage, subject
        self.phase = self.fence = 0


class World(Applied):
    """Everything that a schedule moves."""

    def __init__(self, schedule):
        self.bytes = iter(schedule)
        self.now = self.turn = 0
        self.trace = []
        self.due = {}
        self.messages = []
        self.workers = [None, None]
        self.files = []
        self.inbound = []
        self.lots = 1
        self.paused = False
        self.by = None
        self.partner = Partner(self)
        first = self.byte()
        self.per_set = (1, 2, 3, 6)[first & 3]
        self.most_tries = 2 + self.byte() % 3
        self.claims = [Claim(number, self.byte()) for number in range(2 + (first >> 2) % 6)]
        self.due["bundle", 0] = 0
        self.drain()  # the first file is out before anything is said

    # -- the schedule --------------------------------------------------------------------------------------------------
    def byte(self):
        return next(self.bytes, 0)

    def run(self):
        for byte in self.bytes:
            self.act(byte)
        self.heal()
        self.check()
        return self

    def act(self, byte):
        kind = byte >> 4
        if kind < 6:
            self.advance(byte & 1, None)
        elif kind == 6:
            self.advance(byte & 1, (byte >> 1) & 3)
        elif kind == 7:
            self.now += (1, RETRY_S, LEASE_S // 2, LEASE_S + 1)[byte & 3]
        elif kind == 8:
            self.bell(byte & 3)
        elif kind < 11:
            if self.partner.received:
                self.partner.judge(self.byte())
        elif kind < 14:
            if self.partner.outbox:
                self.partner.put_out(self.byte(), keep=byte & 7 == 0)
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
        for work, due in self.due.items():
            if due <= self.now:
                self.due[work] = self.now + LEASE_S
                self.messages.append(work)

    def advance(self, number, fault):
        worker = self.workers[number]
        if worker is None:
            if not self.messages:
                self.sweep()
            if self.messages:
                self.workers[number] = Worker(*self.messages.pop(0))
            return
        self.turn += 1
        self.trace.append((worker.stage, getattr(worker.subject, "name", worker.subject), worker.phase, fault))
        if fault is None:
            rings = DOES[worker.stage](self, worker)
            if rings is not None:
                self.messages.extend(rings)
                self.workers[number] = None
            return
        if fault & 1:
            DOES[worker.stage](self, worker)
        if fault & 2 and worker.stage == "upload":
            self.give_back(worker)
        self.workers[number] = None

    # -- rows move by the tables only -------------------------------------------------------------------------------------
    def move(self, table, row, event):
        target = table.get((row.state, event))
        if target is None:
            return False
        if table is SUBMISSION and RUNGS.get(target, 9) < RUNGS.get(row.state, 0):
            self.wrong(f"{row.claim.name} climbs down from {row.state} to {target}")
        row.state = target
        row.history.append(event)
        return True

    # -- the way out --------------------------------------------------------------------------------------------------------
    def bundle(self, worker):
        lot = worker.subject
        waiting = [one for one in self.claims if one.lot == lot and one.state == "VALIDATED"]
        if waiting and self.waits():
            self.due["bundle", lot] = self.now + LEASE_S
            return ()
        if waiting:
            self.place(lot, waiting)
            self.due["render", lot] = self.now + LEASE_S
        self.due.pop(("bundle", lot), None)
        return (("render", lot),)

    def waits(self):
        return self.paused

    def place(self, lot, waiting):
        if self.paused:
            self.wrong("a file is made for a mailbox that a person is to let go on")
        file = File(len(self.files), lot)
        self.files.append(file)
        for at, claim in enumerate(waiting):
            if claim.blamed:
                self.wrong(f"{claim.name} goes again though it was at fault or refused, and no person sent it")
            if any(one.state in LIVE for one in claim.tries):
                self.wrong(f"{claim.name} goes again while an earlier try of it stands")
            if at % self.per_set == 0:
                file.sets.append(Set())
            one = Submission(claim, len(claim.tries) + 1, file, file.sets[-1])
            file.sets[-1].members.append(one)
            claim.tries.append(one)
            self.move(CLAIM, claim, "bundled")

    def render(self, worker):
        lot = worker.subject
        for file in self.files:
            if file.lot == lot and file.state == "BUNDLED":
                self.leave_out(file)
                if self.move(FILE, file, "rendered" if file.standing() else "voided") and file.state == "RESERVED":
                    self.due["upload", file] = self.now + LEASE_S
        self.due.pop(("render", lot), None)
        return [("upload", file) for file in self.files if file.lot == lot and file.state == "RESERVED"]

    def leave_out(self, file):
        for one in file.standing():
            if not answering.wanted(one.claim.state):
                self.move(SUBMISSION, one, "withdrawn")

    def upload(self, worker):
        """None: it goes on; else it is over."""
        file = worker.subject
        worker.phase += 1
        if worker.phase == 1:
            return self.lease(worker, file)
        if worker.phase == 2:
            if file.fence != worker.fence or not (
                self.move(FILE, file, "staged") and self.move(FILE, file, "renaming")
            ):
                return ()
        elif worker.phase == 3:
            self.reach_partner(file)
        else:
            self.move(FILE, file, "sent")
            self.due.pop(("upload", file), None)
            return ()
        return None

    def lease(self, worker, file):
        if file.state not in UNSENT:
            self.due.pop(("upload", file), None)
            return ()
        if file.state != "RESERVED" and file.lease_until > self.now:
            self.due["upload", file] = self.now + LEASE_S
            return ()
        if file.state in {"RESERVED", "STAGING"}:
            if not self.stands(file):
                return (("bundle", self.lots - 1),)
            self.move(FILE, file, "staging")
            file.fence += 1
            file.looked_at = self.turn
        else:
            worker.phase = 2
        worker.fence = file.fence
        file.lease_until = self.due["upload", file] = self.now + LEASE_S
        return None

    def stands(self, file):
        if all(answering.wanted(one.claim.state) for one in file.standing()):
            return True
        self.leave_out(file)
        self.move(FILE, file, "voided")
        rest = file.standing()
        for one in rest:
            self.move(SUBMISSION, one, "withdrawn")
        self.due.pop(("upload", file), None)
        self.send_on([one.claim for one in rest], "unplaced", 0)
        return False

    def send_on(self, claims, event, wait):
        """The claims that move go into a new lot, for `bundle`."""
        lot, self.lots = self.lots, self.lots + 1
        moved = [one for one in claims if self.move(CLAIM, one, event)]
        for one in moved:
            one.lot = lot
        if claims:
            self.due["bundle", lot] = self.now + wait
        return moved

    def give_back(self, worker):
        file = worker.subject
        if file.fence == worker.fence and file.state in UNSENT:
            file.lease_until = self.now
            self.due["upload", file] = self.now + RETRY_S

    def reach_partner(self, file):
        if file.arrived:
            return
        file.arrived = True
        if file.state in NOT_LEFT:
            self.wrong(f"{file.name} left and is {file.state}")
        for one in file.standing():
            for earlier in one.claim.tries[: one.attempt - 1]:
                shown = earlier.shown_at
                if shown is not None and one.claim.named_at < shown < file.looked_at:
                    self.wrong(f"{one.claim.name} goes again though an answer had said that the partner has it")
        self.partner.received.append(file)

    # -- people -------------------------------------------------------------------------------------------------------------
    def people(self, what):
        """The mailbox is resumed; what is held of a file, or one claim by its name, goes again; a claim is mended."""
        if what < 2:
            self.resume()
        elif what < 5:
            held = [one for one in self.files if "file_rejected" in one.told]
            if held:
                self.resubmit_file(held[self.byte() % len(held)])
        else:
            lost = [one for one in self.claims if one.state in {"HELD", "REJECTED"}]
            if lost:
                self.resubmit_claim(lost[self.byte() % len(lost)], mended=what < 7)

    def resume(self):
        self.paused = False
        for work in self.due:
            if work[0] == "bundle":
                self.due[work] = self.now

    def resubmit_file(self, file):
        going = []
        for claim in self.claims:
            last = next((one for one in reversed(claim.tries) if one.state != "WITHDRAWN"), None)
            held = claim.state == "HELD" and last is not None and last.file is file
            if held and not claim.doubtful:
                going.append(claim)
        for claim in going:
            if any(one.shown_at is not None and one.shown_at > claim.named_at for one in claim.tries):
                self.wrong(f"{claim.name} is sent with its file though an answer said that the partner has it")
        self.resubmitted(going)

    def resubmit_claim(self, claim, *, mended):
        last = next((one.state for one in reversed(claim.tries) if one.state != "WITHDRAWN"), None)
        if not answering.sendable(claim.state, last, named_outside=False):
            return
        claim.faulty = claim.faulty and not mended
        claim.named_at = self.turn
        self.resubmitted([claim])

    def resubmitted(self, claims):
        for one in self.send_on(claims, "resubmitted", 0):
            one.blamed = False
            one.told -= {"set_rejected", "tries_exhausted"}
        self.let_go(claims)

    def let_go(self, claims):
        for file in {one.file: None for claim in claims for one in claim.tries}:
            if not any(one.claim.state == "HELD" and one.latest for of in file.sets for one in of.members):
                file.told.discard("file_rejected")

    # -- the end ------------------------------------------------------------------------------------------------------------
    def drain(self):
        self.sweep()
        while self.messages or any(self.workers):
            for number in range(len(self.workers)):
                self.advance(number, None)

    def heal(self):
        """Nothing breaks any more: all is said that is to be said, all is done that is due."""
        for _ in range(80):
            self.drain()
            while self.partner.received:
                self.partner.judge(0)
            while self.partner.outbox:
                self.partner.put_out(0)
            if not self.due:
                return
            self.resume()
            self.now += LEASE_S + 1
        self.wrong(f"work is left: {[stage for stage, _ in self.due]}")

    def check(self):
        for file in self.files:
            self.folds(Kind.FILE, file)
            if {"accepted", "rejected"} <= file.said and "contradictory_answer" not in file.told:
                self.wrong(f"{file.name} was called accepted and rejected, and nobody was told")
        for claim in self.claims:
            self.folds(Kind.CLAIM, claim)
            for one in claim.tries:
                self.folds(Kind.SUBMISSION, one)
            if not self.ended(claim):
                self.wrong(f"{claim.name} stays {claim.state}, and nobody was told")
            last = claim.tries[-1]
            both = "set_rejected" in last.said and any(event.endswith("_accepted") for event in last.said)
            if both and last.state != "ADJUDICATED" and "contradictory_answer" not in claim.told:
                self.wrong(f"{claim.name} was called lost and accepted, and nobody was told")

    @staticmethod
    def ended(claim):
        if claim.state in ENDS:
            return True
        told = claim.told
        if claim.state == "REJECTED":
            return bool(told & {"set_rejected", "tries_exhausted", "claim_rejected"})
        if claim.state == "HELD":
            held = any("file_rejected" in one.file.told for one in claim.tries)
            return held or "contradictory_answer" in told
        return claim.state == "SUBMITTED" and bool(told & {"contradictory_answer", NOT_FOUND["payer"]})

    def folds(self, kind, row):
        if fold(kind, row.history) != row.state:
            self.wrong(f"a history does not lead to {row.state}: {row.history}")

    def wrong(self, what):
        raise Wrong("\n".join([what, *map(str, self.trace)]))


DOES = {
    "bundle": World.bundle,
    "render": World.render,
    "upload": World.upload,
    "acknowledge": World.acknowledge,
    "match": World.match,
}
