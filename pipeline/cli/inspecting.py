"""`claimrail inspect`: what any file is, what is in it and what is wrong with it, short enough to be read."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli import app
from pipeline.cli.session import AsJson, Everything
from pipeline.cli.show import clean, dollars, line, printed_json, table

if TYPE_CHECKING:
    from edi.findings import Finding
    from edi.inspection import Inspection

_GROUPS, _PLACES, _ITEMS = 20, 3, 10
_ALL = 1_000_000
_NAMES = {"control_number": "number", "provider_adjustment_cents": "PLB"}


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE")],
    as_json: AsJson = False,
    everything: Everything = False,
    claims: Annotated[bool, typer.Option("--claims", help="List the claims of each set too, by number.")] = False,
    inbound: Annotated[
        bool, typer.Option("--inbound", help="Judge an ACH file as one that a bank has sent, deviations named.")
    ] = False,
) -> None:
    """Read any X12, NACHA or zip file: what it is, what is in it, what is wrong and where.

    An ACH file is judged strictly, as one to be sent; with --inbound as one that a bank has sent.
    Needs no database. Exit 0 clean, 1 findings, 2 unreadable.
    """
    from edi.inspection import inspect as inspected

    found = inspected(file.name, file.read_bytes(), claims=claims, inbound=inbound)
    if as_json:
        printed_json(found.as_dict())
    else:
        _show(found, everything=everything)
        line(("clean", "with findings", "unreadable")[found.exit_code], style="bold")
    raise typer.Exit(found.exit_code)


def _show(found: "Inspection", *, everything: bool, indent: str = "") -> None:
    items = _ALL if everything else _ITEMS
    line(f"{indent}{found.name}: {found.kind}", style="bold")
    for name, value in found.summary.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            _listed(name, value, items, indent + "  ")
        elif value not in (None, [], {}):
            line(f"{indent}  {_flat({name: value})}")
    for text in _findings(found.findings, everything=everything):
        line(f"{indent}  {text}")
    for part in found.parts[:items]:
        _show(part, everything=everything, indent=indent + "    ")
    _more(found.parts, items, indent + "    ")


def _listed(name: str, rows: list[dict[str, Any]], items: int, indent: str) -> None:
    """A list of alike things: how many, the first ones in a table, and the claims of each of those that have any."""
    line(f"{indent}{name.replace('_', ' ')}: {len(rows)}")
    _table(rows[:items])
    _more(rows, items, indent)
    for row in rows[:items]:
        if row.get("claim_list"):
            _listed(f"{row['set']} {row['control_number']}", row["claim_list"], items, indent)


def _table(rows: Sequence[dict[str, Any]]) -> None:
    """Numbers and short names in columns of their own; all the rest of a row, by name, in the last one."""
    names = list(dict.fromkeys(name for row in rows for name in row if name != "claim_list"))
    amounts = [name for name in names if any(_is_number(row.get(name)) for row in rows)]
    shown = [names[0], *(name for name in names[1:] if name in {*amounts, "control_number"})]
    rest = [name for name in names if name not in shown]
    columns = [_label(name) for name in shown] + (["about"] if rest else [])
    cells = [
        [_cell(name, row.get(name)) for name in shown]
        + ([_flat({name: row.get(name) for name in rest})] if rest else [])
        for row in rows
    ]
    table(columns, cells, right=[_label(name) for name in amounts])


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _label(name: str) -> str:
    return _NAMES.get(name, name.removesuffix("_cents").replace("_", " "))


def _cell(name: str, value: Any) -> str:
    return dollars(value) if name.endswith("_cents") and _is_number(value) else "" if value is None else str(value)


def _more(rows: Sequence[Any], items: int, indent: str) -> None:
    if len(rows) > items:
        line(f"{indent}… and {len(rows) - items} more (--all shows them)")


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


# -- findings ---------------------------------------------------------------------------------------------------------
def _findings(findings: list["Finding"], *, everything: bool) -> list[str]:
    """Findings of one code together, the gravest first, with their first places; all of them one by one if asked."""
    if everything:
        return [f"{one.severity.value} {one.code} at {one.place}: {one.message}; {one.cure}" for one in findings]
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.severity.value, one.code), []).append(one)
    ranked = sorted(groups.items(), key=lambda group: ("error", "warning", "info").index(group[0][0]))
    lines = [text for (severity, code), group in ranked[:_GROUPS] for text in _group(f"{severity} {code}", group)]
    if len(groups) > _GROUPS:
        lines.append(f"… and {len(groups) - _GROUPS} more kinds of findings (--all shows each)")
    return lines


def _group(head: str, group: list["Finding"]) -> list[str]:
    """What is the same of all is said once, at the head; a message of its own stands at its place."""
    first = group[0]
    same = all(one.message == first.message for one in group)
    times = f" ({len(group)} times)" if len(group) > 1 else ""
    lines = [f"{head}{times}: {first.message}; {first.cure}" if same else f"{head}{times}: {first.cure}"]
    lines += [
        f"    at {str(one.place) or 'the file'}" + ("" if same else f": {one.message}")
        for one in group[:_PLACES]
        if not same or str(one.place)
    ]
    if len(group) > _PLACES:
        lines.append(f"    … and at {len(group) - _PLACES} more places")
    return lines
