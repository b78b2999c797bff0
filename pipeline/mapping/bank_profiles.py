"""How a bank's ACH files are read: by the deviations that its mailbox names."""

from edi.nacha.profiles import INBOUND, Profile, bank_profile
from pipeline.domain.mailbox import BankProfile, MailboxProfile


def reading_profile(profile: MailboxProfile) -> Profile:
    """The codec's profile for what this mailbox receives; any deviation that has a name, where none are given.

    Raises ValueError for a name that is no deviation's.
    """
    if not isinstance(profile, BankProfile) or profile.deviations is None:
        return INBOUND
    return bank_profile(profile.destination_name, profile.deviations)
