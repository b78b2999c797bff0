"""Workers' and beat's logs, through the logging that Celery set up."""

import logging

from pipeline import logs
from pipeline.settings import LogSettings


def configure(logger: logging.Logger) -> None:
    """Tells events of ours and of libraries through the logger's handlers, and quiets those that tell each step."""
    logs.configure_through(logger.handlers, LogSettings().format)
    logging.getLogger("paramiko").setLevel(logging.WARNING)
