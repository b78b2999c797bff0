"""The page of rules says what the code does."""

from pathlib import Path

from edi.x12.rules.guide import markdown

PAGE = Path(__file__).parents[4] / "docs" / "x12-rules.md"


def test_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == markdown(), "run python -m edi.x12.rules.guide > docs/x12-rules.md"
