"""Logs: one line an event, with the ids to look further by. Ids, codes, counts and our own words; never a claim's values.

What a stage finds out about its subject (`tell`) stands in every later line of the same run, that of its end included.
"""

import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars, merge_contextvars
from structlog.processors import JSONRenderer, LogfmtRenderer, TimeStamper
from structlog.stdlib import ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import Processor

Form = Literal["console", "json"]
"""`console` is for people's eyes, `json` for a collector: one object a line."""

_KEYS = ["event", "level", "stage", "org_id", "lot_id", "file_id", "mailbox_id", "inbound_file_id", "control_number"]
_STAMP = TimeStamper(fmt="iso", utc=True, key="at")

tell = bind_contextvars
"""`tell(file_id=7)`: every line from here to the end of the scope says so."""


@contextmanager
def scope(**facts: Any) -> Iterator[None]:
    """What is told within ends with it; `facts` are told at once. Nested, the outer one's facts come back."""
    before = get_contextvars()
    tell(**facts)
    try:
        yield
    finally:
        clear_contextvars()
        tell(**before)


def ids(numbers: Iterable[int]) -> str:
    """Many ids in few characters: 1-300,305."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def place(error: BaseException) -> str:
    """Class, module and line of what was raised: enough to find it. Its text might quote a row."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = "?" if trace is None else f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
    return f"{type(error).__name__} at {where}"


def configure(form: Form, level: int = logging.INFO) -> None:
    """Events of this process go to standard error: for commands and the API."""
    as_json: list[Processor] = [merge_contextvars, add_log_level, _STAMP, JSONRenderer()]
    structlog.configure(
        processors=as_json if form == "json" else None,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def configure_through(handlers: Sequence[logging.Handler], form: Form) -> None:
    """Events go through the standard logging's `handlers`, and what libraries log there is told as ours is."""
    last = (
        ProcessorFormatter.wrap_for_formatter if form == "json" else LogfmtRenderer(key_order=_KEYS, drop_missing=True)
    )
    structlog.configure(
        processors=[merge_contextvars, add_log_level, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    for handler in handlers:
        handler.addFilter(_without_texts)
        if form == "json":
            handler.setFormatter(_json())


def _json() -> logging.Formatter:
    return ProcessorFormatter(
        foreign_pre_chain=[merge_contextvars, add_log_level, add_logger_name],
        processors=[_STAMP, ProcessorFormatter.remove_processors_meta, JSONRenderer()],
    )


def _without_texts(record: logging.LogRecord) -> bool:
    """An error that a library logs is told by class and place too: neither its text nor its trace."""
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if error is not None:
        record.exc_info = record.exc_text = None
        if isinstance(record.args, dict) and "exc" in record.args:  # Celery's own line about a task that raised
            record.args = {**record.args, "exc": place(error), "traceback": ""}
        else:
            record.msg, record.args = f"{record.getMessage()}: {place(error)}", ()
    return True
