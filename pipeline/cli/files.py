"""Files and exceptions at the terminal: list them, take one out byte for byte, look into any file."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli import app
from pipeline.cli.session import AsJson, Everything, Org, session
from pipeline.cli.show import clean, dollars, line, moment, printed_json, table

if TYPE_CHECKING:
    from edi.findings import Finding
    from edi.inspection import Inspection

_NEWEST = 50
_GROUPS, _PLACES, _ITEMS = 20, 3, 10
_ALL = 1_000_000
_UNREADABLE = 2


@app.command()
def exceptions(org: Org = None, as_json: AsJson = False, everything: Everything = False) -> None:
    """List what waits for a person, oldest first."""
    from pipeline.services import listings

    with session(org) as s:
        found = listings.open_exceptions(s.ctx, s.org_id, _ALL if everything or as_json else _NEWEST)
    if as_json:
        printed_json([asdict(one) for one in found])
        return
    rows = [
        (one.id, moment(one.created_at), one.type, one.clm01 or f"{one.subject_kind} {one.subject_id}",
         dollars(one.money_cents), one.reason)
        for one in found
    ]  # fmt: skip
    table(("id", "since (UTC)", "type", "about", "amount", "reason and cure"), rows, right=("id", "amount"))
    more = "" if everything or len(found) < _NEWEST else "; the oldest are shown, --all shows the rest"
    line(f"{len(found)} open{more}; `claimrail show CLAIM` tells the story")


@app.command()
def files(org: Org = None, as_json: AsJson = False, everything: Everything = False) -> None:
    """List the files that went out and came in, the newest last."""
    from pipeline.services import listings

    with session(org) as s:
        found = listings.files(s.ctx, s.org_id, _ALL if everything or as_json else _NEWEST)
    if as_json:
        printed_json([asdict(one) for one in found])
        return
    rows = [
        (one.ref, moment(one.at), one.kind, f"{one.name} (in {one.within})" if one.within else one.name,
         one.control_number, one.state, one.claims or None, dollars(one.amount_cents), one.note)
        for one in found
    ]  # fmt: skip
    columns = ("file", "at (UTC)", "kind", "name", "number", "state", "claims", "amount", "note")
    table(columns, rows, right=("number", "claims", "amount"))
    more = "" if everything or len(found) < _NEWEST else "; the newest are shown, --all shows the rest"
    line(f"{len(found)} files{more}; `claimrail export FILE --to PATH` takes one out")


@app.command()
def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="As `claimrail files` lists it: O12, I7.")],
    to: Annotated[Path, typer.Option("--to", metavar="PATH", help="A new file, or a folder.")],
    org: Org = None,
) -> None:
    """Take out the exact bytes of a file. That you did is written down."""
    from pipeline.domain.errors import CallerError
    from pipeline.services import listings

    with session(org) as s:
        found = listings.export(s.ctx, s.org_id, s.actor, file)
    # The name came from outside: only its last part is used.
    path = to / Path(found.name).name if to.is_dir() else to
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CallerError(f"{path} exists already, and is left alone") from None
    except OSError as error:
        raise CallerError(f"{path} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as target:
        target.write(found.data)
    line(f"{path}: {len(found.data)} bytes, sha256 {found.sha256}")


# -- inspect --------------------------------------------------------------------------------------------------------
@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE")],
    as_json: AsJson = False,
    everything: Everything = False,
) -> None:
    """Read any X12, NACHA or zip file: what it is, what is in it, what is wrong and where.

    Needs no database. Exit 0 clean, 1 findings, 2 unreadable.
    """
    from edi.inspection import inspect as inspected

    found = inspected(file.name, file.read_bytes())
    if as_json:
        printed_json(found.as_dict())
    else:
        _show(found, everything=everything)
        line({0: "clean", 1: "with findings", _UNREADABLE: "unreadable"}[found.exit_code], style="bold")
    raise typer.Exit(found.exit_code)


def _show(found: "Inspection", *, everything: bool, indent: str = "") -> None:
    line(f"{indent}{found.name}: {found.kind}", style="bold")
    for text in _told(found.summary, _ALL if everything else _ITEMS, indent + "  "):
        line(text)
    for text in _findings(found.findings, everything=everything):
        line(f"{indent}  {text}")
    shown = found.parts if everything else found.parts[:_ITEMS]
    for part in shown:
        _show(part, everything=everything, indent=indent + "    ")
    if len(shown) < len(found.parts):
        line(f"{indent}    … and {len(found.parts) - len(shown)} more members (--all shows them)")


def _told(summary: dict[str, Any], items: int, indent: str) -> list[str]:
    """A summary as lines: plain values by name, lists item by item up to `items`."""
    lines = []
    for name, value in summary.items():
        label = name.replace("_", " ")
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"{indent}{label}: {len(value)}")
            lines += [f"{indent}  - {_flat(one)}" for one in value[:items]]
            if len(value) > items:
                lines.append(f"{indent}  … and {len(value) - items} more (--all shows them)")
        elif value not in (None, [], {}):
            lines.append(f"{indent}{_flat({name: value})}")
    return lines


def _flat(values: dict[str, Any]) -> str:
    return ", ".join(_named(name, value) for name, value in values.items() if value not in (None, [], {}, ""))


def _named(name: str, value: Any) -> str:
    label = name.replace("_", " ")
    if name.endswith("_cents") and isinstance(value, int):
        return f"{label.removesuffix(' cents')} {dollars(value)}"
    if isinstance(value, dict):
        return f"{label}: " + ", ".join(_named(str(inner), one) for inner, one in value.items())
    if isinstance(value, list):
        return f"{label}: " + ", ".join(_flat(one) if isinstance(one, dict) else str(one) for one in value)
    if isinstance(value, bool):
        return label if value else f"not {label}"
    return f"{label} {clean(value)}"


def _findings(findings: list["Finding"], *, everything: bool) -> list[str]:
    """Findings of one code and message together, with their first places; all of them one by one if asked."""
    if everything:
        return [f"{one.severity.value} {one.code} at {one.place}: {one.message}; {one.cure}" for one in findings]
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.severity.value, one.code, one.message), []).append(one)
    lines: list[str] = []
    for (severity, code, message), group in list(groups.items())[:_GROUPS]:
        times = f" ({len(group)} times)" if len(group) > 1 else ""
        lines.append(f"{severity} {code}{times}: {message}; {group[0].cure}")
        lines += [f"    at {one.place}" for one in group[:_PLACES] if str(one.place)]
        if len(group) > _PLACES:
            lines.append(f"    … and at {len(group) - _PLACES} more places")
    if len(groups) > _GROUPS:
        lines.append(f"… and {len(groups) - _GROUPS} more kinds of findings (--all shows each)")
    return lines
