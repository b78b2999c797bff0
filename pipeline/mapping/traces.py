"""What files of the outside say of files and claims of ours: read for comparison only, nothing is put into effect.

Three kinds of thing lie at a partner: our own files, where it shows them; its answers, which name our interchange
(TA1, 999, the reference that a 277CA echoes) or our file's name (text reports); and what names a claim alone (835, 820,
status reports).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from edi.nacha.acknowledgment import BankAcknowledgment, read_acknowledgment
from edi.nacha.file import AchFile
from edi.nacha.reading import INBOUND
from edi.nacha.reading import read as read_ach
from edi.officeally import EDI_STATUS, FILE_SUMMARY, read_edi_status, read_file_summary
from edi.x12.guides import guide_of
from edi.x12.sets import t277, t277ca, t999
from edi.x12.syntax.document import Group, Interchange, TransactionSet
from edi.x12.syntax.reader import read
from pipeline.mapping.arrivals import members, recognise

_QUESTIONS = frozenset({"HR", "HS"})
"""GS01 of what asks: 276, 270."""


@dataclass(slots=True)
class InterchangeSeen:
    """What shows of one interchange of ours. Set numbers are without leading zeros."""

    number: int
    content: bytes | None = None
    refused: bool = False
    accepted_sets: set[str] = field(default_factory=set)
    claims: dict[str, str] = field(default_factory=dict)
    """CLM01 → the number of its set; blank where that is not told."""
    frequencies: dict[str, str] = field(default_factory=dict)
    """CLM01 → CLM05-3, where our own bytes lie there."""
    institutional: bool | None = None
    """Whether our bytes, or a 999 on them, show that it is an 837I; None where neither is there."""
    named_whole: bool = False
    """Our own bytes, or a report of all that was uploaded, name every claim of it."""

    @property
    def unnamed(self) -> bool:
        """Whether the partner may have taken in claims with it that nothing names."""
        if self.refused or self.named_whole:
            return False
        return not self.accepted_sets or not self.accepted_sets <= set(self.claims.values())


@dataclass(slots=True)
class AchSeen:
    """A file of ours that lies at the bank."""

    name: str
    content: bytes
    file: AchFile


@dataclass(slots=True)
class Traces:
    """All that the folders of one mailbox told."""

    exchange: str
    """The pair (see `stages.bundle.exchange`) that an 837 must name to be ours."""
    interchanges: dict[int, InterchangeSeen] = field(default_factory=dict)
    questions: set[int] = field(default_factory=set)
    """Numbers of interchanges of ours that ask and hold no claims to be paid (276, 270)."""
    claims: set[str] = field(default_factory=set)
    """CLM01s that something names without saying which file of ours they came in."""
    ach_files: list[AchSeen] = field(default_factory=list)
    bank_answers: list[BankAcknowledgment] = field(default_factory=list)
    entry_traces: set[str] = field(default_factory=set)
    """Trace numbers that came back, or stand in our files at the bank."""
    files: int = 0
    unread: list[str] = field(default_factory=list)
    """Names of files that could not be read whole: what they say is not known."""

    def look(self, name: str, data: bytes) -> None:
        """Notes what a file says. Never raises: what cannot be read is named in `unread`."""
        self.files += 1
        self._look(name, data)

    def _look(self, name: str, data: bytes) -> None:
        arrival = recognise(name, data)
        kind = arrival.kind
        if kind == "zip":
            self._unpack(name, data)
        elif kind.startswith("x12"):
            self._x12(name, data)
        elif kind.startswith("text:") and kind in _TEXTS:
            _TEXTS[kind](self, name, data)
        elif kind == "bank:ack":
            answer, _ = read_acknowledgment(data)
            self._keep_or_name(answer, self.bank_answers, name)
        elif kind.startswith("nacha:"):
            self._nacha(name, data)
        elif not arrival.known:
            self.unread.append(name)

    def _keep_or_name(self, answer: BankAcknowledgment | None, into: list[BankAcknowledgment], name: str) -> None:
        if answer is None:
            self.unread.append(name)
        else:
            into.append(answer)

    def _unpack(self, name: str, data: bytes) -> None:
        try:
            inside = members(data)
        except ValueError:
            self.unread.append(name)
            return
        for member, content in inside:
            self._look(member, content)

    # -- X12 ----------------------------------------------------------------------------------------------------------
    def _x12(self, name: str, data: bytes) -> None:
        document = read(data)
        if not document.complete:
            self.unread.append(name)
        for interchange in document.interchanges:
            for ta1 in interchange.ta1s:
                if (seen := self._numbered(ta1.control_number)) is not None:
                    seen.refused |= ta1.rejected
            for group in interchange.groups:
                for one in group.sets:
                    self._set(data, interchange, group, one)

    def _set(self, data: bytes, interchange: Interchange, group: Group, one: TransactionSet) -> None:
        if one.set_id == "837":
            self._ours(data, interchange, one)
        elif one.set_id in {"999", "997"}:
            self._acknowledged(one)
        elif one.set_id in {"276", "270"}:
            self._asked(interchange)
        elif one.set_id == "277" and (guide := guide_of(one.set_id, one.version)) is not None and guide.name == "277":
            self._told(one)
        elif one.set_id == "277" and group.functional_id == "HN":
            self._judged(one)
        elif one.set_id == "835":
            self.claims |= {s[1] for s in one.segments if s[0] == "CLP" and len(s) > 1}
        elif one.set_id == "820":
            self.claims |= {s[2] for s in one.segments if s[0] == "RMR" and len(s) > 2}

    def _is_ours(self, interchange: Interchange) -> bool:
        sender = f"{interchange.sender_qualifier}:{interchange.sender_id}"
        return f"{sender}|{interchange.receiver_qualifier}:{interchange.receiver_id}" == self.exchange

    def _asked(self, interchange: Interchange) -> None:
        if self._is_ours(interchange):
            self._question(interchange.control_number)

    def _question(self, control_number: str) -> None:
        if control_number.isascii() and control_number.isdigit():
            self.questions.add(int(control_number))
            self.interchanges.pop(int(control_number), None)  # a TA1 tells nothing but the number

    def _ours(self, data: bytes, interchange: Interchange, one: TransactionSet) -> None:
        seen = self._numbered(interchange.control_number) if self._is_ours(interchange) else None
        if seen is None:
            return
        seen.content, seen.named_whole = data, interchange.complete
        seen.institutional = _is_institutional(one.version)
        for segment in one.segments:
            if segment[0] == "CLM" and len(segment) > 5:
                seen.claims[segment[1]] = one.control_number.lstrip("0")
                seen.frequencies[segment[1]] = segment[5].split(one.delimiters.component)[-1]

    def _acknowledged(self, one: TransactionSet) -> None:
        answer, _ = t999.read_set(one)
        if answer.group_id in _QUESTIONS:
            self._question(answer.group_control or "")
            return
        seen = self._numbered(answer.group_control or "")
        if seen is not None:
            seen.institutional = _is_institutional(answer.version) if answer.version else seen.institutional
            refused = (answer.code or "") not in {"A", "E", "P", ""}
            seen.refused |= refused
            seen.accepted_sets |= {s.control_number.lstrip("0") for s in answer.sets if s.accepted and not refused}
            seen.refused |= bool(answer.sets) and not seen.accepted_sets

    def _judged(self, one: TransactionSet) -> None:
        report, _ = t277ca.read_set(one)
        number, _, control = (report.batch_reference or "").partition("-")
        seen = self._numbered(number) if len(number) == 9 else None
        for provider in report.providers:
            for claim in provider.patients:
                if seen is None:
                    self.claims.add(claim.patient_control_number)
                else:
                    seen.claims.setdefault(claim.patient_control_number, control.lstrip("0"))

    def _told(self, one: TransactionSet) -> None:
        """A status response names claims, and the request as a whole by our BHT03."""
        response, _ = t277.read_set(one)
        self.claims |= {claim.patient_control_number for claim in response.claims if claim.patient_control_number}
        for receiver in response.receivers:
            number = (receiver.trace or "").partition("-")[0]
            self._question(number if len(number) == 9 else "")

    def _numbered(self, control_number: str) -> InterchangeSeen | None:
        if not (control_number.isascii() and control_number.isdigit()) or int(control_number) in self.questions:
            return None
        return self.interchanges.setdefault(int(control_number), InterchangeSeen(int(control_number)))

    # -- text reports -------------------------------------------------------------------------------------------------
    def _file_summary(self, name: str, data: bytes) -> None:
        report, _ = read_file_summary(data)
        told = [one.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] for one in report.names]
        seen = next((found for one in told if (found := self._numbered(one.rpartition("_")[2])) is not None), None)
        accounts = [row.account for row in report.rows]
        if not report.complete:
            self.unread.append(name)
        if seen is None:
            self.claims |= set(accounts)
            return
        seen.refused |= report.failed
        seen.named_whole |= report.complete and bool(accounts)
        for account in accounts:
            seen.claims.setdefault(account, "")

    def _edi_status(self, _name: str, data: bytes) -> None:
        report, _ = read_edi_status(data)
        self.claims |= {row.account for row in report.rows}

    # -- the bank -----------------------------------------------------------------------------------------------------
    def _nacha(self, name: str, data: bytes) -> None:
        file = read_ach(data, INBOUND).file
        if file is None:
            self.unread.append(name)
            return
        entries = [entry for batch in file.batches for entry in batch.entries]
        self.entry_traces |= {entry.returned.original_trace for entry in entries if entry.returned}
        if f"{file.origin}|{file.destination}" == self.exchange:
            self.ach_files.append(AchSeen(name, data, file))
            self.entry_traces |= {entry.trace for entry in entries}


def _is_institutional(version: str) -> bool:
    guide = guide_of("837", version)
    return guide is not None and guide.name == "837I"


_TEXTS: dict[str, Callable[[Traces, str, bytes], None]] = {
    FILE_SUMMARY: Traces._file_summary,  # noqa: SLF001 - the table of this class's own readers
    EDI_STATUS: Traces._edi_status,  # noqa: SLF001
}
