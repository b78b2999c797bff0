"""HL segments: levels numbered from 1 without gaps, each below one that came before it."""

from edi.findings import Finding, Severity
from edi.x12.syntax.document import TransactionSet


def check_levels(ts: TransactionSet) -> list[Finding]:
    """Numbers out of step (HL01), parents that do not exist (HL02) and levels without a child that HL04 promises."""
    findings: list[Finding] = []
    seen: set[str] = set()
    promised: dict[str, int] = {}  # HL01 of levels that announce children -> segment number
    childless: dict[str, int] = {}  # … and of those that say they have none
    for number, segment in enumerate(ts.segments, 1):
        if segment[0] != "HL":
            continue
        own, parent, _, child = [*segment[1:5], "", "", "", ""][:4]
        if own != str(len(seen) + 1):
            findings.append(_finding(ts, number, 1, "levels are not numbered 1, 2, 3 … in their order"))
        if parent and parent not in seen:
            findings.append(_finding(ts, number, 2, "the parent level does not exist before this one"))
        promised.pop(parent, None)
        if parent in childless:
            findings.append(
                _finding(ts, childless.pop(parent), 4, "HL04 says that nothing comes below, but something does")
            )
        if child == "1":
            promised[own] = number
        elif child == "0":
            childless[own] = number
        seen.add(own)
    findings += [_finding(ts, number, 4, "HL04 announces children that do not come") for number in promised.values()]
    return findings


def _finding(ts: TransactionSet, number: int, element: int, message: str) -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code="X12-HL",
        message=message,
        cure="Number the hierarchical levels as they follow one another.",
        place=ts.place(number, element=element),
        standard_code="7",
        snip=1,
    )
