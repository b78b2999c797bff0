"""What a scraper is told: the record's numbers and the broker's queues, in Prometheus' text form."""

import time
from collections.abc import Callable, Iterator, Sequence
from threading import Lock

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from pipeline.services import metrics
from pipeline.services.metrics import METRICS, Measured

PREFIX = "claimrail_"
BROKER = {
    "broker_up": metrics.Metric("1 while the broker answers"),
    "queue_messages": metrics.Metric("messages that no worker has taken yet", ("queue",)),
    "broker_unacknowledged": metrics.Metric("messages that workers have taken and not finished"),
    "metrics_seconds": metrics.Metric("how long this measurement took"),
}
"""What is measured beside the record; docs/operations/metrics.md has a line for each."""
ALL = {**METRICS, **BROKER}


class Scrape:
    """The answer to a scrape. Measured at most once in `max_age_s`, however many ask, and by one at a time."""

    def __init__(self, sources: Sequence[Callable[[], Measured]], max_age_s: float) -> None:
        """Each source tells an outage as a number and does not raise."""
        self._sources = sources
        self._max_age_s = max_age_s
        self._lock = Lock()
        self._answer = b""
        self._until = float("-inf")

    def __call__(self) -> bytes:
        with self._lock:
            if time.monotonic() >= self._until:
                self._answer = self._measured()
                self._until = time.monotonic() + self._max_age_s
            return self._answer

    def _measured(self) -> bytes:
        began = time.monotonic()
        measured: Measured = {}
        for source in self._sources:
            measured |= source()
        measured["metrics_seconds"] = {(): time.monotonic() - began}
        return text(measured)


def text(measured: Measured) -> bytes:
    """The numbers as a scraper reads them. KeyError: a number whose metric nobody explained."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(measured))
    return generate_latest(registry)


class _Collected:
    """What prometheus-client asks for families; ours are made anew for every measurement."""

    def __init__(self, measured: Measured) -> None:
        self._measured = measured

    def collect(self) -> Iterator[Metric]:
        for name, numbers in sorted(self._measured.items()):
            told = ALL[name]
            make = CounterMetricFamily if told.kind == "counter" else GaugeMetricFamily
            family = make(f"{PREFIX}{name}", told.meaning, labels=told.labels)
            for labels, value in sorted(numbers.items()):
                family.add_metric(labels, value)
            yield family
