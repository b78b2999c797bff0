"""What commands print."""

import json


def parsed(result):
    """The JSON that a command printed."""
    return json.loads(result.stdout)
