"""The composition root: settings in, ready objects out. Only entry points come here."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from edi.errors import BadCodeList
from edi.x12 import codes
from edi.x12.codes import CodeLists
from pipeline.domain.clock import BusinessClock
from pipeline.domain.errors import ConfigurationError
from pipeline.domain.mailbox import ClearinghouseProfile, Connection
from pipeline.rules import ach_windows, adjustments, payers, release
from pipeline.settings import FlowSettings, Settings
from pipeline.stages.context import Context, Limits, Ring, silent
from pipeline.store import installation
from pipeline.store.crypto import Keyring
from pipeline.store.database import Database
from transport.base import RemoteMailbox
from transport.realtime import HttpRealTime, RealTime, RealTimeConfig
from transport.sftp import SftpConfig, SftpPool


@dataclass(frozen=True, slots=True)
class Product:
    settings: Settings
    context: Context

    @property
    def database(self) -> Database:
        return self.context.database

    def close(self) -> None:
        self.context.database.dispose()


def build(settings: Settings | None = None, ring: Ring = silent) -> Product:
    """The product as this process uses it. `ring` is the caller's way to Celery; without one the sweep does all.

    ValueError where a wrapping key is wrong, ConfigurationError where the payers' rules or a code list are.
    """
    settings = settings or Settings()
    clock = BusinessClock(settings.clock_file)
    keyring = Keyring(settings.wrapping_keys, settings.wrapping_key)
    database = Database(
        settings.database_url.get_secret_value(),
        keyring,
        pool_size=settings.pool_size,
        statement_timeout_s=settings.statement_timeout_s,
        lock_timeout_s=settings.lock_timeout_s,
        idle_timeout_s=settings.idle_timeout_s,
        clock=clock,
    )
    return Product(
        settings,
        Context(
            database=database,
            clock=clock,
            outside=_Outside(SftpPool(), settings.flow),
            realtime=_AtOnce(settings.flow),
            payers=payers.read(settings.rules_folder),
            adjustments=adjustments.read(settings.rules_folder),
            releases=release.read(settings.rules_folder),
            windows=ach_windows.read(settings.rules_folder),
            codes=_codes(settings.codes_folder),
            ring=ring if settings.ring else silent,
            limits=limits(settings.flow),
        ),
    )


def _codes(folder: Path | None) -> CodeLists:
    try:
        return codes.load(folder)
    except (BadCodeList, OSError, UnicodeDecodeError) as error:
        told = str(error) if isinstance(error, BadCodeList) else type(error).__name__
        cure = "mend the file, or unset CLAIMRAIL_CODES_FOLDER"
        raise ConfigurationError(f"the code lists in {folder} cannot be used: {told}; {cure}") from None


def checked(product: Product) -> Product:
    """The same, held if its database is not the one that was set up (after a restore or a clone). Asks the database."""
    with product.database.narrow() as tx:
        held = installation.moved(tx)
    return replace(product, context=replace(product.context, held=held))


def limits(flow: FlowSettings) -> Limits:
    return Limits(**{name: getattr(flow, name) for name in Limits.__dataclass_fields__})


class _Outside:
    """Opens a mailbox from its stored connection, on the process's pooled sessions."""

    def __init__(self, pool: SftpPool, flow: FlowSettings) -> None:
        self._pool = pool
        self._flow = flow

    def __call__(self, connection: Connection) -> AbstractContextManager[RemoteMailbox]:
        return self._pool.borrow(sftp_config(connection, self._flow))


class _AtOnce:
    """Opens a clearinghouse's real-time service, a connection a question. ConfigurationError names what it lacks."""

    def __init__(self, flow: FlowSettings) -> None:
        self._flow = flow

    def __call__(self, profile: ClearinghouseProfile) -> AbstractContextManager[RealTime]:
        try:
            return HttpRealTime(realtime_config(profile, self._flow))
        except ValueError as error:
            raise ConfigurationError(f"realtime_url: {error}; set it with `claimrail mailbox set`") from None


def realtime_config(profile: ClearinghouseProfile, flow: FlowSettings) -> RealTimeConfig:
    if not (profile.realtime_url and profile.realtime_user and profile.realtime_password):
        raise ConfigurationError(
            "the clearinghouse's mailbox has no realtime_url with realtime_user and realtime_password: nothing can be"
            " asked at once; set them with `claimrail mailbox set`, or ask in a file (--batch)"
        )
    return RealTimeConfig(
        url=profile.realtime_url,
        username=profile.realtime_user,
        password=profile.realtime_password.get_secret_value(),
        sender_id=profile.sender_id,
        receiver_id=profile.realtime_receiver,
        plain=profile.realtime_plain,
        connect_timeout_s=flow.connect_timeout_s,
        io_timeout_s=flow.io_timeout_s,
    )


def sftp_config(connection: Connection, flow: FlowSettings) -> SftpConfig:
    return SftpConfig(
        host=connection.host,
        port=connection.port,
        username=connection.username,
        password=connection.password.get_secret_value() if connection.password else None,
        private_key=connection.private_key.get_secret_value() if connection.private_key else None,
        host_key=connection.host_key,
        connect_timeout_s=flow.connect_timeout_s,
        io_timeout_s=flow.io_timeout_s,
    )
