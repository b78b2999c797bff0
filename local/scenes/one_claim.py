"""What scenes about one claim and its versions need: its story, to wait for what it tells, and to hold it to that."""

from collections.abc import Callable
from dataclasses import dataclass

from local.scenes.play import NotAsExpected
from local.scenes.waiting import Say, Seen, until
from local.whole import Whole
from pipeline.services.story import Story, story

BILLER = "ana"


@dataclass(slots=True)
class OneClaim:
    """A scene of this title about the claim of this id."""

    running: Whole
    say: Say
    title: str
    external_id: str

    def _story(self) -> Story:
        return story(self.running.product.context, self.running.org_id, BILLER, self.external_id)

    def _pass(self, seconds: float) -> None:
        """Lets business time pass, and a minute more."""
        self.running.product.context.clock.advance(int(seconds) + 60)

    def _until(self, what: str, look: Callable[[], Seen | None]) -> Seen:
        return until(self.running, self.title, what, look, self._seen)

    def _must(self, so: bool, what: str) -> None:
        if not so:
            raise NotAsExpected(f"{self.title}: not so: {what}. {self._seen()}")

    def _seen(self) -> str:
        told = self._story()
        versions = ", ".join(f"version {one.version} {one.state}" for one in told.versions)
        return f"Seen: {versions}; {told.money}; {told.tracking}"
