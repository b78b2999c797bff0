"""Everything that is wrong with a set: structure, hierarchy and meaning (SNIP 1 to 5)."""

from datetime import date

from edi.errors import Unsound
from edi.findings import Finding, Severity
from edi.x12 import codes
from edi.x12.codes import CodeLists
from edi.x12.guides import Guide, guide_of
from edi.x12.judging.check import unsupported
from edi.x12.judging.hierarchy import check_levels
from edi.x12.judging.walk import walk
from edi.x12.profile import OUTBOUND, Profile
from edi.x12.rules.rule import Facts
from edi.x12.rules.values import day
from edi.x12.syntax.document import TransactionSet, set_of
from edi.x12.tree import Node
from edi.x12.written import WrittenSet


def judge(ts: TransactionSet, profile: Profile = OUTBOUND, lists: CodeLists | None = None) -> list[Finding]:
    """What the strictest reader would say of a set, all of it. Never raises on bad data.

    ``OUTBOUND`` holds a set to what we send: basic characters, codes of their lists; ``INBOUND`` understands what we get.
    ``lists`` are the code lists, those of the package by default. A set without a guide gives one finding.
    """
    guide = guide_of(ts.set_id, ts.version)
    if guide is None:
        return [unsupported(ts)]
    findings, root = walk(ts, guide.table, profile)
    findings += check_levels(ts)
    facts = Facts(ts=ts, root=root, profile=profile, lists=lists or codes.load(), today=_today(guide, root))
    return findings + guide.rules.judge(facts)


def insist(written: WrittenSet, version: str, lists: CodeLists | None = None) -> None:
    """Raises ``Unsound`` with every error of a set that is to be sent, read again from its bytes. Warnings pass."""
    errors = [one for one in judge(set_of(written.data, version), OUTBOUND, lists) if one.severity is Severity.ERROR]
    if errors:
        raise Unsound(errors)


def _today(guide: Guide, root: Node) -> date | None:
    """The day on which the set was made."""
    if guide.dated_by is None:
        return None
    name, position = guide.dated_by
    item = root.first(name)
    return None if item is None else day(item[position])
