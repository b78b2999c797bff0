"""Lines of decisions that are about none of ours: told to a person, for nobody else would see them.

A payer that sends our line numbers back (REF*6R) is believed without a look at the claim; only what lacks one is compared
with the claim as it went out.
"""

from collections.abc import Sequence

from pydantic import ValidationError

from pipeline.domain.forms import stored_claim
from pipeline.domain.line_matching import OurLine, match_lines
from pipeline.domain.remittance import Verdict
from pipeline.mapping.claim_lines import our_lines
from pipeline.mapping.claim_to_837p import claim_of_line
from pipeline.store import claims
from pipeline.store.claims import Document
from pipeline.store.crypto import SealBroken
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.remittances import StoredDecision


def strangers(tx: Tenant, decided: Sequence[tuple[StoredDecision, int]]) -> list[Raise]:
    """What to tell of decisions (each with its claim's id) that have lines which are about none of the claim's."""
    doubtful = [(row, claim_id) for row, claim_id in decided if _wants_a_look(row)]
    documents = claims.by_id(tx, sorted({claim_id for _, claim_id in doubtful})) if doubtful else {}
    raised = []
    for row, claim_id in doubtful:
        ours = _lines(documents[claim_id])
        to = row.explained.service_to
        day = row.service_from if to in {None, row.service_from} else None
        unknown = match_lines(row.lines, ours, day).unmatched if ours else ()
        if unknown:
            raised.append(_told(row, unknown))
    return raised


def _wants_a_look(row: StoredDecision) -> bool:
    return row.verdict is not Verdict.FORWARDED and any(
        claim_of_line(line.control_number or "") is None for line in row.lines
    )


def _lines(document: Document) -> list[OurLine]:
    """The claim's lines as they went out; none where it does not open."""
    try:
        claim = stored_claim(document.document)
    except (SealBroken, ValidationError):
        return []
    return our_lines(document.clm01, claim)


def _told(row: StoredDecision, positions: Sequence[int]) -> Raise:
    told = [row.lines[position] for position in positions]
    what = ", ".join(
        f"{position + 1} ({line.procedure or 'no code'})" for position, line in zip(positions, told, strict=True)
    )
    reason = (
        f"segment {row.segment} CLP: line {what} is about none of the claim's lines; the claim's money is posted whole"
    )
    money = sum(line.paid_cents for line in told)
    return Raise("unmatched_line", "remittance_claim", row.id, reason, severity="warning", money_cents=money)
