"""How every stage that goes outside treats a partner that does not let it in."""

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.domain.errors import MailboxPaused, TryLater
from pipeline.stages.context import Context
from pipeline.store import conversations, exceptions, files, installation, tenants, work
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.tenants import Mailbox
from transport.base import RemoteMailbox
from transport.errors import AskPerson, HostKeyChanged, LoginRefused, NotFound, RetryLater, Unreachable

DIAGNOSES = {
    LoginRefused: (
        "login_refused",
        "the partner refused our login",
        "compare user and password with the partner's letter, then `claimrail mailbox set`",
    ),
    HostKeyChanged: (
        "host_key_changed",
        "the server is not the one that was pinned",
        "ask the partner for its host key by another way, then pin it",
    ),
    AskPerson: (
        "refused",
        "the partner refused what we asked for",
        "ask the partner about the account's rights and quota",
    ),
    NotFound: (
        "folder_missing",
        "a folder of the mailbox is not there",
        "compare its folders with the partner's letter, then `claimrail mailbox set`",
    ),
    Unreachable: (
        "unreachable",
        "the partner's host could not be reached",
        "check host, port and route; the partner may be down",
    ),
}


@contextmanager
def opened(ctx: Context, org_id: int, box: Mailbox, stage: str) -> Iterator[RemoteMailbox]:
    """The partner's mailbox. A refusal pauses our mailbox for long and opens an exception; an outage asks to try later.

    A good conversation lifts an earlier pause, so that what waited goes by itself.
    """
    try:
        with ctx.outside(box.profile.connection) as remote:
            yield remote
    except AskPerson as error:
        _pause(ctx, org_id, box, stage, error, ctx.limits.login_backoff_s)
        raise MailboxPaused(f"mailbox {box.id} is paused: {type(error).__name__}") from None
    except (Unreachable, NotFound) as error:
        _pause(ctx, org_id, box, stage, error, ctx.limits.retry_base_s)
        raise MailboxPaused(f"mailbox {box.id} is paused: {type(error).__name__}") from None
    except RetryLater as error:
        with ctx.tenant(org_id, stage) as tx:
            conversations.note(tx, box.id, stage, "broken_off")
        raise TryLater(f"mailbox {box.id}: {type(error).__name__}") from None
    _went_well(ctx, org_id, box, stage)


def held(ctx: Context, tx: Tenant, box: Mailbox) -> bool:
    """True after a restore or a clone: what this database holds and what the partner holds were never compared."""
    if ctx.held:
        exceptions.open_all(
            tx,
            [
                Raise(
                    installation.MOVED,
                    "mailbox",
                    box.id,
                    "the database is not the one that was set up (a restore or a copy): nothing is sent or fetched;"
                    " compare with the partner what it has of ours, adopt the installation, start the processes anew",
                )
            ],
        )
    return ctx.held


def _pause(ctx: Context, org_id: int, box: Mailbox, stage: str, error: Exception, pause_s: float) -> None:
    code, what, cure = next(DIAGNOSES[kind] for kind in type(error).__mro__ if kind in DIAGNOSES)
    # What may come by itself (host, folder) is tried again soon, then ever more rarely; a refusal waits for long.
    factor = 1 if isinstance(error, AskPerson) else 2 ** min(box.failures, 10)
    with ctx.tenant(org_id, stage) as tx:
        conversations.note(tx, box.id, stage, code)
        tenants.pause_mailbox(tx, box.id, code, min(pause_s * factor, max(pause_s, ctx.limits.retry_ceiling_s)))
        if not isinstance(error, Unreachable) or box.failures >= 2:
            exceptions.open_all(tx, [Raise(code, "mailbox", box.id, f"{what}; {cure}")])


def _went_well(ctx: Context, org_id: int, box: Mailbox, stage: str) -> None:
    with ctx.tenant(org_id, stage) as tx:
        conversations.note(tx, box.id, stage, conversations.GOOD)
        if (box.pause_reason is not None or box.failures) and tenants.mailbox_works(tx, box.id):
            for code, _, _ in DIAGNOSES.values():
                exceptions.close(tx, code, "mailbox", [box.id], "the connection works again")
            work.put(tx, "upload", files.unsent(tx, box.id), 0)
