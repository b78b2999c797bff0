"""What other programs say of an ACH file that we wrote."""

from achlens.core import validate


def judged_by_achlens(data: bytes) -> list[tuple[str, int | None]]:
    """Rule and line of each error that achlens finds; none for a file that it accepts."""
    return [
        (one.rule_id, one.line_number) for one in validate(data.decode("ascii")).findings if one.severity == "error"
    ]
