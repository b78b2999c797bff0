"""SNIP 4: what one part of a claim asks of another."""

from collections.abc import Iterator

from edi.findings import Severity
from edi.x12.rules.claims import Claim
from edi.x12.rules.rule import DOUBTFUL, At, Facts, Found, after, differ, repeated, rule
from edi.x12.tree import Item, Node

_ORIGINAL, _CHANGES = "1", frozenset({"7", "8"})
_FREQUENCIES = _CHANGES | {_ORIGINAL}
_ACCIDENTS = frozenset({"AA", "OA"})
_SENT_ALONG = frozenset({"BM", "EL", "EM", "FT", "FX"})
_LIMITS = {"CLM": (1, 20), "PWK": (6, 50)}
_LIMIT_OF_LINE_NUMBER = 30


@rule("X837-F8-MISSING", 4, "I6", "A6:464")
def payer_number_with_replacement(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A replacement or void names the payer's number of the claim it changes."""
    if claim.frequency in _CHANGES and "F8" not in claim.refs:
        yield Found(
            after(claim.node, "REF"),
            "a replacement or void without the payer's claim number",
            "Add REF*F8 with the number from the remittance (CLP07) or status answer (REF*1K).",
            At(claim.clm, 5, 3),
        )


@rule("X837-F8-UNWANTED", 4, "I9", "A7:464")
def no_payer_number_with_original(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """An original claim names no payer's number."""
    if claim.frequency == _ORIGINAL and "F8" in claim.refs:
        yield Found(
            At(claim.refs["F8"]),
            "an original claim with a payer's claim number",
            "Leave REF*F8 out, or say that it replaces or voids.",
            At(claim.clm, 5, 3),
        )


@rule("X837-FREQUENCY", 5, "7", "A7:535", severity=DOUBTFUL)
def frequency_known(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A claim is an original (1), a replacement (7) or a void (8)."""
    if claim.frequency and claim.frequency not in _FREQUENCIES:
        yield Found(At(claim.clm, 5, 3), "the frequency is not 1, 7 or 8", "Say original, replacement or void.")


@rule("X837-ACCIDENT-DATE", 4, "I6", "A6:187")
def accident_dated(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """An accident has its day."""
    for component, cause in enumerate(claim.clm.parts(11)[:2], 1):
        if cause in _ACCIDENTS and claim.node.first("DTP", "439") is None:
            yield Found(
                after(claim.node, "DTP"), "an accident without its day", "Add DTP*439.", At(claim.clm, 11, component)
            )
            return


@rule("X837-ACCIDENT-STATE", 4, "I9")
def car_accident_has_a_state(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A car accident names the state where it happened, unless it was abroad."""
    causes = claim.clm.parts(11)
    if "AA" in causes[:2] and not any(causes[3:5]):
        yield Found(At(claim.clm, 11, 4), "a car accident without its state", "Add the state.", At(claim.clm, 11, 1))


@rule("X837-SBR05", 4, "I13", "A7:480")
def insurance_type_only_where_payer_is_not_first(subscriber: Node, _facts: Facts) -> Iterator[Found]:
    """SBR05 says why Medicare is not the first payer; to a first payer it says nothing."""
    sbr = subscriber.first("SBR")
    if sbr is not None and sbr[1] == "P" and sbr[5]:
        yield Found(At(sbr, 5), "an insurance type with the first payer", "Leave SBR05 blank.", At(sbr, 1))


@rule("X837-PWK06", 4, "I9", "A6:489")
def attachment_has_its_number(item: Item, _facts: Facts) -> Iterator[Found]:
    """Paperwork that is sent has a number by which it is found; only what lies with the provider (AA) has none."""
    if item[2] in _SENT_ALONG and not item[6]:
        yield Found(
            At(item, 6),
            "an attachment that is sent, without its control number",
            "Give AC and the number that stands on the attachment.",
            At(item, 2),
        )


@rule("X837-G1-9F", 4, "7")
def referral_is_not_the_authorization(holder: object, _facts: Facts) -> Iterator[Found]:
    """The same number is not prior authorization and referral at once."""
    refs: dict[str, Item] = getattr(holder, "refs", {})
    if "G1" in refs and "9F" in refs and refs["G1"][2] == refs["9F"][2]:
        yield Found(
            At(refs["G1"], 2),
            "referral and prior authorization have the same number",
            "Send it once, as what it is.",
            At(refs["9F"], 2),
        )


@rule("X837-6R-REPEATED", 4, "7")
def line_numbers_differ(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Each line has a control number of its own."""
    numbers = [line.refs["6R"] for line in claim.lines if "6R" in line.refs]
    if differ([one[2] for one in numbers]):
        return
    for where, earlier in repeated(At(one, 2) for one in numbers):
        yield Found(
            where,
            "another line of this claim has the same control number",
            "Number the lines apart; payments are matched by it.",
            earlier,
        )


@rule("X837-LX", 4, "7")
def lines_are_numbered_in_order(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """LX01 counts the lines of each claim from 1."""
    for number, line in enumerate(claim.lines, 1):
        if line.node.opening[1] != str(number):
            yield Found(At(line.node.opening, 1), f"line {number} has another number", "Count lines from 1.")


@rule("X837-CLM01-REPEATED", 4, "7", "A7:54")
def claim_numbers_differ(root: Node, _facts: Facts) -> Iterator[Found]:
    """A patient control number comes once in a set."""
    claims = [node.opening for node in root.walk() if node.id == "2300"]
    if differ([one[1] for one in claims]):
        return
    for where, earlier in repeated(At(one, 1) for one in claims):
        yield Found(
            where,
            "another claim of this set has the same number",
            "Send each claim once, with a number of its own.",
            earlier,
        )


@rule("X837-REFERRING", 4, "I6", severity=Severity.WARNING)
def referring_provider_of_a_line_stands_with_the_claim_too(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A line's referring provider differs from the claim's; so the claim has one."""
    named = [one for line in claim.lines for one in line.node.loops("2420F")]
    if named and not any(one.opening[1] == "DN" for one in claim.node.loops("2310A")):
        yield Found(
            At(claim.clm, lacks="NM1", loop="2310A"),
            "a line has a referring provider and the claim has none",
            "Name him with the claim.",
            At(named[0].opening, 1),
        )


@rule("X837-NUMBER-LONG", 2, "5", "A7:481")
def number_within_the_guides_limit(item: Item, _facts: Facts) -> Iterator[Found]:
    """Numbers that come back are shorter than the standard allows: claim 20, attachment 50, line 30 characters."""
    element, limit = _LIMITS.get(item.id, (2, _LIMIT_OF_LINE_NUMBER))
    if item.id == "REF" and item[1] != "6R":
        return
    if len(item[element]) > limit:
        yield Found(
            At(item, element), f"length is {len(item[element])}, the guide's limit is {limit}", "Use a shorter number."
        )


OF_BOTH_GUIDES = (
    payer_number_with_replacement,
    no_payer_number_with_original,
    referral_is_not_the_authorization,
    line_numbers_differ,
    lines_are_numbered_in_order,
)
CLAIM = (
    payer_number_with_replacement,
    no_payer_number_with_original,
    frequency_known,
    accident_dated,
    car_accident_has_a_state,
    referral_is_not_the_authorization,
    line_numbers_differ,
    lines_are_numbered_in_order,
    referring_provider_of_a_line_stands_with_the_claim_too,
)
LINE = (referral_is_not_the_authorization,)
SUBSCRIBER = (insurance_type_only_where_payer_is_not_first,)
SET = (claim_numbers_differ,)
PAPERWORK = (attachment_has_its_number, number_within_the_guides_limit)
NUMBER = (number_within_the_guides_limit,)
