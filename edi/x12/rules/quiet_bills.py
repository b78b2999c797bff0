"""The short way of the rules of institutional claims, as ``edi.x12.rules.quiet`` is for all claims."""

from edi.x12.rules import stay_codes, stays
from edi.x12.rules.bills import OF_ICD_9, Bill, Code
from edi.x12.rules.claims import Line
from edi.x12.rules.coding import ICD10
from edi.x12.rules.rule import Facts
from edi.x12.rules.values import cents, day, days, period
from edi.x12.tree import Item

_PROCEDURES = frozenset({"BBR", "BBQ"})


def whole_bill(claim: Bill, _facts: Facts) -> bool:
    """A whole bill of a known type, with its days and who was in charge; of a stay, one that has ended."""
    cl1, statement = claim.cl1, claim.statement
    if cl1 is None or statement is None or claim.frequency != "1" or not _in_charge(claim):
        return False
    if not (
        stays.TYPE_OF_BILL.fullmatch(claim.place)
        and cl1[1] in stays.ADMISSION_TYPES
        and stays.STATUS.fullmatch(cl1[3])
        and _admitted(claim, claim.node.first("DTP", "435"))
    ):
        return False
    if claim.inpatient and not _has_ended(claim, cl1):
        return False
    return all(_in_the_statement(line, claim) for line in claim.lines)


def _in_charge(claim: Bill) -> bool:
    named = {one.id for one in claim.node.children}
    return "2310A" in named and ("2310B" in named or not ("2310C" in named or "BBR" in claim.kinds))


def _admitted(claim: Bill, item: Item | None) -> bool:
    """On no later day than the statement's last; not told only where nobody stayed."""
    if item is None:
        return not claim.inpatient
    admitted = day(item[3][:8])
    return admitted is not None and claim.statement is not None and admitted <= claim.statement[1]


def _has_ended(claim: Bill, cl1: Item) -> bool:
    timed = claim.nursing or claim.node.first("DTP", "096") is not None
    return cl1[2] != "" and cl1[3] != stays.STILL_PATIENT and timed


def _in_the_statement(line: Line, claim: Bill) -> bool:
    """A line's day lies in the statement; it has none only in a stay or where the statement is one day."""
    first, last = claim.statement or (None, None)
    if line.served is None:
        return claim.inpatient or first == last
    given = period(line.served)
    return given is not None and first is not None and last is not None and first <= given[0] and given[1] <= last


def diagnoses(claim: Bill, _facts: Facts) -> bool:
    """Diagnoses of ICD-10-CM, each once, no external causes, with what the type of bill asks of them."""
    seen: set[str] = set()
    for one in claim.codes:
        if one.given in OF_ICD_9 or one.kind == "ABN":
            return False
        if one.kind in stay_codes.DIAGNOSES and not ICD10.fullmatch(one.code):
            return False
        if one.kind in stay_codes.ASKED_ON_ADMISSION:
            if one.code in seen or not _presence_told(claim, one):
                return False
            seen.add(one.code)
    if claim.inpatient:
        return "ABJ" in claim.kinds
    return "APR" in claim.kinds or not stay_codes.is_unplanned(claim)


def _presence_told(claim: Bill, one: Code) -> bool:
    """Whether it was present on admission: told in a hospital stay, not told without any."""
    told = one.item.part(one.element, 9) != ""
    return told or not claim.acute if claim.inpatient else not told


def no_procedures(claim: Bill, _facts: Facts) -> bool:
    """No procedures; a diagnosis related group, if any, that looks like one."""
    return claim.kinds.isdisjoint(_PROCEDURES) and all(
        stay_codes.DRG.fullmatch(one.code) for one in claim.of_kind("DR")
    )


def committee_codes(claim: Bill, facts: Facts) -> bool:
    """Spans in their order, occurrences that are past, values above zero but no days counted; each code once."""
    seen: set[tuple[str, str]] = set()
    for one in claim.codes:
        if one.kind in stay_codes.COMMITTEE:
            if not stay_codes.TWO.fullmatch(one.code) or (one.kind, one.code) in seen:
                return False
            if one.kind == "BI" and not _is_forward(one):
                return False
            if one.kind == "BH" and not _is_past(one, facts):
                return False
            if one.kind == "BE" and (one.code in stay_codes.DAYS or not _is_positive(one)):
                return False
            seen.add((one.kind, one.code))
    return True


def _is_forward(one: Code) -> bool:
    given = days(one.item.part(one.element, 3), one.item.part(one.element, 4))
    return given is None or given[0] <= given[1]


def _is_past(one: Code, facts: Facts) -> bool:
    happened = day(one.item.part(one.element, 4))
    return happened is None or facts.today is None or happened <= facts.today


def _is_positive(one: Code) -> bool:
    return (cents(one.item.part(one.element, 5)) or 0) > 0


def line(one: Line, _facts: Facts) -> bool:
    """A line of which nothing is denied, by us or by another payer."""
    return one.sv2 is not None and one.sv2[7] == "" and not any(child.id == "2430" for child in one.node.children)
