"""Other payers of a claim (COB): loops 2320, 2330B and 2430."""

from collections.abc import Iterator

from edi.findings import Severity
from edi.x12.rules.claims import Claim
from edi.x12.rules.rule import DOUBTFUL, At, Facts, Found, after, rule
from edi.x12.tree import Item

_LAST_OF_CAS = 17
_REMARKS: dict[str, tuple[int, ...]] = {"MOA": (3, 4, 5, 6, 7), "MIA": (5, 20, 21, 22, 23)}


@rule("X837-COB-PAYER", 4, "7")
def line_decision_names_a_payer_of_the_claim(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """SVD01 is NM109 of one of the claim's other payers."""
    known = {payer.identifier for payer in claim.others}
    for line in claim.lines:
        for decision in line.decisions():
            if decision.opening[1] and decision.opening[1] not in known:
                yield Found(
                    At(decision.opening, 1),
                    "the payer of this decision is not among the claim's other payers",
                    "Use the same identifier as in loop 2330B.",
                )


@rule("X837-CAS-GROUP", 4, "5", "A7:400")
def one_adjustment_segment_a_group(item: Item, _facts: Facts) -> Iterator[Found]:
    """A group code has one CAS at a level, a second one only when the first is full."""
    if item.node.first("CAS") is not item:
        return
    full: dict[str, bool] = {}
    for one in item.node.all("CAS"):
        if not full.get(one[1], True):
            yield Found(At(one), "a second CAS of the same group", "Put all reasons of a group into one CAS.")
        full[one[1]] = bool(one[_LAST_OF_CAS])


@rule("X837-CARC", 5, "7", severity=DOUBTFUL)
def adjustment_reason_known(item: Item, facts: Facts) -> Iterator[Found]:
    """Adjustment reasons are codes of the national list, in force on the set's day."""
    for at in range(2, len(item.elements), 3):
        if item[at] and not facts.known("carc", item[at]):
            yield Found(At(item, at), "an adjustment reason that is not on the list", "Correct it, or renew the list.")


@rule("X837-COB-DATE", 4, "I6", "A6:400")
def decision_is_dated(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A payer that has decided has the day of it, once for the claim or with each of its lines."""
    if not claim.others:
        return
    decided = {one.opening[1] for line in claim.lines for one in line.decisions() if one.first("DTP", "573")}
    for payer in claim.others:
        if payer.paid is None or payer.payer is None or payer.identifier in decided:
            continue
        if payer.payer.first("DTP", "573") is None:
            yield Found(
                after(payer.payer, "DTP"), "the day of another payer's decision is missing",
                "Give DTP*573 with that payer or with each line.", At(payer.paid, 2),
            )  # fmt: skip


@rule("X837-COB-MISSING", 4, "I6", severity=Severity.WARNING)
def secondary_claim_tells_of_the_first_payer(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A claim to a second or later payer tells what payers before it decided."""
    sbr = claim.insured() if not claim.others else None
    if sbr is not None and sbr[1] in {"S", "T"}:
        yield Found(
            At(claim.clm, lacks="SBR", loop="2320"), "a claim to a second payer that names no first one",
            "Add loop 2320 for each payer that decided before.", At(sbr, 1),
        )  # fmt: skip


@rule("X837-COB-BUNDLED", 4, "7")
def bundled_line_exists(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """SVD06 is the number of another line of the claim, into which a payer has bundled this one."""
    into = [one.opening for line in claim.lines for one in line.decisions() if one.opening[6]]
    numbers = {line.node.opening[1] for line in claim.lines} if into else set()
    for svd in into:
        if svd[6] not in numbers:
            yield Found(At(svd, 6), "no line of the claim has this number", "Correct it.")


@rule("X837-RARC", 5, "7", severity=Severity.WARNING)
def remark_known(item: Item, facts: Facts) -> Iterator[Found]:
    """Remarks that another payer made (MOA, MIA) are codes of the national list."""
    for at in _REMARKS[item.id]:
        if item[at] and not facts.known("rarc", item[at]):
            yield Found(At(item, at), "a remark that is not on the list", "Correct it, or renew the list.")


CLAIM = (
    line_decision_names_a_payer_of_the_claim,
    decision_is_dated,
    secondary_claim_tells_of_the_first_payer,
    bundled_line_exists,
)
ADJUSTMENT = (one_adjustment_segment_a_group, adjustment_reason_known)
REMARK = (remark_known,)
