"""The envelope of an interchange of ours, as a partner's profile has it."""

from datetime import datetime

from edi.x12.syntax.envelope import Envelope
from pipeline.domain.calendar import written
from pipeline.domain.mailbox import AdviceProfile, ClearinghouseProfile, Mode


def envelope(
    profile: ClearinghouseProfile | AdviceProfile,
    mode: Mode,
    control_number: int,
    when: datetime,
    *,
    functional_id: str,
    version: str,
) -> Envelope:
    """ISA and GS for one functional group; `when` is business time, written by the Reserve Banks' clock."""
    return Envelope(
        sender_qualifier=profile.sender_qualifier,
        sender_id=profile.sender_id,
        receiver_qualifier=profile.receiver_qualifier,
        receiver_id=profile.receiver_id,
        group_sender=profile.group_sender,
        group_receiver=profile.group_receiver,
        control_number=control_number,
        usage=mode.value,
        when=written(when),
        functional_id=functional_id,
        version=version,
    )
