"""What the sandbox is told: one JSON object in a file. Every key but ``root`` has a default.

| key | meaning | default |
|---|---|---|
| root | folder that holds everything the sandbox knows; made if absent | required |
| host | address to listen on | 127.0.0.1 |
| port | TCP port; 0 picks a free one and keeps it in ``root/port`` for the next start | 0 |
| realtime_port | TCP port of the real-time service, on loopback; 0 picks a free one and keeps it in ``root/realtime_port`` | 0 |
| realtime_id | whom real-time questions are addressed to | OFFALLY |
| users | user name to password, for the users ``oa`` (clearinghouse), ``bank`` and ``provider`` (a payee of ours) | plainly invented ones |
| clock_file | text file with the business clock's offset in seconds; absent file or key: none | null |
| journal | the append-only journal | root/journal.jsonl |
| judge_fraction | share of 837 files that pyx12 judges while the clock runs | 1.0 |
| seed | which files that share falls on | 1 |
| poll_s | pause between two looks at the folders | 0.2 |
| clearinghouse_id, clearinghouse_name | identifier and name in what the clearinghouse sends | 330897513, OFFICE ALLY |
| era_writer | who writes the 835 files: ``own``, our codec, or ``oxedi``, an outside one | own |
| answers | what the clearinghouse answers claims with: ``x12`` (999, 277CA), ``text`` (File Summary, EDI Status) or ``both`` | x12 |
| deposits | how the bank tells of payers' money: ``ach`` (CCD+ entries), ``bai2`` (a report) or ``both``; a report tells of our own files too | ach |
| delays | business seconds before each answer, see ``Delays`` | a realistic rhythm |
| bank | the bank's own routing number and where deposits go, see ``BankConfig`` | invented |

Unknown keys are refused, so that a misspelt one is not taken for its default.
"""

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

USERS = ("oa", "bank", "provider")
_ANSWERS = ("x12", "text", "both")
_DEPOSITS = ("ach", "bai2", "both")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Business seconds from an event to its answer. All zero: everything at the next look.

    ``ack_s`` upload to 999; ``status_s`` 999 to the clearinghouse's 277CA or File Summary; ``payer_status_s`` that to the
    payer's 277CA or EDI Status;
    ``inquiry_s`` the 999 of a file of status inquiries to the payers' 277;
    ``remit_s`` upload to 835; ``correction_s`` 835 to reversal and correction;
    ``crossover_s`` 835 to that of the payer that the claim was passed on to; ``deposit_s`` 835 to its deposit;
    ``bank_ack_s`` NACHA upload to acknowledgment; ``return_s`` and ``noc_s`` that to the returns and notifications;
    ``dishonour_s`` a return to its dishonour; ``contest_s`` that to its contest.
    """

    ack_s: float = 0
    status_s: float = 0
    payer_status_s: float = 3600
    inquiry_s: float = 86400
    remit_s: float = 14 * 86400
    correction_s: float = 21 * 86400
    crossover_s: float = 5 * 86400
    deposit_s: float = 0
    bank_ack_s: float = 600
    return_s: float = 2 * 86400
    noc_s: float = 2 * 86400
    dishonour_s: float = 3 * 86400
    contest_s: float = 2 * 86400

    @classmethod
    def none(cls) -> "Delays":
        """Every answer at once."""
        return cls(**{item.name: 0 for item in fields(cls)})


@dataclass(frozen=True, slots=True, kw_only=True)
class BankConfig:
    """The bank's side of the deposits. Routing numbers have nine digits and a right check digit; both are invented."""

    name: str = "SANDBOX BANK"
    routing: str = "091000080"
    deposit_routing: str = "091000080"
    deposit_account: str = "000200300"


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    """The keys above, typed. ``passwords`` is the key ``users``."""

    root: Path
    host: str = "127.0.0.1"
    port: int = 0
    passwords: dict[str, str] = field(
        default_factory=lambda: {user: f"{user}-sandbox-password" for user in USERS}, repr=False
    )
    clock_file: Path | None = None
    journal: Path
    judge_fraction: float = 1.0
    seed: int = 1
    poll_s: float = 0.2
    realtime_port: int = 0
    realtime_id: str = "OFFALLY"
    clearinghouse_id: str = "330897513"
    clearinghouse_name: str = "OFFICE ALLY"
    era_writer: str = "own"
    answers: str = "x12"
    deposits: str = "ach"
    delays: Delays = field(default_factory=Delays)
    bank: BankConfig = field(default_factory=BankConfig)

    def __post_init__(self) -> None:
        if self.era_writer not in {"own", "oxedi"}:
            raise ValueError("era_writer is own or oxedi")
        if self.answers not in _ANSWERS:
            raise ValueError(f"answers is one of {', '.join(_ANSWERS)}, not {self.answers!r}")
        if self.deposits not in _DEPOSITS:
            raise ValueError(f"deposits is one of {', '.join(_DEPOSITS)}, not {self.deposits!r}")

    @property
    def answers_x12(self) -> bool:
        """Whether claims are answered by 999 and 277CA. The 835 comes in any case."""
        return self.answers != "text"

    @property
    def answers_text(self) -> bool:
        """Whether claims are answered by text reports."""
        return self.answers != "x12"

    @classmethod
    def load(cls, path: Path) -> "SandboxConfig":
        """From a JSON file; ValueError or TypeError names what is wrong."""
        return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> "SandboxConfig":
        rest = dict(given)
        root = Path(rest.pop("root")).absolute()
        clock = rest.pop("clock_file", None)
        typed: dict[str, Any] = {
            "root": root,
            "clock_file": Path(clock).absolute() if clock else None,
            "journal": Path(rest.pop("journal", None) or root / "journal.jsonl").absolute(),
            "delays": Delays(**rest.pop("delays", {})),
            "bank": BankConfig(**rest.pop("bank", {})),
        }
        if "users" in rest:
            typed["passwords"] = dict(rest.pop("users"))
        return cls(**typed, **rest)

    def home(self, user: str) -> Path:
        """The folder that a user sees as its root."""
        return self.root / user

    @property
    def control(self) -> Path:
        """The file of faults, see ``sandbox.faults``."""
        return self.root / "control.json"
