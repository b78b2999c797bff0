"""Mailbox profiles as the environment describes them: what `claimrail init` seeds and `claimrail doctor` compares."""

from collections.abc import Callable
from typing import TypeVar

from pydantic import SecretStr, ValidationError

from pipeline.domain.errors import ConfigurationError
from pipeline.domain.mailbox import BankProfile, ClearinghouseProfile, Connection, Mode, UploadStyle
from pipeline.settings import BankSettings, OfficeAllySettings

_Made = TypeVar("_Made")
_OFFICEALLY, _BANK = "OFFICEALLY_", "CLAIMRAIL_BANK_"


def clearinghouse_profile(settings: OfficeAllySettings) -> tuple[Mode, ClearinghouseProfile]:
    """The Office Ally mailbox; ConfigurationError names every variable that is missing or does not fit."""
    needed = (
        "interchange_id",
        "submitter_name",
        "submitter_id",
        "contact_phone",
        "ftp_host",
        "ftp_user",
        "ftp_host_key",
    )
    secrets = ("ftp_password", "ftp_private_key")
    _require(_OFFICEALLY, settings, needed, secrets)
    return Mode(settings.mode), _fitting(_OFFICEALLY, lambda: _clearinghouse(settings))


def _clearinghouse(settings: OfficeAllySettings) -> ClearinghouseProfile:
    return ClearinghouseProfile(
        connection=_connection(
            settings.ftp_host,
            settings.ftp_port,
            settings.ftp_user,
            settings.ftp_password,
            settings.ftp_private_key,
            settings.ftp_host_key,
        ),
        upload_folder=settings.sftp_directory,
        staging_folder=settings.sftp_staging_directory,
        pickup_folder=settings.sftp_outbound_directory,
        upload_style=UploadStyle.STAGING if settings.sftp_staging_directory else UploadStyle.SUFFIX,
        min_gap_s=settings.min_gap_s,
        files_per_hour=settings.files_per_hour,
        poll_interval_s=settings.poll_interval_s,
        sender_id=settings.interchange_id or "",
        receiver_qualifier=settings.receiver_qualifier,
        receiver_id=settings.trading_partner_id,
        group_sender=settings.submitter_id or "",
        group_receiver=settings.group_receiver,
        submitter_name=settings.submitter_name or "",
        submitter_id=settings.submitter_id or "",
        contact_name=settings.contact_name,
        contact_phone=settings.contact_phone or "",
        claims_per_set=settings.claims_per_set,
        claims_per_file=settings.claims_per_file,
        status_window_days=settings.status_window_days,
        silence_alarm_h=settings.silence_alarm_h,
        realtime_url=settings.realtime_url,
        realtime_user=settings.realtime_user,
        realtime_password=settings.realtime_password,
        realtime_receiver=settings.realtime_receiver,
        realtime_plain=settings.realtime_plain,
    )


def bank_profile(settings: BankSettings) -> BankProfile:
    """The bank's mailbox; ConfigurationError names every variable that is missing or does not fit."""
    needed = ("host", "user", "host_key", "destination", "origin", "odfi", "company_id")
    _require(_BANK, settings, needed, ("password",))
    return _fitting(_BANK, lambda: _bank(settings))


def _bank(settings: BankSettings) -> BankProfile:
    return BankProfile(
        connection=_connection(settings.host, settings.port, settings.user, settings.password, None, settings.host_key),
        upload_folder=settings.upload_directory,
        staging_folder=settings.staging_directory,
        pickup_folder=settings.pickup_directory,
        upload_style=UploadStyle.STAGING if settings.staging_directory else UploadStyle.SUFFIX,
        min_gap_s=settings.min_gap_s,
        files_per_hour=settings.files_per_hour,
        poll_interval_s=settings.poll_interval_s,
        destination=settings.destination or "",
        destination_name=settings.destination_name,
        origin=settings.origin or "",
        origin_name=settings.origin_name,
        odfi=settings.odfi or "",
        company_name=settings.company_name,
        company_id=settings.company_id or "",
    )


def _require(
    prefix: str, settings: OfficeAllySettings | BankSettings, names: tuple[str, ...], secrets: tuple[str, ...]
) -> None:
    """Every one of `names` and one of `secrets`, else ConfigurationError."""
    missing = [f"{prefix}{name.upper()}" for name in names if not getattr(settings, name)]
    if not any(getattr(settings, name) for name in secrets):
        missing.append(" or ".join(f"{prefix}{name.upper()}" for name in secrets))
    if missing:
        raise ConfigurationError(f"not set: {', '.join(missing)}; set them in the environment or in .env")


def _fitting(prefix: str, make: Callable[[], _Made]) -> _Made:
    """What `make` gives. The fields that bear limits have their variables' names."""
    try:
        return make()
    except ValidationError as error:
        told = "; ".join(
            f"{prefix}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}"
            for e in error.errors(include_input=False, include_url=False)
        )
        raise ConfigurationError(f"does not fit: {told}") from None


def _connection(
    host: str | None,
    port: int,
    user: str | None,
    password: SecretStr | None,
    private_key: SecretStr | None,
    host_key: str | None,
) -> Connection:
    return Connection(
        host=host or "",
        port=port,
        username=user or "",
        password=password,
        private_key=private_key,
        host_key=host_key or "",
    )
