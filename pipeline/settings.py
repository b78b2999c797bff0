"""Settings, read once from the environment (and `.env`), typed and nested; secrets are masked in every repr.

The OFFICEALLY_ names are the customer's own and stay as they are. They seed the first mailbox when a tenant is set up;
afterwards the encrypted rows rule, and `claimrail doctor` says where the two differ.
"""

import base64
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_COMMON = {
    "env_file": ".env",
    "env_ignore_empty": True,
    "extra": "ignore",
    "frozen": True,
    "hide_input_in_errors": True,  # the input is the environment, secrets and all
}


class OfficeAllySettings(BaseSettings):
    """The clearinghouse account, under the names of the customer's own papers."""

    model_config = SettingsConfigDict(env_prefix="OFFICEALLY_", **_COMMON)  # type: ignore[typeddict-item]

    enabled: bool = Field(False, description="false holds every file in RESERVED: nothing leaves")
    interchange_id: str | None = Field(None, description="ISA06")
    trading_partner_id: str = Field("330897513", description="ISA08 and the receiver of 1000B")
    submitter_name: str | None = Field(None, description="1000A NM103")
    submitter_id: str | None = Field(None, description="1000A NM109 and GS02")
    contact_name: str = Field("BILLING OFFICE", description="1000A PER02")
    contact_phone: str | None = Field(None, description="1000A PER04")
    default_npi: str | None = Field(None, description="NPI of the default billing provider")
    ftp_host: str | None = None
    ftp_port: int = 22
    ftp_user: str | None = None
    ftp_password: SecretStr | None = None
    ftp_private_key: SecretStr | None = None
    ftp_host_key: str | None = Field(None, description="pinned host key as in known_hosts: 'ssh-ed25519 AAAA…'")
    sftp_directory: str = Field("inbound", description="where files are uploaded to")
    sftp_outbound_directory: str = Field("outbound", description="where the answers lie")
    sftp_staging_directory: str | None = Field(None, description="where a file is written before it is renamed")
    receiver_qualifier: str = Field("ZZ", description="ISA07: ZZ or 30; never 01")
    group_receiver: str = Field("330897513", description="GS03")
    mode: Literal["T", "P"] = Field("T", description="test or production: ISA15, the file name and the mailbox agree")
    claims_per_set: int = 10
    claims_per_file: int = 300
    min_gap_s: float = Field(60, description="shortest time between two files")
    files_per_hour: int | None = Field(None, description="no 60 minutes see more files; None: no limit")
    poll_interval_s: float = 300
    silence_alarm_h: int = Field(72, description="a file without any answer so long is told to a person")
    status_window_days: int = Field(7, description="a claim without a payer's answer so long is asked about")
    realtime_url: str | None = Field(None, description="where questions about coverage are answered at once")
    realtime_user: str | None = None
    realtime_password: SecretStr | None = None
    realtime_receiver: str = Field("OFFALLY", description="ReceiverID, ISA08 and GS03 of what is asked at once")
    realtime_plain: bool = Field(False, description="allows http to this machine, in test mode: for the sandbox")

    @field_validator("receiver_qualifier")
    @classmethod
    def _no_duns(cls, value: str) -> str:
        if value == "01":
            raise ValueError("ISA07 01 is a DUNS number, which the clearinghouse is not known by; use ZZ or 30")
        return value


class BankSettings(BaseSettings):
    """The bank that payments leave through."""

    model_config = SettingsConfigDict(env_prefix="CLAIMRAIL_BANK_", **_COMMON)  # type: ignore[typeddict-item]

    host: str | None = None
    port: int = 22
    user: str | None = None
    password: SecretStr | None = None
    host_key: str | None = None
    upload_directory: str = "inbound"
    pickup_directory: str = "outbound"
    staging_directory: str | None = None
    destination: str | None = Field(None, description="immediate destination, 9 digits")
    destination_name: str = ""
    origin: str | None = Field(None, description="immediate origin, 9 or 10 characters, as the bank assigned it")
    origin_name: str = ""
    odfi: str | None = Field(None, description="first 8 digits of the bank's routing number")
    company_name: str = ""
    company_id: str | None = Field(None, description="10 characters")
    min_gap_s: float = 60
    files_per_hour: int | None = None
    poll_interval_s: float = 300


class FlowSettings(BaseSettings):
    """Sizes and intervals of the flow; times in seconds."""

    model_config = SettingsConfigDict(env_prefix="CLAIMRAIL_FLOW_", **_COMMON)  # type: ignore[typeddict-item]

    lot_size: int = 300
    lots_a_turn: int = 4
    lease_s: float = 60
    transfer_lease_s: float = 300
    sweep_interval_s: float = 10
    sweep_limit: int = 500
    retry_base_s: float = 5
    retry_ceiling_s: float = 900
    login_backoff_s: float = 1800
    incomplete_after_s: float = 600
    watch_interval_s: float = Field(60, gt=0, description="between two looks at what waits too long")
    decision_window_days: int = Field(30, ge=1, description="from a payer's acceptance to an alarm without an 835")
    finalised_window_days: int = Field(
        14, ge=1, description="from a payer's word that it decided to an alarm without an 835"
    )
    release_delay_s: float = 30
    eligibility_kept_h: float = Field(
        24, ge=0, description="so long the same question about coverage is not asked again"
    )
    max_tries: int = 4
    collision_tries: int = Field(3, ge=1)
    collision_pause_s: float = 0.1
    submissions_per_claim: int = 4
    secondary_claims: Literal["automatic", "by_hand"] = Field(
        "automatic", description="who bills the next payer after an 835: the flow, or a person's word alone"
    )
    held_from_sets: int = 3
    restore_margin: int = Field(1000, ge=1, description="numbers of a series that are left out after a restore")
    connect_timeout_s: float = 15
    io_timeout_s: float = 60


class LogSettings(BaseSettings):
    """How log lines look. Read apart: Celery sets its logging up before anything else is needed."""

    model_config = SettingsConfigDict(env_prefix="CLAIMRAIL_LOG_", **_COMMON)  # type: ignore[typeddict-item]

    format: Literal["console", "json"] = Field("console", description="for people's eyes, or an object a line")


class BrokerSettings(BaseSettings):
    """Where the doorbell hangs. Read apart, so that Celery can be configured before anything else is needed."""

    model_config = SettingsConfigDict(**_COMMON)  # type: ignore[typeddict-item]

    redis_url: SecretStr | None = Field(None, validation_alias="REDIS_URL")
    sentinel_master: str | None = Field(None, validation_alias="REDIS_SENTINEL_MASTER")
    sentinel_password: SecretStr | None = Field(None, validation_alias="REDIS_SENTINEL_PASSWORD")

    @property
    def transport_options(self) -> dict[str, Any]:
        """What kombu needs to know of the Sentinels, none where there are none; with their password, if they have one."""
        if not self.celery_url.startswith("sentinel://"):
            return {}
        password = self.sentinel_password.get_secret_value() if self.sentinel_password else None
        return {"master_name": self.sentinel_master, "sentinel_kwargs": {"password": password} if password else {}}

    @model_validator(mode="after")
    def _master_is_named(self) -> Self:
        if self.celery_url.startswith("sentinel://") and not self.sentinel_master:
            raise ValueError("REDIS_URL names Sentinels: REDIS_SENTINEL_MASTER must name the master they watch")
        return self

    @property
    def celery_url(self) -> str:
        """The URL as Celery wants it: `unix://` sockets are `redis+socket://` there."""
        url = self.redis_url.get_secret_value() if self.redis_url else "redis://127.0.0.1:6379/0"
        return "redis+socket" + url.removeprefix("unix") if url.startswith("unix://") else url


class Settings(BaseSettings):
    """Everything. `Settings()` reads the environment; nothing below the composition root does."""

    model_config = SettingsConfigDict(env_prefix="CLAIMRAIL_", **_COMMON)  # type: ignore[typeddict-item]

    environment: str = Field("development", description="named in the installation row: production, test, demo …")
    database_url: SecretStr = Field(validation_alias="DATABASE_URL")
    database_owner_url: SecretStr | None = Field(None, validation_alias="DATABASE_OWNER_URL")
    redis_url: SecretStr = Field(validation_alias="REDIS_URL")
    keys: SecretStr = Field(description="wrapping keys: 'id:base64 of 32 bytes', several separated by commas")
    current_key: str | None = Field(
        None, description="id of the key that new values are wrapped with; default: the last"
    )
    clock_file: Path | None = Field(None, description="whole seconds that business time is ahead; for demonstrations")
    rules_folder: Path | None = Field(None, description="folder with payers.csv, instead of the rules that come along")
    codes_folder: Path | None = Field(None, description="folder with code lists that replace those that come along")
    ring: bool = Field(True, description="false: publish nothing, the sweep finds all work")
    hook_token: SecretStr | None = Field(None, description="what callers of POST /hooks/claims-ready must show")
    flower_auth: SecretStr | None = Field(None, description="user:password; needed when Flower is not on loopback")
    pool_size: int = 3
    retention_years: int = Field(6, ge=6, description="how long history, audit and bytes are kept at the least")
    statement_timeout_s: float = Field(
        60, gt=0, description="a statement that takes longer is given up and tried later"
    )
    lock_timeout_s: float = Field(10, gt=0, description="the same for one that waits for another's lock")
    idle_timeout_s: float = Field(
        120, gt=0, description="a transaction that says nothing for longer is ended, and its locks with it"
    )
    metrics_max_age_s: float = Field(10, description="so long the numbers of /metrics are told again before new ones")

    office_ally: OfficeAllySettings = Field(default_factory=OfficeAllySettings)
    bank: BankSettings = Field(default_factory=BankSettings)
    flow: FlowSettings = Field(default_factory=FlowSettings)
    log: LogSettings = Field(default_factory=LogSettings)
    broker: BrokerSettings = Field(default_factory=BrokerSettings)

    @cached_property
    def wrapping_keys(self) -> dict[str, bytes]:
        """The keys by id; ValueError names the entry that is not `id:base64 of 32 bytes`, never what it holds."""
        keys: dict[str, bytes] = {}
        for number, part in enumerate(self.keys.get_secret_value().split(","), 1):
            name, colon, encoded = (piece.strip() for piece in part.partition(":"))
            try:
                key = base64.b64decode(encoded, validate=True)
            except ValueError:
                key = None
            if key is None or not colon or not 1 <= len(name) <= 40:
                raise ValueError(f"CLAIMRAIL_KEYS: entry {number} is not id:base64 (the id has 1 to 40 characters)")
            if len(key) != 32:
                raise ValueError(f"CLAIMRAIL_KEYS: key {name!r} has {len(key)} bytes; 32 are needed")
            if name in keys:
                raise ValueError(f"CLAIMRAIL_KEYS: entry {number} repeats the id {name!r}")
            keys[name] = key
        return keys

    @property
    def wrapping_key(self) -> str:
        """The id of the key that new values are wrapped with; ValueError when it is not among the keys."""
        keys = self.wrapping_keys
        if self.current_key is not None and self.current_key not in keys:
            raise ValueError(f"CLAIMRAIL_CURRENT_KEY: {self.current_key!r} is not among CLAIMRAIL_KEYS")
        return self.current_key or list(keys)[-1]

    @property
    def owner_url(self) -> str:
        return (self.database_owner_url or self.database_url).get_secret_value()
