from pathlib import Path

from pipeline.domain.claim_guide import markdown
from pipeline.domain.edits import RULES

PAGE = Path(__file__).parents[3] / "docs" / "claim.md"


def test_the_page_says_what_the_code_does():
    assert PAGE.read_text(encoding="utf-8") == markdown(), "run python -m pipeline.domain.claim_guide > docs/claim.md"


def test_codes_of_rules_are_their_own_and_explained():
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert all(rule.about.endswith(".") for rule in RULES)
