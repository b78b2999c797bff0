"""validate: every finding of every claim at once; the clean ones go on, the others go to a person.

A claim that only has warnings goes on; its history keeps them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import structlog

from pipeline import logs
from pipeline.domain.chain import Earlier
from pipeline.domain.edits import check, warned
from pipeline.domain.forms import stored_claim
from pipeline.domain.payer_rules import PayerBook
from pipeline.domain.problems import Problem, errors
from pipeline.domain.provider import BillingProviderFacts
from pipeline.domain.states import Kind
from pipeline.stages.context import Context
from pipeline.stages.providers import Providers, providers_on
from pipeline.store import claims, exceptions, transitions, versions, work
from pipeline.store.claims import Document
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Judge:
    """What the claims of a lot are judged by."""

    providers: Providers
    payers: PayerBook
    today: date
    earlier: Mapping[int, Sequence[Earlier]]

    def problems_of(self, document: Document) -> list[Problem]:
        """All problems of one claim as it is stored, by its payer's rules of the day on which the service began."""
        claim = stored_claim(document.document)
        provider = self.providers.of(claim.billing_provider_npi)
        if not isinstance(provider, BillingProviderFacts):
            return [provider]
        rules = self.payers.of(claim.payer.payer_id, claim.payer.filing_code, claim.service_from or self.today)
        return check(claim, self.today, provider, rules, self.earlier.get(document.id, ()))


@dataclass(slots=True)
class _Verdicts:
    clean: list[int] = field(default_factory=list)
    warned: dict[int, str] = field(default_factory=dict)  # of the clean ones, what their history keeps
    failed: dict[int, list[Problem]] = field(default_factory=dict)
    broken: dict[int, str] = field(default_factory=dict)


def validate(ctx: Context, org_id: int, lot_id: int) -> None:
    """Moves the lot's READY claims to VALIDATED or EDIT_FAILED; run twice it finds none left."""
    with ctx.tenant(org_id, "validate") as tx:
        if not claims.lock_lot(tx, lot_id):
            return
        today = ctx.today()
        lot = claims.in_lot(tx, lot_id, "READY")
        further = [one.id for one in lot if one.first_id is not None]
        judge = _Judge(providers_on(tx, today), ctx.payers, today, versions.earlier(tx, further) if further else {})
        verdicts = _judge(lot, judge)
        _settle(tx, verdicts)
        work.done(tx, "validate", [lot_id])
        work.put(tx, "bundle", [lot_id], ctx.limits.lease_s)
    log.info(
        "claims judged", clean=len(verdicts.clean), failed=logs.ids(verdicts.failed), broken=logs.ids(verdicts.broken)
    )


def _judge(documents: list[Document], judge: _Judge) -> _Verdicts:
    verdicts = _Verdicts()
    for document in documents:
        try:
            problems = judge.problems_of(document)
        except Exception as error:  # noqa: BLE001 - one poisonous claim must not stop its lot
            # Without the trace: it may show the claim.
            log.error("claim set aside", claim_id=document.id, error=logs.place(error))  # noqa: TRY400
            verdicts.broken[document.id] = type(error).__name__
            continue
        if errors(problems):
            verdicts.failed[document.id] = problems
        else:
            verdicts.clean.append(document.id)
            if (line := warned.noted(problems)) is not None:
                verdicts.warned[document.id] = line
    return verdicts


def _settle(tx: Tenant, verdicts: _Verdicts) -> None:
    transitions.move(
        tx,
        Kind.CLAIM,
        verdicts.clean,
        "validated",
        detail=[verdicts.warned.get(claim_id) for claim_id in verdicts.clean],
    )
    exceptions.close(tx, ("edit_failed", "internal_error"), "claim", verdicts.clean, "the claim passes its edits now")
    transitions.move(
        tx,
        Kind.CLAIM,
        list(verdicts.failed),
        "edits_failed",
        assign="lot_id = NULL",
        detail=[", ".join(sorted({p.code for p in errors(problems)})) for problems in verdicts.failed.values()],
    )
    transitions.move(tx, Kind.CLAIM, list(verdicts.broken), "set_aside", assign="lot_id = NULL")
    exceptions.open_all(
        tx,
        [
            Raise(
                "edit_failed",
                "claim",
                claim_id,
                "; ".join(f"{p.code} at {p.path}: {p.message} ({p.cure})" for p in errors(problems)),
                findings=[p.as_dict() for p in problems],
            )
            for claim_id, problems in verdicts.failed.items()
        ]
        + [
            Raise("internal_error", "claim", claim_id, f"could not be judged: {name}; the claim is untouched")
            for claim_id, name in verdicts.broken.items()
        ],
    )
