"""A clearinghouse and its payers in memory: what they truly do with each set, and what they say of it.

Mostly they say what they did. Where a schedule wants it they contradict themselves: a set is called rejected that was
taken in, or accepted that was lost, a file is refused whose claims are paid. What they did stands in the submissions
(`taken`), what they wrongly called lost too (`belied`), so that the world can tell a promise broken from a partner
believed. An answer lies in the outbox until a schedule, or the healing at its end, puts it out.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ta1:
    file: object
    rejected: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """On one set; `outside`: the fault is no single claim's."""

    of: object
    accepted: bool
    at_fault: frozenset = frozenset()
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """A 999; `reasons`: the group is refused for a reason of its own."""

    file: object
    code: str
    sets: tuple
    reasons: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """A 277CA or a text report; `file` is what it echoes, None where it names claims alone."""

    by: str
    file: object
    claims: tuple
    """(claim, "accepted", "rejected", "not_found" or "pending", whether it tells a number of theirs) each."""


@dataclass(frozen=True, slots=True)
class Era:
    """An 835: what becomes of each claim, in order."""

    claims: tuple
    file = None


class Partner:
    """Its own truth, and the answers that it has not put out yet."""

    __slots__ = ("outbox", "received", "world")

    def __init__(self, world):
        self.world = world
        self.received = []
        self.outbox = []

    # -- what it does with a file ----------------------------------------------------------------------------------------
    def judge(self, mood):
        """Takes up the oldest file; `mood` 0 is plain and honest."""
        file = self.received.pop(0)
        how, bit = mood & 7, mood >> 3
        sets = [one for one in file.sets if one.standing()]
        if how == 1:
            self.outbox.append(Ta1(file, True) if bit & 1 else Reply(file, "R", (), reasons=bit & 2 == 0))
            return
        header = how == 2 and bit & 4 == 0
        told = [self.verdict(one, header, all_named=bit & 2 == 0) for one in sets]
        for one, verdict in zip(sets, told, strict=True):
            if verdict.accepted:
                self.take_in(one)
        if bit & 1:
            self.outbox.append(Ta1(file, False))
        self.outbox.append(reply(file, told))
        if how > 4:
            self.contradict(file, sets, told, how, bit)
        self.speak_of_claims(file, [one for one, verdict in zip(sets, told, strict=True) if verdict.accepted], how, bit)

    @staticmethod
    def verdict(one, header, *, all_named):
        bad = [sub.claim for sub in one.standing() if sub.claim.faulty]
        if header:
            return Verdict(one, False, frozenset(bad), outside=True)
        return Verdict(one, not bad, frozenset(bad if all_named else bad[:1]))

    def take_in(self, one):
        for sub in one.standing():
            sub.taken = True
            if sub.claim.refusal != "clearinghouse":
                self.reach_payer(sub)

    def reach_payer(self, sub):
        had = sub.claim.at_payer
        if any(not earlier.belied for earlier in had):
            self.world.wrong(f"the payer has {sub.claim.name} twice, and nobody had called it lost")
        had.append(sub)

    # -- what it says -------------------------------------------------------------------------------------------------------
    def contradict(self, file, sets, told, how, bit):
        """A second answer that denies the first; either may be put out first, and either may be the true one."""
        if how == 5:
            for one in sets:
                self.belie(one)
            self.outbox.append(Ta1(file, True))
            return
        if how == 6 and sets:
            at = bit % len(sets)
            one, true = sets[at], told[at]
            if true.accepted:
                self.belie(one)
                members = one.standing()
                blamed = frozenset([members[bit % len(members)].claim]) if bit & 8 else frozenset()
                lie = Verdict(one, False, blamed, outside=not blamed)
            else:
                lie = Verdict(one, True)
            self.outbox.append(reply(file, [*told[:at], lie, *told[at + 1 :]]))

    @staticmethod
    def belie(one):
        for sub in one.standing():
            sub.belied = True

    def speak_of_claims(self, file, sets, how, bit):
        subs = [sub for one in sets for sub in one.standing()]
        if not subs:
            return
        echoed = None if how == 3 else file
        numbers = bit & 4 == 0
        claims = [sub.claim for sub in subs]
        self.outbox.append(
            Status("clearinghouse", echoed, tuple(said("clearinghouse", one, numbers) for one in claims))
        )
        unseen = tuple((one, "not_found", False) for one in claims if one.refusal == "unseen")
        if unseen:  # it looked too early, and finds them afterwards
            self.outbox.insert(0, Status("clearinghouse", echoed, unseen))
        if bit & 16:
            self.outbox.append(Status("clearinghouse", echoed, tuple((one, "pending", True) for one in claims)))
        forwarded = [one for one in claims if one.refusal != "clearinghouse"]
        if forwarded:
            self.outbox.append(Status("payer", echoed, tuple(said("payer", one, numbers) for one in forwarded)))
        if how == 7:
            by = "payer" if bit & 8 else "clearinghouse"
            self.outbox.append(Status(by, echoed, ((claims[bit % len(claims)], "rejected", numbers),)))
        for one in forwarded:
            if one.refusal in {None, "unseen"} and len(one.at_payer) == 1:
                self.outbox.append(Era(((one, (one.decision,)),)))
                if one.correction:
                    self.outbox.append(Era(((one, ("reversed", one.correction)),)))

    def put_out(self, number, *, keep=False):
        """The answer leaves the outbox, or a copy does: to be sent again, under another number, later."""
        at = number % len(self.outbox)
        answer = self.outbox[at]
        if isinstance(answer, Era) and answer.claims[0][1][0] == "reversed":
            at = next(
                i
                for i, one in enumerate(self.outbox)
                if isinstance(one, Era) and one.claims[0][0] is answer.claims[0][0]
            )
            answer = self.outbox[at]  # payers take back what they have sent
        if not keep:
            del self.outbox[at]
        self.world.arrive(answer)


def reply(file, told):
    good = [one.accepted for one in told]
    return Reply(file, "A" if all(good) else "P" if any(good) else "R", tuple(told))


def said(by, claim, numbers):
    if claim.refusal == by:
        return (claim, "rejected", numbers)
    if claim.refusal == "unknown" and by == "payer":
        return (claim, "not_found", False)
    return (claim, "accepted", numbers)
