"""Claims to bend: an example by name, changed at some places, as a claim."""

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain.claim import BaseClaim
from pipeline.domain.claim_reading import parse_claim
from pipeline.domain.edits import check
from pipeline.domain.payer_rules import PayerRules
from pipeline.domain.problems import Problem
from pipeline.domain.provider import BillingProviderFacts
from pipeline.rules.payers import read

EXAMPLES = Path(__file__).parents[3] / "examples"
TODAY = date(2026, 11, 20)
PAYERS = read(None)

Document = dict[str, Any]
Change = tuple[tuple[str | int, ...], Any]


@pytest.fixture(scope="session")
def documents() -> dict[str, Document]:
    """Every example by name, as JSON has it."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((EXAMPLES / "claims").glob("*.json"))
        if path.name != "EXPECTED.json"
    }


@pytest.fixture(scope="session")
def example_provider() -> BillingProviderFacts:
    return BillingProviderFacts.model_validate_json((EXAMPLES / "provider.json").read_bytes())


@pytest.fixture
def bent(documents: dict[str, Document]) -> Callable[..., BaseClaim]:
    """An example with some fields set (or removed, by None), as a claim."""

    def make(name: str, *changes: Change) -> BaseClaim:
        document = copy.deepcopy(documents[name])
        for path, value in changes:
            put(document, path, copy.deepcopy(value))
        claim = parse_claim(json.dumps(document).encode())
        assert isinstance(claim, BaseClaim), [str(problem) for problem in claim]
        return claim

    return make


@pytest.fixture
def found(example_provider: BillingProviderFacts) -> Callable[..., list[Problem]]:
    """The problems of a claim on the tests' day, by the rules that come with the program."""

    def look(
        claim: BaseClaim, rules: PayerRules | None = None, provider: BillingProviderFacts | None = None
    ) -> list[Problem]:
        usual = PAYERS.of(claim.payer.payer_id, claim.payer.filing_code, claim.service_from or TODAY)
        return check(claim, TODAY, provider or example_provider, rules or usual)

    return look


def put(document: Any, path: tuple[str | int, ...], value: Any) -> None:
    for step in path[:-1]:
        document = document[step]
    if value is None:
        del document[path[-1]]
    else:
        document[path[-1]] = value
