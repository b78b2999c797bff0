"""Who writes a payer's 835 file: our own codec, or oxedi, which shares no line with it.

oxedi holds a file as five tables (payments, claims, services, adjustments, provider adjustments). It is given the
decisions as a file, takes what its tables have columns for, and writes sets of its own from them: other set numbers, no
modifiers, no remark codes, no bank accounts, a plain service date. A reader that leans on our writer's habits shows here.
"""

from collections.abc import Callable, Sequence

from edi.x12.sets import t835
from edi.x12.sets.t835 import Remittance
from edi.x12.syntax.envelope import Envelope, write_interchange

EraWriter = Callable[[Envelope, Sequence[Remittance]], bytes]


def own(envelope: Envelope, sets: Sequence[Remittance]) -> bytes:
    """The interchange, sets numbered from 0001."""
    written = [t835.write_set(one, f"{place:04d}").data for place, one in enumerate(sets, start=1)]
    return write_interchange(envelope, written)


def by_oxedi(envelope: Envelope, sets: Sequence[Remittance]) -> bytes:
    """The same decisions as oxedi writes them. It refuses what does not balance: ``oxedi.WriteError``."""
    import oxedi

    theirs = oxedi.Envelope(
        sender_id=envelope.sender_id,
        sender_qualifier=envelope.sender_qualifier,
        receiver_id=envelope.receiver_id,
        receiver_qualifier=envelope.receiver_qualifier,
        application_sender=envelope.group_sender,
        application_receiver=envelope.group_receiver,
        date=envelope.when.date(),
        time=envelope.when.time().replace(second=0, microsecond=0),
        usage_indicator=envelope.usage,
        control_number=envelope.control_number,
    )
    return oxedi.write(oxedi.parse(own(envelope, sets)).tables, theirs)


ERA_WRITERS: dict[str, EraWriter] = {"own": own, "oxedi": by_oxedi}
