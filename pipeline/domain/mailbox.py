"""A mailbox: one SFTP account at one partner, and everything that partner wants to be told about us."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_serializer, field_validator

from pipeline.domain.payment import PayeeKind


class Mode(StrEnum):
    """ISA15. A mailbox has one mode for life; a file of the other mode never enters it."""

    TEST = "T"
    PRODUCTION = "P"


class UploadStyle(StrEnum):
    STAGING = "staging"  # write in another folder, rename into place
    SUFFIX = "suffix"  # write beside the final name, rename
    DIRECT = "direct"  # the partner allows no rename: an interrupted write has no safe retry


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many files may set out at once, and how long it takes until another one may."""

    at_once: int
    every_s: float


class Connection(BaseModel):
    """Where the account is and what proves who both sides are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    port: int = 22
    username: str
    password: SecretStr | None = None
    private_key: SecretStr | None = None
    host_key: str = Field(description="pinned, as in known_hosts: type and base64, e.g. 'ssh-ed25519 AAAA…'")

    @field_serializer("password", "private_key", when_used="json")
    def _reveal(self, value: SecretStr | None) -> str | None:
        # Serialised only to be sealed.
        return None if value is None else value.get_secret_value()


class Profile(BaseModel):
    """What clearinghouse and bank mailboxes share; lengths of time in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connection: Connection
    upload_folder: str
    staging_folder: str | None = None
    pickup_folder: str
    archive_folder: str | None = Field(
        None, description="where the partner shows what it took of ours, if it does; only `reconcile` looks there"
    )
    upload_style: UploadStyle = UploadStyle.STAGING
    delete_after_read: bool = False
    min_gap_s: float = Field(0, ge=0, description="shortest time between two files")
    files_per_hour: int | None = Field(None, ge=1, description="no 60 minutes see more; None: as many as come")
    poll_interval_s: float = Field(300, gt=0)

    @property
    def paced(self) -> bool:
        """Whether the partner wants to be spared: then one file is carried at a time."""
        return self.min_gap_s > 0 or self.files_per_hour is not None

    @property
    def allowance(self) -> Allowance | None:
        """Half of an hour's files at once, the others spread so that no 60 minutes, wherever they begin, see more."""
        if self.files_per_hour is None:
            return None
        at_once = (self.files_per_hour + 1) // 2
        return Allowance(at_once, 3600 / (self.files_per_hour - at_once + 1))


class ClearinghouseProfile(Profile):
    kind: Literal["clearinghouse"] = "clearinghouse"
    sender_qualifier: str = "ZZ"  # ISA05
    sender_id: str  # ISA06
    receiver_qualifier: str = "ZZ"  # ISA07
    receiver_id: str = "330897513"  # ISA08
    group_sender: str  # GS02
    group_receiver: str = "330897513"  # GS03
    submitter_name: str  # 1000A NM103
    submitter_id: str  # 1000A NM109
    contact_name: str
    contact_phone: str
    receiver_name: str = "OFFICE ALLY"  # 1000B NM103
    claims_per_set: int = Field(10, ge=1, le=5000)
    claims_per_file: int = Field(300, ge=1, le=5000)
    status_window_days: int = Field(7, ge=1)  # so long after sending the clearinghouse reports what payers say
    silence_alarm_h: int = Field(72, ge=1)  # a file without any answer so long is told to a person
    realtime_url: str | None = Field(
        None, description="where questions about coverage are answered at once; None: nowhere"
    )
    realtime_user: str | None = None
    realtime_password: SecretStr | None = None
    realtime_receiver: str = Field("OFFALLY", description="ReceiverID, ISA08 and GS03 of what is asked at once")
    realtime_plain: bool = Field(False, description="allows http to this machine, in test mode: for the sandbox")

    @field_serializer("realtime_password", when_used="json")
    def _reveal(self, value: SecretStr | None) -> str | None:
        # Serialised only to be sealed.
        return None if value is None else value.get_secret_value()


class OffsetAccount(BaseModel):
    """The originator's own account, from which a balanced file is paid."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    routing_number: str = Field(pattern=r"^\d{9}$")
    account_number: SecretStr = Field(min_length=1, max_length=17)
    name: str = Field(min_length=1, max_length=22, description="for CTX no more than 16 characters")
    savings: bool = False

    @field_serializer("account_number", when_used="json")
    def _reveal(self, value: SecretStr) -> str:
        # Serialised only to be sealed.
        return value.get_secret_value()


class BankProfile(Profile):
    kind: Literal["bank"] = "bank"
    destination: str = Field(pattern=r"^\d{9}$")  # immediate destination
    destination_name: str
    origin: str = Field(min_length=9, max_length=10)  # immediate origin
    origin_name: str
    odfi: str = Field(pattern=r"^\d{8}$")
    company_name: str = Field(max_length=16)
    company_id: str = Field(min_length=10, max_length=10)
    settlement_days: int = Field(1, ge=0, le=2, description="banking days from the file to its settlement")
    cutoffs: tuple[str, ...] = Field(
        (), description="times of day (HH:MM, Eastern) at which files are made; none: as soon as something may go"
    )
    same_day: bool = Field(False, description="the bank takes files for same-day settlement")
    same_day_lead_min: int = Field(
        30, ge=0, description="minutes by which the bank's deadline is before the operator's window"
    )
    offset: OffsetAccount | None = Field(
        None, description="our own account: each batch is balanced by an entry on it, for banks that ask for it"
    )
    prenotes: tuple[PayeeKind, ...] = Field((), description="kinds of payees whose new accounts are tried out first")
    details_hold_h: float = Field(24, ge=0, description="hours for which nothing is paid to changed bank details")
    answer_within_h: float = Field(
        4, gt=0, description="a file without any answer of the bank so long is told to a person"
    )
    return_days: int = Field(
        2, ge=1, le=60, description="banking days after settlement in which an entry may ordinarily come back"
    )
    answers: Literal["plain", "fedach", "confirmation"] = Field("plain", description="form of its acknowledgments")
    ties_out: bool = Field(False, description="its BAI2 reports tell what our files were charged: each must be told")
    advices: str | None = Field(None, description="name of the mailbox through which 835s beside disbursements leave")
    holds_for_providers: bool = Field(
        False, description="the account is not the billing providers': deposits are owed to them"
    )
    statement_name: str = Field(
        r".+\.bai2?(\.txt)?",
        description="pattern of the names of its BAI2 reports, whole and in either case of letters",
    )

    deviations: tuple[str, ...] | None = Field(
        None,
        description="how its ACH files depart from the rules, by names of docs/nacha.md; none given: any that has a name",
    )

    @field_validator("cutoffs", "prenotes", mode="before")
    @classmethod
    def _are_several(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("offset", mode="before")
    @classmethod
    def _is_an_object(cls, value: object) -> object:
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError:
            raise ValueError("offset is a JSON object with routing_number, account_number and name") from None

    @field_validator("cutoffs")
    @classmethod
    def _are_times(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", one) for one in value):
            raise ValueError("cutoffs are times of day, as 16:30")
        return tuple(sorted(set(value)))

    @field_validator("deviations", mode="before")
    @classmethod
    def _are_names(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("statement_name")
    @classmethod
    def _is_a_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error:
            raise ValueError("statement_name is no regular expression") from None
        return value


class AdviceProfile(Profile):
    """Where 835s beside our own disbursements go: to providers, or to whoever takes them in for them."""

    kind: Literal["advices"] = "advices"
    sender_qualifier: str = "ZZ"  # ISA05
    sender_id: str  # ISA06
    receiver_qualifier: str = "ZZ"  # ISA07
    receiver_id: str  # ISA08
    group_sender: str  # GS02
    group_receiver: str  # GS03


MailboxProfile = ClearinghouseProfile | BankProfile | AdviceProfile
AnyProfile = Annotated[MailboxProfile, Field(discriminator="kind")]
