"""What can go wrong between us and a partner's mailbox, sorted by what the catcher should do.

    TransportError
    ├── RetryLater            nothing to mend here: try again after a pause
    │   ├── Unreachable       no conversation came about (name, route, port, handshake); nothing was done
    │   ├── ConnectionLost    the conversation broke off: the outcome of the step in hand is unknown
    │   ├── Busy              the server answers but would not do it now and did not say why
    │   └── Incomplete        the stored file is not as long as what was sent: it must not be used
    ├── AskPerson             trying again makes it worse or changes nothing: a person must act
    │   ├── LoginRefused      user, password or key not accepted (repeated tries get accounts paused)
    │   ├── HostKeyChanged    the server is not the one that was pinned; nothing was told to it
    │   ├── Incompatible      the two sides share no algorithm, no certificate or no form of what is said
    │   ├── PermissionRefused the account may not do this
    │   └── NoSpace           the remote disk or quota is full
    ├── NotFound              no such file or folder
    └── AlreadyExists         the name is taken; nothing was overwritten

Texts name the operation, host and folder, never a file name, a user, a secret or content.
"""

from typing import ClassVar


class TransportError(Exception):
    """Any failure of a mailbox operation. ``connection_fault`` says that the connection is no longer to be trusted."""

    connection_fault: ClassVar[bool] = False


class RetryLater(TransportError):
    """Try again after a pause."""


class AskPerson(TransportError):
    """A person must act before another try makes sense."""


class Unreachable(RetryLater):
    """No conversation came about; nothing was done at the partner."""

    connection_fault = True


class ConnectionLost(RetryLater):
    """The conversation broke off; whether the step in hand happened is unknown and must be looked up."""

    connection_fault = True


class Busy(RetryLater):
    """The server answered that it failed, without a reason that we know."""


class Incomplete(RetryLater):
    """What is stored is not as long as what was sent. A part may lie under that name: delete it and start over."""


class LoginRefused(AskPerson):
    """User, password or key not accepted. Never loop on this: accounts get paused."""

    connection_fault = True


class HostKeyChanged(AskPerson):
    """The server's host key is not the pinned one. No credential was sent."""

    connection_fault = True


class Incompatible(AskPerson):
    """Both sides speak, and share no algorithm; or its certificate, or the form of its answer, cannot be accepted."""

    connection_fault = True


class PermissionRefused(AskPerson):
    """The account may not do this here."""


class NoSpace(AskPerson):
    """The partner's disk or quota is full."""


class NotFound(TransportError):
    """No such file or folder."""


class AlreadyExists(TransportError):
    """The name is taken; nothing was overwritten."""
