"""The rows of the simulated answers: claims, their tries, sets, files and what came in; each with what the checks remember."""

from pipeline.domain import answering

DECIDED = ("paid", "partly_paid", "denied")
REFUSALS = ("clearinghouse", "payer", "unknown", "unseen")


class Claim:
    """One claim version. Below `told` is the partner's truth, and what the checks remember."""

    __slots__ = (
        "at_payer", "blamed", "correction", "decision", "faulty", "history", "lot", "name", "named_at", "refusal",
        "standing", "state", "told", "tries",
    )  # fmt: skip

    def __init__(self, number, truth):
        self.name = f"claim {number}"
        self.state = "VALIDATED"
        self.history = ["readied", "validated"]
        self.lot = 0
        self.tries = []
        self.told = set()
        kind = truth & 15
        self.faulty = kind < 3
        self.refusal = REFUSALS[kind - 3] if 3 <= kind < 7 else None
        self.decision = DECIDED[(truth >> 4) % 3]
        self.correction = DECIDED[(truth >> 5) % 3] if kind > 11 else None
        self.standing = self.blamed = False
        self.at_payer = []
        self.named_at = -1

    @property
    def doubtful(self):
        return "contradictory_answer" in self.told


class Submission:
    __slots__ = (
        "attempt", "belied", "claim", "file", "history", "identified", "of", "said", "shown_at", "state", "taken",
    )  # fmt: skip

    def __init__(self, claim, attempt, file, of):
        self.claim, self.attempt, self.file, self.of = claim, attempt, file, of
        self.state = "IN_FILE"
        self.history = ["bundled"]
        self.identified = self.taken = self.belied = False
        self.shown_at = None
        self.said = set()

    @property
    def latest(self):
        return all(one.attempt <= self.attempt or one.state == "WITHDRAWN" for one in self.claim.tries)

    @property
    def tries(self):
        earlier = self.claim.tries[: self.attempt]
        return len([one for one in earlier if one.state != "WITHDRAWN"])

    @property
    def shows(self):
        return answering.taken_in(self.state, identified=self.identified)


class Set:
    __slots__ = ("code", "members", "taken_apart")

    def __init__(self):
        self.members = []
        self.code = None
        self.taken_apart = False

    def standing(self):
        return [one for one in self.members if one.state != "WITHDRAWN"]


class File:
    __slots__ = (
        "arrived",
        "fence",
        "history",
        "lease_until",
        "looked_at",
        "lot",
        "name",
        "said",
        "sets",
        "state",
        "told",
    )

    def __init__(self, number, lot):
        self.name = f"file {number}"
        self.lot = lot
        self.state = "BUNDLED"
        self.history = ["numbered"]
        self.sets = []
        self.fence = self.lease_until = 0
        self.looked_at = -1
        self.arrived = False
        self.told = set()
        self.said = set()

    @property
    def here(self):
        return answering.here(self.state, direct=False)

    def standing(self):
        return [one for of in self.sets for one in of.standing()]


class Inbound:
    __slots__ = ("answer", "name", "state")

    def __init__(self, number, answer):
        self.name = f"inbound {number}"
        self.answer = answer
        self.state = "RECEIVED"
