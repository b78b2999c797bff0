"""Which faults there are."""

from tests.chaos import bank, inside, outside, servers
from tests.chaos.faults import Fault


def every_kind(*, long: bool = False) -> list[type[Fault]]:
    """All faults by name; those of the long profile only where asked for."""
    known = (*inside.FAULTS, *servers.FAULTS, *outside.FAULTS, *bank.FAULTS)
    return sorted((one for one in known if long or not one.long), key=lambda one: one.kind)
