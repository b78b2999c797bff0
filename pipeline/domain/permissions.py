"""Who may do what: permissions by name, and the roles that have each. A person's roles are the tenant's rows."""

from collections.abc import Collection
from enum import StrEnum

from pipeline.domain.errors import NotAllowed


class Role(StrEnum):
    BILLER = "biller"
    OPERATOR = "operator"
    APPROVER = "approver"
    PREPARER = "preparer"
    AUDITOR = "auditor"


_QUEUE = frozenset({Role.BILLER, Role.OPERATOR, Role.APPROVER})
"""Those whose work the queue is."""

PERMISSIONS: dict[str, frozenset[Role]] = {
    "exceptions.view": frozenset(Role),
    "exceptions.assign": _QUEUE,
    "exceptions.comment": _QUEUE | {Role.PREPARER},
    "exceptions.resolve": _QUEUE,
    "exceptions.reopen": _QUEUE,
    "claims.ask": frozenset({Role.BILLER, Role.OPERATOR}),
    "eligibility.ask": frozenset({Role.BILLER, Role.OPERATOR}),
    "claims.resubmit": frozenset({Role.BILLER, Role.OPERATOR}),
    "claims.secondary": frozenset({Role.BILLER}),
    "claims.write_off": frozenset({Role.BILLER, Role.APPROVER}),
    "matching.match": frozenset({Role.BILLER}),
    "matching.unmatch": frozenset({Role.BILLER}),
    "payees.change": frozenset({Role.PREPARER, Role.BILLER}),
    "payees.confirm": frozenset({Role.APPROVER}),
    "payees.hold": frozenset({Role.APPROVER, Role.OPERATOR}),
    "payments.prepare": frozenset({Role.PREPARER}),
    "payments.approve": frozenset({Role.APPROVER}),
    "rules.review": frozenset({Role.APPROVER}),
}
"""An auditor sees everything and changes nothing."""


def allowed(roles: Collection[str], permission: str) -> bool:
    """Whether one of these roles has the permission; KeyError for a permission that there is not."""
    return not PERMISSIONS[permission].isdisjoint(roles)


def require(roles: Collection[str], permission: str) -> None:
    """Nothing, if one of these roles has the permission; else NotAllowed with its name and who has it."""
    if not allowed(roles, permission):
        having = ", ".join(sorted(PERMISSIONS[permission]))
        raise NotAllowed(f"not allowed: this takes {permission}, which these roles have: {having}")
