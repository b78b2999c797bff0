"""What can go wrong in the product, sorted by what the catcher should do.

    ClaimrailError
    ├── CallerError        the request cannot be carried out as it stands; say so to whoever asked
    │   ├── NotKnown           there is no such row for this tenant
    │   ├── Conflict           same key, other content; or the row's state does not allow it
    │   └── NotAllowed         the principal may not do this (maker = approver, missing role)
    ├── ConfigurationError a person must change a setting before work can go on
    │   └── ModeMismatch       test and production disagree: nothing may leave
    └── TryLater           an outage or a busy neighbour: the sweep comes again
        ├── Collision          two transactions were in each other's way and this one gave in: once more, at once
        └── MailboxPaused      as above, and whoever paused the mailbox has told a person
Anything else that is raised is a bug. Bad data is not here: it is a `Problem` or a `Finding`.
"""


class ClaimrailError(Exception):
    pass


class CallerError(ClaimrailError):
    pass


class NotKnown(CallerError):
    pass


class Conflict(CallerError):
    pass


class NotAllowed(CallerError):
    pass


class ConfigurationError(ClaimrailError):
    pass


class ModeMismatch(ConfigurationError):
    pass


class TryLater(ClaimrailError):
    pass


class Collision(TryLater):
    pass


class MailboxPaused(TryLater):
    pass
