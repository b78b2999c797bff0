"""docs/claim.md, made from the model and the rules: `python -m pipeline.domain.claim_guide > docs/claim.md`."""

from collections.abc import Iterator
from inspect import cleandoc
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from pipeline.domain import ambulance, claim, claim_reading, coordination, institutional_claim, people, wire_text
from pipeline.domain.edits import COMMON, INSTITUTIONAL, PROFESSIONAL
from pipeline.domain.value import At, Value

MODELS: tuple[type[Value], ...] = (
    claim.Claim,
    claim.ServiceLine,
    institutional_claim.InstitutionalClaim,
    institutional_claim.InstitutionalLine,
    institutional_claim.Diagnosis,
    institutional_claim.Procedure,
    institutional_claim.Occurrence,
    institutional_claim.OccurrenceSpan,
    institutional_claim.ValueAmount,
    claim.Payer,
    claim.Patient,
    claim.Subscriber,
    ambulance.Ambulance,
    ambulance.DropOff,
    ambulance.Certification,
    coordination.OtherPayer,
    coordination.OtherInsured,
    coordination.Adjudication,
    institutional_claim.InstitutionalAdjudication,
    coordination.Adjustment,
    claim.Attachment,
    claim.Provider,
    claim.Facility,
    people.Address,
    claim.BankDetails,
)
_KINDS = {"str": "text", "int": "whole number", "bool": "true / false", "date": "date", "Decimal": "decimal"}

_HEAD = f"""# The claim

One JSON object a claim, UTF-8, at most {claim_reading.MAX_BYTES:,} bytes. Amounts are whole cents (`"charge_cents": 14500`), dates
`YYYY-MM-DD`, quantities decimal numbers or text (`"8.7"`). Leave out what there is not: no blank text, no unknown
field, no field twice. A claim is professional, [Claim](#claim), or, with `"form": "institutional"`, one of a hospital or
another institution, [InstitutionalClaim](#institutionalclaim). The place is the loop, segment and element of the 837P
(005010X222A1) or the 837I (005010X223A2). Whole examples are in `examples/claims`.

A document that is no claim is refused with all its problems of shape at once (`SHAPE-JSON`, `SHAPE-SIZE`,
`SHAPE-MISSING`, `SHAPE-UNKNOWN`, `SHAPE-BLANK`, `SHAPE-LENGTH`, `SHAPE-TYPE`). A claim is then held against the edits at
the end of this page, all at once too; an error keeps it from being sent, a warning does not.

This page is made from the code (`python -m pipeline.domain.claim_guide`).
"""


def markdown() -> str:
    """The page as text, ending in a line break."""
    parts = [_HEAD]
    parts += ["\n".join(_model(model)) for model in MODELS]
    parts.append("## Text\n\n" + (wire_text.__doc__ or ""))
    parts.append("\n".join(_edits()))
    return "\n".join(parts)


def _model(model: type[Value]) -> Iterator[str]:
    yield f"## {model.__name__}\n"
    yield f"{cleandoc(model.__doc__ or '')}\n"
    yield "| field | kind | needed | 837 place | what it is |"
    yield "|---|---|---|---|---|"
    for name in model.DOCUMENT_ORDER.split() or model.model_fields:
        field = model.model_fields[name]
        at = next(mark for mark in field.metadata if isinstance(mark, At))
        place = at.place.replace("*", r"\*")
        yield f"| `{name}` | {_kind(field.annotation)} | {_needed(field)} | {place} | {at.about} |"
    yield ""


def _needed(field: FieldInfo) -> str:
    if field.is_required():
        return "yes"
    if field.default is None or field.default == ():
        return ""
    return f"default `{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def _kind(annotation: Any) -> str:
    origin, inner = get_origin(annotation), [part for part in get_args(annotation) if part is not type(None)]
    if origin in {Union, UnionType}:
        return _kind(inner[0])
    if origin is tuple:
        return f"list of {_kind(inner[0])}"
    if origin is Literal:
        return f"`{inner[0]}`"
    if origin is not None:
        return _kind(inner[0])
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return _KINDS[annotation.__name__]


def _edits() -> Iterator[str]:
    yield "## Edits\n"
    yield "| code | severity | of claims | rule |"
    yield "|---|---|---|---|"
    for form, rules in (("all", COMMON), ("professional", PROFESSIONAL), ("institutional", INSTITUTIONAL)):
        for rule in rules:
            yield f"| {rule.code} | {rule.severity} | {form} | {rule.about} |"
    yield ""


if __name__ == "__main__":
    print(markdown(), end="")
