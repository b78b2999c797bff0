"""The clearinghouse and the payers behind it: takes 837 files in, answers them step by step.

An upload is refused as a whole by a TA1 of its own (duplicate 025, wrong receiver 008, test flag that disagrees with the
name 020, more than one interchange 022, what pyx12 says) under the name of a 999, and nothing of it is forwarded.
Otherwise: 999 with an accepting TA1 before its GS; 277CA of the clearinghouse; 277CA of the payers; one 835 a payer.
An account with text reports gets a File Summary (and its error twin) for the first two, an EDI Status for the third.
A file of status inquiries (276) gets its 999, and later a 277 of the payers (``sandbox.status_answers``).
File names are those that Office Ally's clients know, see ``sandbox.names``.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from edi.officeally import write_edi_status, write_file_summary
from edi.x12.sets import t271, t277, t277ca, t999
from edi.x12.sets.t277ca import Source
from edi.x12.sets.t999 import Acknowledgment
from edi.x12.syntax.delimiters import DEFAULT
from edi.x12.syntax.document import Group, Interchange, TransactionSet
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.syntax.ta1 import Ta1
from sandbox import eligibility, names, status_answers, text_reports
from sandbox.cases import Case, Upload, by_batch, by_payer, open_upload
from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.coordination import crossed
from sandbox.desk import Desk, Job
from sandbox.journal import Journal, Line, read_journal
from sandbox.judge import Judgment, judge
from sandbox.outbox import Outbox
from sandbox.outcomes import Outcome
from sandbox.reception import Arrival, Received, Reception
from sandbox.set_faults import Faults, faults, refused
from sandbox.statuses import clearinghouse_report, payer_report
from sandbox.versions import Versions, judged

_USER = "oa"
_KEPT_OPEN = 8
_ISA_LENGTH = 106
_TEXT_REPORTS = frozenset({"file_summary", "error_report", "edi_status"})
_OF_PAYERS = frozenset({"277ca_payer", "edi_status"})


@dataclass(frozen=True, slots=True)
class Answered:
    """The 999 to an upload: its interchange, the ST02 of the sets it rejects, and the TA1 note if all is refused.

    ``blamed_sets`` are those of the rejected that pyx12 finds nothing wrong with: a claim's digits ask for it.
    """

    data: bytes
    rejected_sets: frozenset[str]
    note: str = "000"
    blamed_sets: frozenset[str] = frozenset()


class Clearinghouse:
    """One per worker process."""

    def __init__(
        self, config: SandboxConfig, clock: BusinessClock, desk: Desk, outbox: Outbox, journal: Journal
    ) -> None:
        self._config = config
        self._clock = clock
        self._desk = desk
        self._outbox = outbox
        self._seen = {(line["sender"], line["isa13"]) for line in read_journal(config.journal, "file", "inquiry_file")}
        self.versions = Versions()
        journal.follow(self.versions)
        self._open: dict[str, Upload] = {}
        self._shares: dict[tuple[str, bool], dict[str, list[Case]]] = {}
        self.reception = Reception(config.home(_USER), desk, journal, _is_whole, self._receive)

    def do(self, job: Job) -> None:
        """Carry out a job: a 999 (or lone TA1), a 277CA or a text report of the clearinghouse or of the payers."""
        if not self._outbox.has_sent(job.id):
            data = self._file(job)
            if data:
                self._outbox.send(_USER, self._name(job), data, what=job.what, jobs=[job.id])
        self._desk.done(job.id)

    def _file(self, job: Job) -> bytes:
        if job.what == "999":
            return str(job.data["text"]).encode("latin-1")
        if job.what == "277":
            return self._status_responses(job)
        if job.what == "271":
            return self._coverage_file(job)
        return self._text_report(job) if job.what in _TEXT_REPORTS else self._status_file(job)

    def cases(self, job: Job) -> list[Case]:
        """The claims that went on to the payers: in sets that the 999 accepted, not rejected by the clearinghouse."""
        went_on = _forwarded(self.upload(job.data["path"]).cases(without=job.data["rejected_sets"]))
        return judged(went_on, job.data["file_id"], self.versions, self.upload)

    def shares(self, job: Job) -> dict[str, list[Case]]:
        """The same by payer; of a job that is of crossed claims, those that each further payer gets. Sorted once a file."""
        kind = (str(job.data["path"]), bool(job.data.get("crossed")))
        found = self._shares.get(kind)
        if found is None:
            every = self.cases(job)
            found = self._shares[kind] = by_payer(crossed(case for case in every if case.decided) if kind[1] else every)
        return found

    def answer_envelope(self, job: Job, functional_id: str, version: str, now: datetime) -> Envelope:
        """Around an answer to the job's upload."""
        return self._envelope(
            self.upload(job.data["path"]).interchange, job.data["control"], functional_id, version, now
        )

    def _receive(self, arrival: Arrival) -> Received:
        upload = open_upload(arrival.data)
        if not upload.document.interchanges:
            return Received([_refusal(arrival, "unreadable")], refused=True)
        note = self._objection(arrival, upload)
        asks = bool(status_answers.requests(upload.document))
        coverage = bool(eligibility.inquiries(upload.document))
        if note:
            answered = self._lone_ta1(upload.interchange, note)
        else:
            answered = self._acknowledged(upload) if coverage else self._judged(arrival, upload, asks=asks)
        self._ack_later(arrival, answered)
        interchange = upload.interchange
        if answered.note != "000":
            return Received([_refusal(arrival, answered.note, interchange)], refused=True)
        self._seen.add((interchange.sender_id, interchange.control_number))
        self._keep(arrival.path.name, upload)
        if asks:
            return self._asked(arrival, upload)
        if coverage:
            self._ask_payers(arrival, answered.rejected_sets)
        else:
            self._forward(arrival, upload, answered.rejected_sets)
        return Received(list(_journalled(arrival, upload, answered, self._is_judged(arrival, upload))))

    def _objection(self, arrival: Arrival, upload: Upload) -> str | None:
        """The TA105 that refuses the interchange before anything in it is looked at."""
        interchange = upload.interchange
        if len(upload.document.interchanges) > 1:
            return "022"
        if interchange.receiver_id != self._config.clearinghouse_id:
            return "008"
        if ("OATEST" in arrival.name.upper()) != (interchange.usage == "T"):
            return "020"
        if (interchange.sender_id, interchange.control_number) in self._seen:
            return "025"
        return None

    def _is_judged(self, arrival: Arrival, upload: Upload) -> bool:
        """Every file that our own reader doubts, and a seeded share of the others; none of questions, see `_acknowledged`."""
        if eligibility.inquiries(upload.document):
            return False
        chance = random.Random(f"{self._config.seed}:{arrival.name}").random()
        return bool(upload.findings) or chance < self._config.judge_fraction

    def _judged(self, arrival: Arrival, upload: Upload, *, asks: bool) -> Answered:
        interchange = upload.interchange
        # pyx12 has no 276.
        judgment = judge(arrival.data) if not asks and self._is_judged(arrival, upload) else None
        if judgment is not None and (judgment.note != "000" or not judgment.readable):
            return self._lone_ta1(interchange, judgment.note if judgment.note != "000" else "024")
        # A set is lost by a 999 only: where none is sent, such a claim is one that the File Summary refuses.
        found = faults(upload) if self._config.answers_x12 else {}
        rejected = judgment.rejected_sets if judgment else frozenset()
        sets = _as_sets(judgment, found) if judgment else _own_sets(upload, found)
        data = self._answer_999(interchange, sets, judgment)
        return Answered(data, rejected | found.keys(), blamed_sets=frozenset(found) - rejected)

    def _acknowledged(self, upload: Upload) -> Answered:
        """The 999 to questions about coverage, of which pyx12 has no map."""
        said = [eligibility.acknowledgment(group) for group in upload.interchange.groups]
        sets = [t999.write_set(one, f"{place:04d}").data for place, one in enumerate(said, start=1)]
        lost = frozenset(one.control_number for group in said for one in group.sets if not one.accepted)
        return Answered(self._answer_999(upload.interchange, sets), lost)

    def _ask_payers(self, arrival: Arrival, rejected_sets: frozenset[str]) -> None:
        """The 271 comes when the payers' statuses of claims would."""
        due_s = self._clock.now_s() + self._config.delays.ack_s + self._config.delays.status_s
        kept = _about(arrival) | {"path": arrival.path.name, "rejected_sets": sorted(rejected_sets)}
        self._add("271", arrival.file_id, due_s, kept)

    def _coverage_file(self, job: Job) -> bytes:
        """Of none of the sets, none."""
        now, lost = self._clock.now(), set(job.data["rejected_sets"])
        every = eligibility.inquiries(self.upload(job.data["path"]).document)
        asked = [ts for ts in every if ts.control_number not in lost]
        sets = [t271.write_set(eligibility.answer(ts, now), f"{n:04d}").data for n, ts in enumerate(asked, start=1)]
        return write_interchange(self.answer_envelope(job, "HB", t271.VERSION, now), sets) if sets else b""

    def _answer_999(self, answered: Interchange, sets: list[bytes], judgment: Judgment | None = None) -> bytes:
        control = self._desk.counters.take("control")
        envelope = self._envelope(answered, control, "FA", "005010X231A1", self._clock.now(), judgment)
        return write_interchange(envelope, sets, [_ta1(answered, "A", "000")])

    def _lone_ta1(self, answered: Interchange, note: str) -> Answered:
        control = self._desk.counters.take("control")
        envelope = self._envelope(answered, control, "FA", "005010X231A1", self._clock.now())
        return Answered(write_interchange(envelope, [], [_ta1(answered, "R", note)]), frozenset(), note)

    def _ack_later(self, arrival: Arrival, answered: Answered) -> None:
        data: dict[str, Any] = {
            "text": answered.data.decode("latin-1"),
            "file_id": arrival.file_id,
            "stem": arrival.stem,
        }
        due_s = self._clock.now_s() + self._config.delays.ack_s
        if self._config.answers_x12:
            self._desk.add(Job(id=f"999-{arrival.file_id}", what="999", due_s=due_s, data=data))
        if self._config.answers_text and answered.note != "000":
            self._add("file_summary", arrival.file_id, due_s, _about(arrival) | {"note": answered.note})

    def _forward(self, arrival: Arrival, upload: Upload, rejected_sets: frozenset[str]) -> None:
        """The jobs that answer the claims of accepted sets."""
        delays, start_s = self._config.delays, self._clock.now_s()
        kept = _about(arrival) | {"path": arrival.path.name, "rejected_sets": sorted(rejected_sets)}
        if upload.institutional:
            kept["form"] = names.UB
        cases = upload.cases(without=rejected_sets)
        status_s = start_s + delays.ack_s + delays.status_s
        forwarded = by_payer(_forwarded(cases))
        for what in self._statuses(clearinghouse=bool(cases), payers=bool(forwarded)):
            later_s = delays.payer_status_s if what in _OF_PAYERS else 0
            self._add(what, arrival.file_id, status_s + later_s, kept)
        further = by_payer(crossed(case for of_payer in forwarded.values() for case in of_payer))
        for place, (payer, passed_on) in enumerate([*((p, False) for p in forwarded), *((p, True) for p in further)]):
            era = {"payer": payer, "era_id": self._desk.counters.take("file_id")} | (
                {"crossed": True} if passed_on else {}
            )
            later_s = delays.crossover_s if passed_on else 0
            self._add("835", f"{arrival.file_id}-{place}", start_s + delays.remit_s + later_s, kept | era)

    def _statuses(self, *, clearinghouse: bool, payers: bool) -> Iterator[str]:
        """The answers on claims. Where no 999 tells of lost sets, the File Summary lists their claims too."""
        if self._config.answers_x12:
            yield from ["277ca"] * clearinghouse + ["277ca_payer"] * payers
        if self._config.answers_text:
            listed = clearinghouse or not self._config.answers_x12
            yield from ["file_summary", "error_report"] * listed + ["edi_status"] * payers

    def _add(self, what: str, key: str, due_s: float, data: dict[str, Any]) -> None:
        control = self._desk.counters.take("control")
        self._desk.add(Job(id=f"{what}-{key}", what=what, due_s=due_s, data=data | {"control": control}))

    def _asked(self, arrival: Arrival, upload: Upload) -> Received:
        """Questions are passed on, and answered by the payers as the claims stand by then."""
        delays, interchange = self._config.delays, upload.interchange
        due_s = self._clock.now_s() + delays.ack_s + delays.inquiry_s
        self._add("277", arrival.file_id, due_s, _about(arrival) | {"path": arrival.path.name})
        asked = [one for request in status_answers.requests(upload.document) for one in request.claims]
        line = {"kind": "inquiry_file", "file": arrival.name, "file_id": arrival.file_id, "claims": len(asked)}
        return Received([line | {"isa13": interchange.control_number, "sender": interchange.sender_id}])

    def _status_responses(self, job: Job) -> bytes:
        now = self._clock.now()
        asked = status_answers.requests(self.upload(job.data["path"]).document)
        known = status_answers.known(asked, self.versions, self.upload, self._config.delays, now)
        sets = [
            t277.write_set(status_answers.response(one, known, f"{job.data['file_id']}{place}", now), f"{place:04d}")
            for place, one in enumerate(asked, start=1)
        ]
        return write_interchange(self.answer_envelope(job, "HN", t277.VERSION, now), [one.data for one in sets])

    def _status_file(self, job: Job) -> bytes:
        now = self._clock.now()
        reports = self._payer_reports(job, now) if job.what == "277ca_payer" else self._own_reports(job, now)
        sets = [t277ca.write_set(one, f"{place:04d}").data for place, one in enumerate(reports, start=1)]
        return write_interchange(self.answer_envelope(job, "HN", "005010X214", now), sets)

    def _text_report(self, job: Job) -> bytes:
        """A report of none is not written: no error twin without errors."""
        now, file_id, name = self._clock.now(), job.data["file_id"], job.data["name"]
        if "note" in job.data:
            return write_file_summary(text_reports.failed_file(file_id, name, job.data["note"], now))
        if job.what == "edi_status":
            return write_edi_status(text_reports.edi_status(self.cases(job), file_id, now))
        lost = job.data["rejected_sets"]
        every = self.upload(job.data["path"]).cases(without=lost if self._config.answers_x12 else ())
        errors_only = job.what == "error_report"
        report = text_reports.file_summary(every, file_id, name, now, lost_sets=lost, errors_only=errors_only)
        return write_file_summary(report) if report.rows else b""

    def _own_reports(self, job: Job, now: datetime) -> list[t277ca.StatusReport]:
        source = Source(kind="AY", name=self._config.clearinghouse_name, identifier=self._config.clearinghouse_id)
        every = self.upload(job.data["path"]).cases(without=job.data["rejected_sets"])
        return [
            clearinghouse_report(group, source, f"{job.data['file_id']}{number}", now)
            for number, group in by_batch(every).items()
        ]

    def _payer_reports(self, job: Job, now: datetime) -> list[t277ca.StatusReport]:
        return [
            payer_report(group, f"{job.data['file_id']}{number}", now)
            for of_payer in self.shares(job).values()
            for number, group in by_batch(of_payer).items()
        ]

    def _name(self, job: Job) -> str:
        file_id, now, form = job.data["file_id"], self._clock.now(), job.data.get("form", names.HCFA)
        if job.what == "999":
            return names.acknowledgment(file_id, job.data["stem"])
        if job.what in {"file_summary", "error_report"}:
            return (names.file_summary if job.what == "file_summary" else names.error_report)(file_id, form)
        if job.what in {"277ca", "277ca_payer"}:
            return (names.claim_acknowledgment if job.what == "277ca" else names.payer_status)(file_id, now, form)
        dated = {"271": names.coverage, "277": names.status_response, "edi_status": names.edi_status}
        return dated[job.what](file_id, now)

    def _envelope(
        self,
        answered: Interchange,
        control: int,
        functional_id: str,
        version: str,
        now: datetime,
        judgment: Judgment | None = None,
    ) -> Envelope:
        group = answered.groups[0] if answered.groups else None
        usage: Literal["T", "P"] = "T" if answered.usage == "T" else "P"
        return Envelope(
            sender_qualifier="ZZ",
            sender_id=self._config.clearinghouse_id,
            receiver_qualifier=answered.sender_qualifier,
            receiver_id=answered.sender_id,
            group_sender=self._config.clearinghouse_id,
            group_receiver=group.sender if group else answered.sender_id,
            control_number=control,
            usage=usage,
            when=now,
            functional_id=functional_id,
            version=version,
            delimiters=judgment.delimiters if judgment else DEFAULT,
        )

    def upload(self, archived: str) -> Upload:
        """An upload by its name in the archive."""
        found = self._open.get(archived)
        if found is None:
            found = open_upload((self._config.home(_USER) / "archive" / archived).read_bytes())
            self._keep(archived, found)
        return found

    def _keep(self, archived: str, upload: Upload) -> None:
        """Remember the last few, since the answers of one file tend to come due together."""
        self._open[archived] = upload
        while len(self._open) > _KEPT_OPEN:
            oldest = next(iter(self._open))
            del self._open[oldest]
            self._shares.pop((oldest, False), None)
            self._shares.pop((oldest, True), None)


def _forwarded(cases: Iterable[Case]) -> list[Case]:
    return [case for case in cases if case.outcome is not Outcome.CLEARINGHOUSE_REJECTED]


def _is_whole(data: bytes) -> bool | None:
    """Whether the last segment is a whole IEA; None for what is no X12 file. Looks at the tail only, as it is asked often."""
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith(b"ISA") or len(text) < _ISA_LENGTH:
        return None
    element, terminator = text[3:4], text[_ISA_LENGTH - 1 : _ISA_LENGTH]
    tail = text[-200:].rstrip(b" \t\r\n\0".replace(terminator, b""))
    return tail.endswith(terminator) and tail[:-1].rpartition(terminator)[2].strip().startswith(b"IEA" + element)


def _about(arrival: Arrival) -> dict[str, Any]:
    return {"file_id": arrival.file_id, "name": arrival.name}


def _ta1(answered: Interchange, code: str, note: str) -> Ta1:
    return Ta1(control_number=answered.control_number, date=answered.date, time=answered.time, code=code, note=note)


def _own_sets(upload: Upload, found: Faults) -> list[bytes]:
    """A 999 for each group that accepts all of it but the sets with faults."""
    values = [refused(_accepting(group), found) for group in upload.interchange.groups]
    return [t999.write_set(value, f"{place:04d}").data for place, value in enumerate(values, start=1)]


def _accepting(group: Group) -> Acknowledgment:
    return Acknowledgment(
        group_id=group.functional_id,
        group_control=group.control_number,
        version=group.version,
        sets=[
            t999.SetAcknowledgment(set_id=one.set_id, control_number=one.control_number, version=one.version, code="A")
            for one in group.sets
        ],
        code="A",
        included=len(group.sets),
        received=len(group.sets),
        accepted=len(group.sets),
    )


def _as_sets(judgment: Judgment, found: Faults) -> list[bytes]:
    """pyx12's sets with the version that its ST03 leaves unfinished; every AK and IK segment as it wrote them.

    Where a claim's digits ask for more than pyx12 found, the set is written anew with both.
    """
    marks = judgment.delimiters
    sets = []
    for segments in judgment.sets:
        number = segments[0][2]
        whole = [["ST", "999", number, t999.VERSION], *segments[1:]]
        if any(one[0] == "AK2" and one[2] in found for one in whole):
            value, _ = t999.read_set(
                TransactionSet(
                    set_id="999",
                    control_number=number,
                    version=t999.VERSION,
                    segments=whole,
                    first_segment_index=1,
                    delimiters=marks,
                )
            )
            sets.append(t999.write_set(refused(value, found), number, marks).data)
        else:
            sets.append("".join(marks.element.join(one) + marks.segment for one in whole).encode("latin-1"))
    return sets


def _refusal(arrival: Arrival, note: str, interchange: Interchange | None = None) -> Line:
    line = {"kind": "refused_file", "file": arrival.name, "file_id": arrival.file_id, "note": note}
    if interchange is None:
        return line
    kind = "duplicate" if note == "025" else "refused_file"
    return line | {"kind": kind, "isa13": interchange.control_number, "sender": interchange.sender_id}


def _journalled(arrival: Arrival, upload: Upload, answered: Answered, judged: bool) -> list[Line]:
    interchange = upload.interchange
    common = {"file": arrival.name, "isa13": interchange.control_number, "mode": interchange.usage}
    claims = [_claim_line(case, common, answered) for case in upload.cases()]
    file = {
        "kind": "file",
        "file_id": arrival.file_id,
        "sender": interchange.sender_id,
        "bytes": len(arrival.data),
        "sets": len(upload.batches),
        "claims": len(claims),
        "judge": "pyx12" if judged else "none",
        "rejected_sets": sorted(answered.rejected_sets),
        "blamed_sets": sorted(answered.blamed_sets),
    }
    return [common | file, *claims]


def _claim_line(case: Case, common: Line, answered: Answered) -> Line:
    return common | {
        "kind": "claim",
        "clm01": case.claim.patient_control_number,
        "frequency": case.claim.frequency,
        "charge_cents": case.claim.charge_cents,
        "st02": case.batch.number,
        "judged": "rejected" if case.batch.number in answered.rejected_sets else "accepted",
    }
