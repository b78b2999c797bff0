"""Whether the person who acts may: the tenant's own people, by their roles."""

from pipeline.domain import permissions
from pipeline.store import tenants
from pipeline.store.database import Tenant


def permitted(tx: Tenant, actor: str, permission: str) -> None:
    """Nothing, if one of the actor's roles has it; NotKnown for nobody of ours, NotAllowed with who has it."""
    _, roles = tenants.principal(tx, actor)
    permissions.require(roles, permission)
