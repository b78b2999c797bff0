"""Faults of the partners: their server, their disk, their rights, and what they put out."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from sandbox.journal import read_journal
from tests.chaos.bed import Bed
from tests.chaos.faults import Fault

_TRAILER = re.compile(rb"\bSE\*(\d+)\*")


class Misbehaves(Fault):
    """The sandbox does something wrong for a while. Hits are what its journal tells of it."""

    tells: ClassVar[tuple[str, ...]] = ()

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.for_s = rng.uniform(0.6, 2.0)

    def how(self) -> dict[str, Any]:
        raise AssertionError(self.kind)

    def strike(self, bed: Bed) -> None:
        self._before = self._told(bed)
        bed.misbehave(self, self.how())
        if not self.tells:
            self.hits = 1

    def mend(self, bed: Bed) -> None:
        bed.misbehave(self)
        if self.tells:
            self.hits = self._told(bed) - self._before

    def _told(self, bed: Bed) -> int:
        lines = read_journal(bed.running.journal, "fault", "cut")
        return sum(line.get("what", line["kind"]).startswith(self.tells or "-") for line in lines)


class _CutStep(Misbehaves):
    key: ClassVar[str] = ""
    step: ClassVar[str] = ""

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.for_s = 1.6
        self._times = rng.randint(1, 2)

    def how(self) -> dict[str, Any]:
        return {self.key: {self.step: self._times}}


def _cut_steps() -> Iterator[type[Fault]]:
    """A kind for each step of a transfer, before and after its effect."""
    for step in ("open", "write", "close", "stat", "rename"):
        for key, word in (("cut_requests", "cut before"), ("cut_replies", "reply lost of")):
            names = {"kind": f"SFTP: {word} {step.upper()}", "key": key, "step": step, "tells": (f"{key} {step}",)}
            yield type(f"{key}_{step}", (_CutStep,), names)


class UploadCut(Misbehaves):
    kind = "SFTP: cut in mid-upload"
    tells = ("cut",)

    def how(self) -> dict[str, Any]:
        return {"cut_upload_after_bytes": self.rng.choice((0, 500, 4000)), "cut_times": 2}


class DiskFull(Misbehaves):
    kind = "SFTP: disk full"
    tells = ("no_space",)

    def how(self) -> dict[str, Any]:
        return {"no_space": True}


class RightsRefused(Misbehaves):
    kind = "SFTP: permission refused"
    tells = ("refuse ",)

    def how(self) -> dict[str, Any]:
        return {"refuse": [self.rng.choice(("open", "write", "rename", "stat"))]}


class LoginRefused(Misbehaves):
    """The connections that live are cut as well, so that somebody logs in."""

    kind = "SFTP: login refused"
    tells = ("refuse_login",)

    def how(self) -> dict[str, Any]:
        return {"refuse_login": ["oa", "bank"], "cut_requests": {"open": 4, "stat": 4}}


class HostKeyChanged(Misbehaves):
    kind = "SFTP: host key changed"
    tells = ("cut_requests",)  # who was cut comes back and sees the other key

    def how(self) -> dict[str, Any]:
        return {"other_host_key": True, "cut_requests": {"open": 2, "stat": 2}}


class HalfAnswers(Misbehaves):
    kind = "answers: half-written for a while"

    def how(self) -> dict[str, Any]:
        return {"half_answers_s": self.rng.uniform(0.2, 0.6)}


class OutOfOrder(Misbehaves):
    """The money comes before any word about the claims."""

    kind = "answers: out of order"

    def how(self) -> dict[str, Any]:
        return {"hold": ["999", "277ca", "277ca_payer"]}


class Late(Misbehaves):
    kind = "answers: late"

    def how(self) -> dict[str, Any]:
        return {"hold": self.rng.sample(("999", "277ca", "835", "deposit", "bank_ack"), 2)}


class SweptAtOnce(Misbehaves):
    kind = "SFTP: uploads gone at once"

    def how(self) -> dict[str, Any]:
        return {"sweep_at_once": True}


class _PutOut(Fault):
    """Something is done with a file that a partner has put out."""

    def strike(self, bed: Bed) -> None:
        # One that its partner still writes is left alone: the copy of a half would never become whole.
        told = {line["name"]: line["bytes"] for line in read_journal(bed.running.journal, "file_out")}
        found = sorted(
            path
            for path in bed.running.sandbox_root.glob("*/outbound/*")
            if re.search(r"\d{10}", path.name) and path.stat().st_size == told.get(path.name) and self.fits(path)
        )
        if found:
            path = self.rng.choice(found)
            self.put(bed, path, path.with_name(re.sub(r"\d{10}", self._number, path.name, count=1)))
            self.hits = 1

    @property
    def _number(self) -> str:
        return str(self.rng.randrange(7_000_000_000, 8_000_000_000))

    def fits(self, path: Path) -> bool:
        return True

    def put(self, bed: Bed, path: Path, other: Path) -> None:
        raise AssertionError(self.kind)


def lay(path: Path, data: bytes) -> None:
    """Whole at once, as far as a reader sees."""
    fresh = path.parent.parent / f".{path.name}.new"
    fresh.write_bytes(data)
    fresh.replace(path)


class Twice(_PutOut):
    kind = "answers: the same file twice"

    def put(self, bed: Bed, path: Path, other: Path) -> None:
        lay(other, path.read_bytes())


class Touched(_PutOut):
    kind = "answers: the same name again"

    def put(self, bed: Bed, path: Path, other: Path) -> None:
        path.touch()


class WrongCounts(_PutOut):
    """Its trailers do not tell what is in it; nothing of it may count."""

    kind = "answers: wrong counts"

    def fits(self, path: Path) -> bool:
        return _TRAILER.search(path.read_bytes()) is not None

    def put(self, bed: Bed, path: Path, other: Path) -> None:
        lay(other, _TRAILER.sub(rb"SE*9\1*", path.read_bytes()))


FAULTS: tuple[type[Fault], ...] = (
    UploadCut,
    DiskFull,
    RightsRefused,
    LoginRefused,
    HostKeyChanged,
    HalfAnswers,
    OutOfOrder,
    Late,
    SweptAtOnce,
    Twice,
    Touched,
    WrongCounts,
    *_cut_steps(),
)
