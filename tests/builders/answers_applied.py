"""What comes back, applied to the rows of the simulated answers as the stages apply it, each file in one step.

The methods bear the names of what they stand for in `pipeline/stages/acknowledge.py`, `apart.py`, `verdicts.py` and
`posting.py`; they are a part of `answers_world.World`.
"""

from answers_partner import Era, Reply, Status, Ta1
from answers_rows import Inbound

from pipeline.domain import answering
from pipeline.domain.answering import Belief, Denial, Part
from pipeline.domain.states import TABLES, Kind

LEASE_S, RETRY_S = 30, 2
HELD_FROM = 3
CLAIM, SUBMISSION, FILE = TABLES[Kind.CLAIM], TABLES[Kind.SUBMISSION], TABLES[Kind.FILE]
NOT_FOUND = {by: f"not found by the {by}" for by in ("clearinghouse", "payer")}
SEEMED_LOST = {"set_rejected", "tries_exhausted", "claim_rejected", *NOT_FOUND.values()}
_NOT_YET = {"BUNDLED", "RESERVED", "STAGING", "VOIDED"}


class Applied:
    """Needs the rows, the bells and the checks of the world that it is a part of."""

    # -- what comes back ----------------------------------------------------------------------------------------------------
    def arrive(self, answer):
        one = Inbound(len(self.inbound), answer)
        self.inbound.append(one)
        stage = "match" if type(answer) is Era else "acknowledge"
        self.due[stage, one] = self.now
        self.messages.append((stage, one))

    def acknowledge(self, worker):
        one = worker.subject
        self.due.pop(("acknowledge", one), None)
        if one.state != "RECEIVED":
            return ()
        one.state = "APPLIED"
        self.by = one.answer
        lots = self.lots
        APPLIES[type(one.answer)](self, one.answer)
        return [("bundle", lot) for lot in range(lots, self.lots)]

    def interchange(self, answer):
        if answer.rejected:
            self.file_answered(answer.file, "rejected")
            self.file_refused(answer.file)
        else:
            self.file_answered(answer.file, "sent")

    def group(self, answer):
        file = answer.file
        for verdict in answer.sets:
            verdict.of.code = verdict.accepted
        group = answering.of_group(answer.code, [verdict.accepted for verdict in answer.sets])
        if group.event is not None:
            self.file_answered(file, group.event)
        if group.event == "accepted":
            told = [v.of for v in answer.sets if v.accepted] if answer.sets else file.sets
            self.say("set_accepted", [one for of in told for one in of.members])
        rejected = [verdict for verdict in answer.sets if not verdict.accepted]
        if group.refused and not answering.set_by_set(
            reasons=answer.reasons, answered=len(answer.sets), rejected=len(rejected), sent=len(self.sent(file))
        ):
            self.file_refused(file)
        else:
            self.sets_rejected(file, rejected)

    @staticmethod
    def sent(file):
        return [one for one in file.sets if one.standing()]

    def file_answered(self, file, event):
        file.said.add(event)
        if self.move(FILE, file, event):
            self.due.pop(("upload", file), None)
        elif answering.denies_file(file.state, event):
            file.told.add("contradictory_answer")

    def file_refused(self, file):
        self.hold(file, self.believed(self.sent(file)))

    def sets_rejected(self, file, verdicts):
        if not verdicts:
            return
        told = {verdict.of: verdict for verdict in verdicts}
        standing = self.believed([verdict.of for verdict in verdicts])
        sent = self.sent(file)
        by_a_person = any("resubmitted" in one.claim.history for of in sent for one in of.members)
        most = answering.most_rejected(
            sent=len(sent),
            rejected=sum(one.code is False for one in sent),
            by_a_person=by_a_person,
            held_from=HELD_FROM,
        )
        whole = [one for one in standing if answering.held(most=most, outside=told[one].outside)]
        self.hold(file, whole)
        rest = [one for one in standing if one not in whole and not one.taken_apart]
        self.take_apart([(one, told[one].at_fault) for one in rest])
        if any(told[one].outside for one in rest):
            self.wrong(f"a set of {file.name} is taken apart though no claim's fault lost it")
        lost = len([one for one in sent if one.code is False])
        if rest and lost >= HELD_FROM and 2 * lost > len(sent) and not by_a_person:
            self.wrong(f"{lost} of {len(sent)} sets of {file.name} are taken apart at once")

    def believed(self, sets):
        standing = []
        for of in sets:
            members = of.standing()
            now = answering.belief((one.state, one.shows) for one in members)
            event = "set_rejected" if now is Belief.STANDS else "late_answer"
            if now is Belief.STANDS:
                standing.append(of)
            for one in members:
                self.about(one)
                one.said.add("set_rejected")
                if now is Belief.DENIED and one.latest:
                    one.claim.told.add("contradictory_answer")
                self.move(SUBMISSION, one, event)
        return standing

    def hold(self, file, sets):
        held = [one for of in sets for one in of.standing() if one.latest and self.move(CLAIM, one.claim, "held")]
        if held:
            self.paused = True
            file.told.add("file_rejected")

    def take_apart(self, sets):
        again = []
        for of, at_fault in sets:
            of.taken_apart = True
            for one in of.standing():
                claim = one.claim
                claim.blamed = claim.blamed or claim in at_fault
                falls = answering.part(
                    latest=one.latest,
                    at_fault=claim in at_fault,
                    doubtful=claim.doubtful,
                    tries=one.tries,
                    most_tries=self.most_tries,
                )
                if falls is Part.AGAIN:
                    again.append(one)
                elif falls is Part.DOUBTED:
                    self.move(CLAIM, claim, "doubted")
                elif falls is not Part.ELSEWHERE and self.move(CLAIM, claim, "rejected"):
                    claim.told.add("set_rejected" if falls is Part.AT_FAULT else "tries_exhausted")
                    self.exhausted(one, falls)
        if again:
            self.send_on([one.claim for one in again], "sent_again", LEASE_S)
        for one in again:
            if self.gone(one.claim) >= self.most_tries:
                self.wrong(f"{one.claim.name} goes by itself though it has gone {self.gone(one.claim)} times")

    def exhausted(self, one, falls):
        if falls is Part.EXHAUSTED and self.gone(one.claim) < self.most_tries:
            self.wrong(f"{one.claim.name} is given up after {self.gone(one.claim)} tries")

    @staticmethod
    def gone(claim):
        return len([one for one in claim.tries if one.file.arrived and one.state != "WITHDRAWN"])

    # -- of claims ----------------------------------------------------------------------------------------------------------
    def status(self, answer):
        said = {"accepted": [], "rejected": [], "not_found": [], "pending": []}
        for claim, verdict, numbered in answer.claims:
            one = self.meant(claim, answer.file)
            if one is not None:
                one.identified = one.identified or numbered
                said[verdict].append(one)
        if answer.file is None:  # a text report says nothing else of the file
            for file in {one.file: None for told in said.values() for one in told}:
                self.file_answered(file, "sent" if said["pending"] else "accepted")
        self.say(f"{answer.by}_accepted", said["accepted"])
        for one in self.say(f"{answer.by}_rejected", said["rejected"]):
            if answering.claim_follows(latest=one.latest):
                self.move(CLAIM, one.claim, "rejected")
                one.claim.told.add("claim_rejected")
                one.claim.blamed = True
        self.noted(said["pending"])
        for one in said["accepted"] + said["rejected"]:
            one.claim.told.difference_update(NOT_FOUND[by] for by in answering.settles(answer.by))
        for one in said["not_found"]:
            one.claim.told.add(NOT_FOUND[answer.by])

    def meant(self, claim, file=None):
        """The try that an answer is about: the one in the file that it echoes, else the latest that has left."""
        standing = [one for one in claim.tries if one.state != "WITHDRAWN"]
        key = lambda one: (one.file is file, not one.file.here, one.attempt)  # noqa: E731
        return max(standing, key=key, default=None)

    def say(self, event, subs):
        moved = []
        for one in subs:
            self.about(one)
            one.said.add(event)
            if event.endswith("_accepted"):
                self.shown(one)
            if self.move(SUBMISSION, one, event):
                moved.append(one)
            else:
                self.move(SUBMISSION, one, "late_answer")
                self.denied(one, answering.denial(one.state, event, moved=False))
        return moved

    def noted(self, subs):
        for one in subs:
            self.about(one)
            self.shown(one)
            self.move(SUBMISSION, one, "late_answer")
            self.denied(one, answering.denial(one.state, "set_accepted", moved=False))

    def shown(self, one):
        """The product was told that the partner has this try."""
        if one.shown_at is None and one.state != "WITHDRAWN":
            one.shown_at = self.turn

    def denied(self, one, what):
        claim = one.claim
        if what is not Denial.NOTHING:
            claim.told.add("contradictory_answer")
        here = any(each.file.here for each in claim.tries if each.state == "IN_FILE")
        if what is Denial.DOUBTED and answering.still_here(claim.state, file_here=here):
            self.move(CLAIM, claim, "doubted")

    def about(self, one):
        """An answer moves, or is noted with, what it is about: nothing else."""
        if one.file.state in _NOT_YET and one.state != "WITHDRAWN":
            self.wrong(f"an answer is taken for one to try {one.attempt} of {one.claim.name}, which never arrived")
        if self.by.file is not None and one.file is not self.by.file:
            self.wrong(f"an answer to {self.by.file.name} is taken for one to {one.file.name}")

    def match(self, worker):
        inbound = worker.subject
        answer = inbound.answer
        if inbound.state == "RECEIVED" and answer.claims[0][1][0] == "reversed" and self.early(inbound):
            self.due["match", inbound] = self.now + RETRY_S
            return ()
        self.due.pop(("match", inbound), None)
        if inbound.state == "RECEIVED":
            inbound.state = "APPLIED"
            if not self.posted_before(inbound):
                self.by = answer
                for claim, events in answer.claims:
                    self.post(claim, events)
        return ()

    def early(self, inbound):
        """Whether what it takes back may stand in a file that came before it and is not posted."""
        before = self.inbound[: self.inbound.index(inbound)]
        return any(one.state == "RECEIVED" and type(one.answer) is Era for one in before)

    def posted_before(self, inbound):
        return any(
            one is not inbound and one.answer is inbound.answer and one.state == "APPLIED" for one in self.inbound
        )

    def post(self, claim, events):
        one = self.meant(claim)
        for event in events:
            if claim.standing is (event != "reversed"):
                self.wrong(f"{claim.name} is {event} twice in the books")
            claim.standing = not claim.standing
            if not self.move(CLAIM, claim, event):
                self.wrong(f"{event} does not fit {claim.name}, which is {claim.state}")
        self.about(one)
        one.said.add("adjudicated")
        self.shown(one)
        self.move(SUBMISSION, one, "adjudicated")
        claim.told -= SEEMED_LOST
        self.let_go([claim])


APPLIES = {Ta1: Applied.interchange, Reply: Applied.group, Status: Applied.status}
