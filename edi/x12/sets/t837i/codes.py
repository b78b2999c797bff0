"""HI of the 837I: each segment one kind of coded fact, told by its qualifier; one place for reader and writer.

The qualifiers of diagnoses and procedures say their version of ICD too: ABK is a principal diagnosis of ICD-10, BK one of
ICD-9. A claim has one version.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from edi.x12.sets.reading import cents, day, period
from edi.x12.sets.t837i.rows import row
from edi.x12.sets.t837i.values_claim import InstitutionalClaim
from edi.x12.sets.t837i.values_codes import Diagnosis, Occurrence, OccurrenceSpan, Procedure, ValueAmount
from edi.x12.writer import SetWriter, composite, money
from edi.x12.writer import day as day_text

_CODES_PER_HI = 12
_ON_ADMISSION = 8  # POA: the ninth component


def _one_day(parts: Sequence[str]) -> date:
    if _part(parts, 2) != "D8":
        raise ValueError("neither a date nor its qualifier")
    return day(_part(parts, 3))


def _part(parts: Sequence[str], at: int) -> str:
    return parts[at] if at < len(parts) else ""


def _read_diagnosis(parts: Sequence[str]) -> Diagnosis:
    return Diagnosis(code=_part(parts, 1), on_admission=_part(parts, _ON_ADMISSION) or None)


def _read_procedure(parts: Sequence[str]) -> Procedure:
    return Procedure(code=_part(parts, 1), on=_one_day(parts))


def _read_occurrence(parts: Sequence[str]) -> Occurrence:
    return Occurrence(code=_part(parts, 1), on=_one_day(parts))


def _read_span(parts: Sequence[str]) -> OccurrenceSpan:
    first, last = period(_part(parts, 2), _part(parts, 3))
    return OccurrenceSpan(code=_part(parts, 1), first=first, last=last or first)


def _read_value(parts: Sequence[str]) -> ValueAmount:
    return ValueAmount(code=_part(parts, 1), amount_cents=cents(_part(parts, 4)))


def _read_code(parts: Sequence[str]) -> str:
    return _part(parts, 1)


def _write_diagnosis(value: Diagnosis) -> tuple[str, ...]:
    return (value.code, "", "", "", "", "", "", value.on_admission) if value.on_admission else (value.code,)


def _write_day(value: Procedure | Occurrence) -> tuple[str, ...]:
    return value.code, "D8", day_text(value.on)


def _write_span(value: OccurrenceSpan) -> tuple[str, ...]:
    return value.code, "RD8", f"{day_text(value.first)}-{day_text(value.last)}"


def _write_value(value: ValueAmount) -> tuple[str, ...]:
    return value.code, "", "", money(value.amount_cents)


def _write_code(value: str) -> tuple[str, ...]:
    return (value,)


@dataclass(frozen=True, slots=True)
class _Kind:
    """``old`` is the qualifier of ICD-9, "" where the kind has nothing to do with ICD; ``many`` says that it is a list."""

    name: str
    qualifier: str
    old: str
    many: bool
    read: Callable[[Sequence[str]], Any]
    write: Callable[[Any], tuple[str, ...]]


_KINDS = (
    _Kind("principal_diagnosis", "ABK", "BK", False, _read_diagnosis, _write_diagnosis),
    _Kind("admitting_diagnosis", "ABJ", "BJ", False, _read_code, _write_code),
    _Kind("visit_reasons", "APR", "PR", True, _read_code, _write_code),
    _Kind("external_causes", "ABN", "BN", True, _read_diagnosis, _write_diagnosis),
    _Kind("drg", "DR", "", False, _read_code, _write_code),
    _Kind("other_diagnoses", "ABF", "BF", True, _read_diagnosis, _write_diagnosis),
    _Kind("principal_procedure", "BBR", "BR", False, _read_procedure, _write_day),
    _Kind("other_procedures", "BBQ", "BQ", True, _read_procedure, _write_day),
    _Kind("occurrence_spans", "BI", "", True, _read_span, _write_span),
    _Kind("occurrences", "BH", "", True, _read_occurrence, _write_day),
    _Kind("value_amounts", "BE", "", True, _read_value, _write_value),
    _Kind("condition_codes", "BG", "", True, _read_code, _write_code),
    _Kind("treatment_codes", "TC", "", True, _read_code, _write_code),
)
"""In the guide's order."""
_BY_QUALIFIER = {code: kind for kind in _KINDS for code in (kind.qualifier, kind.old) if code}


def take_codes(claim: InstitutionalClaim, segment: list[str], component: str) -> bool:
    """One HI into the claim; False where it is of no kind known, of several, or of another version of ICD.

    ValueError where a date or an amount cannot be read.
    """
    several = [part.split(component) for part in segment[1:] if part]
    told = {parts[0] for parts in several}
    kind = _BY_QUALIFIER.get(told.pop()) if len(told) == 1 else None
    if kind is None or not _same_version(claim, kind, several[0][0]):
        return False
    values = [kind.read(parts) for parts in several]
    if kind.many:
        getattr(claim, kind.name).extend(values)
        return True
    if len(values) > 1 or getattr(claim, kind.name) is not None:
        return False
    setattr(claim, kind.name, values[0])
    return True


def _same_version(claim: InstitutionalClaim, kind: _Kind, qualifier: str) -> bool:
    """The principal diagnosis, which comes first, says which version the claim has."""
    if not kind.old:
        return True
    version = 9 if qualifier == kind.old else 10
    if kind.name == "principal_diagnosis":
        claim.icd_version = version
    return claim.icd_version == version


def write_codes(out: SetWriter, claim: InstitutionalClaim) -> None:
    """All HI of the claim."""
    for kind in _KINDS:
        given = getattr(claim, kind.name)
        if given:
            _write(out, kind, given if kind.many else [given], claim.icd_version)
        elif kind.name == "principal_diagnosis":
            raise out.refuse(row("2300", "HI", kind.qualifier), 1, "a claim needs its principal diagnosis")


def _write(out: SetWriter, kind: _Kind, values: Sequence[Any], version: int) -> None:
    where = row("2300", "HI", kind.qualifier)
    code = kind.old if kind.old and version == 9 else kind.qualifier
    if version not in {9, 10}:
        raise out.refuse(where, 1, "a version of ICD is 9 or 10")
    per_segment = min(_CODES_PER_HI, len(where.segment.elements))
    starts = range(0, len(values), per_segment)
    out.allow(where, len(starts))
    for at in starts:
        out.put(where, *[composite(code, *kind.write(one)) for one in values[at : at + per_segment]])
