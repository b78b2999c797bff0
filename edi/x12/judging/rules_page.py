"""docs/x12-rules.md, made from the rules: `python -m edi.x12.judging.rules_page > docs/x12-rules.md`."""

from collections.abc import Iterator

from edi.x12.codes import load
from edi.x12.guides import GUIDES
from edi.x12.rules.rule import Rule

_HEAD = """# What an X12 set is held to

Structure comes first, from the tables in `edi/x12/tables`: segments, order, repeats, usage, lengths, codes, syntax notes
(`X12-SEGMENT-…`, `X12-ELEMENT-…`, SNIP 1 and 2), then the numbers of the levels (`X12-HL`). The rules of meaning follow,
set by set. *999* is the code of IK403, or of IK304 where a whole segment is meant; *277CA* category and code, to which the
entity is added where one is meant. Where a column is blank, that answer has no code for it. *by list* is an error in what we
send and a warning in what we get. That an 835 or an 820 balances is proved from its typed reading (`X835-BAL-…`,
`X820-BAL-…`, SNIP 3): of an 820, that the payment (BPR02) is the sum of what its items pay (RMR04) and of the adjustments
that stand before them (ADX01); an adjustment behind an item explains that item and is added to nothing.

This page is made from the code (`python -m edi.x12.judging.rules_page`).
"""


def markdown() -> str:
    """The page as text, ending in a line break."""
    guides = ["\n".join((f"## {guide.name}\n", *_rows(guide.rules.rules))) + "\n" for guide in GUIDES]
    return "\n".join((_HEAD, *guides, *_lists())) + "\n"


def _rows(rules: tuple[Rule, ...]) -> Iterator[str]:
    yield "| code | SNIP | weight | 999 | 277CA | rule |"
    yield "|---|---|---|---|---|---|"
    for rule in sorted(rules, key=lambda one: (one.snip, one.code)):
        sentence = " ".join((rule.find.__doc__ or "").split())
        weight = rule.severity.value if rule.severity else "by list"
        yield f"| {rule.code} | {rule.snip} | {weight} | {rule.standard or ''} | {rule.status or ''} | {sentence} |"


def _lists() -> Iterator[str]:
    yield "## Code lists\n"
    yield "Files of `edi/x12/codes`; one of the same name in a folder that is handed in takes its place.\n"
    yield "| file | list | as of | codes |"
    yield "|---|---|---|---|"
    for name, one in sorted(load().lists.items()):
        yield f"| {name}.csv | {one.title} | {one.as_of} | {len(one.spans):,} |"


if __name__ == "__main__":
    print(markdown(), end="")
