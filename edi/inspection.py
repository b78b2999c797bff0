"""What a file is and what is in it, whatever it is: X12, NACHA, BAI2, a bank's acknowledgment, a text report, a zip of those.

The content decides, never the name. Summaries hold counts, control and trace numbers, organisations and cents: no
patient and no account, so that they can be shown and logged.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from edi import inspection_bank, inspection_reports, inspection_sets, nacha
from edi.findings import Finding, Place, Severity
from edi.kinds import kind_of
from edi.officeally import ERA_STATUS
from edi.x12.syntax import reader

__all__ = ["Inspection", "inspect", "kind_of"]

_MEMBER_BYTES_MAX = 200_000_000
_ZIP_DEPTH_MAX = 2

CLEAN, FINDINGS, UNREADABLE = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """One file (or zip member in `parts`): kind as `kind_of` gives it, summary for JSON, findings with their place.

    `readable` is False where nothing of the content could be understood.
    """

    name: str
    kind: str
    summary: dict[str, object] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    parts: "list[Inspection]" = field(default_factory=list)
    readable: bool = True

    @property
    def exit_code(self) -> int:
        """0 clean, 1 with findings (errors or warnings) here or in a part, 2 unreadable."""
        if not self.readable:
            return UNREADABLE
        told = any(finding.severity is not Severity.INFO for finding in self.findings)
        return FINDINGS if told or any(part.exit_code == FINDINGS for part in self.parts) else CLEAN

    def as_dict(self) -> dict[str, object]:
        """The inspection for JSON."""
        return {
            "name": self.name,
            "kind": self.kind,
            "readable": self.readable,
            "exit_code": self.exit_code,
            "summary": self.summary,
            "findings": [finding.as_dict() for finding in self.findings],
            "parts": [part.as_dict() for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class _Asked:
    """How a file is to be looked at."""

    claims: bool
    inbound: bool


def inspect(name: str, data: bytes, *, claims: bool = False, inbound: bool = False) -> Inspection:
    """What `data` is, what is in it and what is wrong with it. Never raises on bad bytes; `name` is only repeated.

    `claims` lists each claim of an X12 file as well, by control number, codes and cents. An ACH file is judged strictly,
    as one that is to be sent; `inbound` judges it as one that a bank has sent, with its deviations named.
    """
    return _inspect(name, data, 0, _Asked(claims, inbound))


def _inspect(name: str, data: bytes, depth: int, asked: _Asked) -> Inspection:
    kind = kind_of(data)
    if kind == "zip":
        return _zip(name, data, depth, asked)
    readers: dict[str, Callable[[str, bytes], Inspection]] = {
        "nacha": partial(_nacha, inbound=asked.inbound),
        "bank:ack": _bank_acknowledgment,
        "bai2": _bai2,
        "unknown": _unknown,
        **dict.fromkeys(inspection_reports.KINDS, _report),
        ERA_STATUS: _era_status,
    }
    return readers[kind](name, data) if kind in readers else _x12(name, data, claims=asked.claims)


def _x12(name: str, data: bytes, *, claims: bool) -> Inspection:
    document = reader.read(data)
    summary, findings = inspection_sets.summarise(document, claims=claims)
    return Inspection(
        name=name,
        kind=kind_of(data),
        summary=summary,
        findings=[*document.findings, *findings],
        readable=bool(document.interchanges),
    )


def _nacha(name: str, data: bytes, *, inbound: bool) -> Inspection:
    profile = nacha.INBOUND if inbound else nacha.STRICT
    document = nacha.read(data, profile)
    return Inspection(
        name=name,
        kind="nacha",
        summary=_nacha_summary(document, profile.name) if document.file else {},
        findings=document.findings,
        readable=document.file is not None,
    )


def _nacha_summary(document: nacha.AchDocument, profile: str) -> dict[str, object]:
    file = document.file
    assert file is not None, "the caller has seen it"
    entries = [entry for batch in file.batches for entry in batch.entries]
    return {
        "profile": profile,
        "origin": file.origin,
        "origin_name": file.origin_name,
        "destination": file.destination,
        "destination_name": file.destination_name,
        "created": file.created.isoformat(timespec="minutes") if file.created else None,
        "modifier": file.modifier,
        "complete": document.complete,
        "records": document.lines,
        "batches": len(file.batches),
        "entries": len(entries),
        "addenda": file.entry_addenda_count - len(entries),
        "debit_cents": file.debit_cents,
        "credit_cents": file.credit_cents,
        "prenotes": sum(entry.is_prenote for entry in entries),
        "returns": sum(entry.returned is not None for entry in entries),
        "changes": sum(entry.change is not None for entry in entries),
        "batch_list": [_batch_summary(batch) for batch in file.batches],
    }


def _batch_summary(batch: nacha.AchBatch) -> dict[str, object]:
    reasons = [entry.returned.reason for entry in batch.entries if entry.returned]
    summary: dict[str, object] = {
        "number": batch.number,
        "class": batch.sec,
        "company": batch.company_name,
        "description": batch.description,
        "effective_date": batch.effective_date.isoformat() if batch.effective_date else None,
        "entries": len(batch.entries),
        "debit_cents": batch.debit_cents,
        "credit_cents": batch.credit_cents,
        "traces_835": sum(nacha.find_trn(entry.information) is not None for entry in batch.entries),
    }
    return summary | ({"return_reasons": reasons} if reasons else {})


def _bank_acknowledgment(name: str, data: bytes) -> Inspection:
    answer, findings = nacha.read_acknowledgment(data)
    summary: dict[str, object] = {}
    if answer is not None:
        summary = {
            "origin": answer.origin,
            "created": answer.created,
            "modifier": answer.modifier,
            "status": answer.status,
            "reason": answer.reason,
            "batches": answer.batch_count,
            "entries_and_addenda": answer.entry_addenda_count,
            "debit_cents": answer.debit_cents,
            "credit_cents": answer.credit_cents,
            "rejected_batches": [number for number, _ in answer.rejected_batches],
            "codes": answer.codes,
            "adapter": answer.adapter,
        }
    return Inspection(name=name, kind="bank:ack", summary=summary, findings=findings, readable=answer is not None)


def _bai2(name: str, data: bytes) -> Inspection:
    summary, findings, readable = inspection_bank.summarise(data)
    return Inspection(name=name, kind="bai2", summary=summary, findings=findings, readable=readable)


def _report(name: str, data: bytes) -> Inspection:
    kind = kind_of(data)
    summary, findings, readable = inspection_reports.summarise(kind, data)
    return Inspection(name=name, kind=kind, summary=summary, findings=findings, readable=readable)


def _era_status(name: str, data: bytes) -> Inspection:
    return Inspection(name=name, kind=ERA_STATUS, summary={"bytes": len(data)})


def _unknown(name: str, data: bytes) -> Inspection:
    start = data[:16]
    finding = _error(
        "INSPECT-UNKNOWN",
        f"neither X12 nor NACHA, BAI2 or zip: {len(data)} bytes that begin with {_seen(start)}",
        "check that the right file was taken, whole and not encrypted",
    )
    return Inspection(name=name, kind="unknown", summary={"bytes": len(data)}, findings=[finding], readable=False)


def _seen(start: bytes) -> str:
    """What the first bytes are like, without telling them: they may be somebody's name."""
    if not start:
        return "nothing"
    marks = {b"%PDF": "a PDF", b"\x1f\x8b": "gzip", b"-----": "armour", b"\xd0\xcf": "an Office file"}
    marks |= {b"<": "a markup sign", b"{": "a brace", b"[": "a bracket"}
    known = next((text for mark, text in marks.items() if start.lstrip().startswith(mark)), None)
    printable = all(byte in b"\t\r\n" or 32 <= byte < 127 for byte in start)
    return known or ("plain text" if printable else "binary data")


def _zip(name: str, data: bytes, depth: int, asked: _Asked) -> Inspection:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError):
        finding = _error("INSPECT-ZIP", "the zip cannot be opened: it is damaged or cut off", "fetch it again")
        return Inspection(name=name, kind="zip", findings=[finding], readable=False)
    parts: list[Inspection] = []
    findings: list[Finding] = []
    with archive:
        for info in (info for info in archive.infolist() if not info.is_dir()):
            content = _member(archive, info, depth)
            if isinstance(content, Finding):
                findings.append(content)
            else:
                parts.append(_inspect(info.filename, content, depth + 1, asked))
    findings += _opaque(parts)
    return Inspection(
        name=name,
        kind="zip",
        summary={"members": len(parts) + sum(f.code == "INSPECT-MEMBER" for f in findings), "kinds": _kinds(parts)},
        findings=findings,
        parts=parts,
        readable=any(part.readable for part in parts),
    )


def _kinds(parts: Sequence[Inspection]) -> dict[str, int]:
    kinds = [part.kind for part in parts]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, depth: int) -> bytes | Finding:
    """The member's bytes, or why they are not read."""
    place = Place(file=info.filename)
    if info.flag_bits & 1:
        return _error("INSPECT-MEMBER", "the member is encrypted", "ask for it without password", place)
    if info.file_size > _MEMBER_BYTES_MAX or depth >= _ZIP_DEPTH_MAX:
        return _error("INSPECT-MEMBER", "the member is too large, or too deep in zips", "unpack it by hand", place)
    try:
        return archive.read(info)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError):
        return _error("INSPECT-MEMBER", "the member cannot be unpacked: it is damaged", "fetch the zip again", place)
    except Exception as problem:
        if type(problem).__module__ in {"zlib", "lzma", "_lzma"}:
            return _error(
                "INSPECT-MEMBER", "the member cannot be unpacked: it is damaged", "fetch the zip again", place
            )
        raise


def _opaque(parts: Sequence[Inspection]) -> list[Finding]:
    """Members that are no format of ours: told, and no fault beside others that are (a report beside an 835)."""
    return [
        Finding(
            severity=Severity.INFO,
            code="INSPECT-MEMBER-UNKNOWN",
            message="a member is neither X12 nor NACHA nor BAI2",
            cure="read it by eye, if it matters",
            place=Place(file=part.name),
        )
        for part in parts
        if not part.readable
    ]


def _error(code: str, message: str, cure: str, place: Place | None = None) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, message=message, cure=cure, place=place or Place())
