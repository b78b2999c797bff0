"""The tenant's billing providers as they are valid on a day, looked up by NPI."""

from dataclasses import dataclass
from datetime import date

from pipeline.domain.problems import Problem
from pipeline.domain.provider import BillingProviderFacts
from pipeline.store import tenants
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class Providers:
    by_npi: dict[str, BillingProviderFacts]
    default: BillingProviderFacts | None

    def of(self, npi: str | None) -> BillingProviderFacts | Problem:
        """The provider a claim names, or the tenant's default; a problem when there is none."""
        found = self.default if npi is None else self.by_npi.get(npi)
        return found or Problem(
            path="billing_provider_npi",
            code="PRV01",
            message="the organisation has no such billing provider on this day",
            cure="name one of the organisation's billing providers, or add this one to its settings",
        )


def providers_on(tx: Tenant, day: date) -> Providers:
    rows = tenants.billing_providers(tx, day)
    facts = {npi: BillingProviderFacts.model_validate_json(details) for npi, _, details in rows}
    return Providers(facts, next((facts[npi] for npi, is_default, _ in rows if is_default), None))
