"""Workers' logs: one line an event as key=value, through the logging that Celery set up. Ids and codes, never values."""

import logging

import structlog


def configure() -> None:
    """Sends structlog's events to the standard logging and quiets libraries that tell each step."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.LogfmtRenderer(key_order=["event", "level", "stage", "subject", "org"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("paramiko").setLevel(logging.WARNING)
