"""The environment of the embedded system: what the product needs to know, kept under `var/` between runs."""

import base64
import os
from pathlib import Path

from local.servers import Servers

SECRET_MODE = 0o600


def wrapping_key(var: Path) -> str:
    """The key that wraps tenants' keys here: made once, readable by its owner alone."""
    path = var / "keys"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET_MODE)
        with os.fdopen(descriptor, "w") as file:
            file.write("local:" + base64.b64encode(os.urandom(32)).decode())
    return path.read_text().strip()


def environment(var: Path, servers: Servers) -> dict[str, str]:
    """The product's variables for the system under `var`; those that are set already stay as they are."""
    return {
        **servers.environment(),
        "CLAIMRAIL_KEYS": os.environ.get("CLAIMRAIL_KEYS") or wrapping_key(var),
        "CLAIMRAIL_CLOCK_FILE": os.environ.get("CLAIMRAIL_CLOCK_FILE") or str((var / "clock").absolute()),
    }
