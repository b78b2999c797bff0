"""The page of rules says what the code does."""

from places import ROOT

from edi.x12.judging.rules_page import markdown

PAGE = ROOT / "docs" / "x12-rules.md"


def test_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == markdown(), (
        "run python -m edi.x12.judging.rules_page > docs/x12-rules.md"
    )
