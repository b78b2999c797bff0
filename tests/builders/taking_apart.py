"""Claims on their way in sets, of which a 999 rejects some: for the tests of what is taken apart and sent again."""

from dataclasses import replace

from edi.x12.syntax.document import TransactionSet
from edi.x12.syntax.reader import read
from pipeline.stages.bundle import bundle
from pipeline.stages.render import render
from pipeline.stages.upload import upload
from pipeline.store import reports


class Flow:
    """Claims that are out in sets, a 999 that rejects some, and the stages run until nothing is due."""

    def __init__(self, answers, edge):
        self.answers, self.edge = answers, edge
        self.rung = []
        edge.ctx = replace(edge.ctx, ring=lambda stage, _org, ids: self.rung.append((stage, list(ids))))

    def go_on(self, stages=None):
        """Bundles, renders and uploads whatever waits; gives the control number of the last file.

        Up to `stages` of these, once; without, until nothing is due at once.
        """
        while True:
            self._round(stages)
            now = "SELECT EXISTS (SELECT 1 FROM due_work WHERE stage = 'bundle' AND due_at <= now())"
            if stages is not None or not self.edge.value(now):
                return self.edge.value("SELECT max(control_number) FROM outbound_file WHERE kind LIKE '837_'")

    def _round(self, stages):
        for stage, run in (("bundle", bundle), ("render", render), ("upload", upload))[:stages]:
            for row in self.edge.rows("SELECT subject_id AS i FROM due_work WHERE stage = :s ORDER BY 1", s=stage):
                self.edge.run("UPDATE mailbox SET last_sent_at = NULL")
                run(self.edge.ctx, self.edge.org, row.i)

    def sent_set(self, number, control="0001"):
        """A set as its bytes have it."""
        file_id = self.edge.value(
            "SELECT id FROM outbound_file WHERE control_number = :n AND kind LIKE '837_'", n=number
        )
        sets: list[TransactionSet] = read(self.edge.bytes_of(file_id)).sets
        return next(one for one in sets if one.control_number == control)

    def position(self, number, clm01, segment="HI", control="0001"):
        """The number of the claim's first such segment in its set."""
        segments = self.sent_set(number, control).segments
        start = next(i for i, s in enumerate(segments) if s[:2] == ["CLM", clm01])
        return next(i for i, s in enumerate(segments[start:], start + 1) if s[0] == segment)

    def submissions(self, claim):
        rows = self.edge.rows("SELECT attempt, state FROM submission WHERE claim_id = :c ORDER BY attempt", c=claim.id)
        return [tuple(row) for row in rows]

    def state(self, one):
        return self.edge.value("SELECT state FROM claim WHERE id = :c", c=one.id)

    def states(self, claims):
        return [self.state(one) for one in claims]

    def reason(self, type_):
        return self.edge.value("SELECT reason FROM work_exception WHERE type = :t ORDER BY id LIMIT 1", t=type_)

    def counts(self):
        """Everything that a repeated answer must leave alone; late answers may be noted."""
        return [
            self.edge.value(f"SELECT count(*) FROM {table}")
            for table in ("submission", "lot", "outbound_file", "journal", "work_exception")
        ] + [self.edge.value("SELECT count(*) FROM history WHERE event <> 'late_answer' AND subject_kind <> 'inbound'")]

    def folds(self):
        with self.edge.tx() as tx:
            return reports.folds(tx)
