"""The pages say what the code does: commands, settings, tests, exception types, files."""

import ast
import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from api.metrics import ALL as METRICS
from local.main import app
from pipeline.domain.edits import RULES
from pipeline.domain.exception_types import EXCEPTION_TYPES, WORK
from pipeline.domain.return_consequences import types as return_types
from pipeline.settings import Settings
from pipeline.stages.outside import DIAGNOSES
from pipeline.stages.table import STAGES
from pipeline.store.installation import MOVED
from pipeline.store.outside import DOUBT
from pipeline.store.work import FAILURES

HERE = Path(__file__).parents[1]
PAGES = sorted([HERE / "README.md", HERE / "CHANGELOG.md", *(HERE / "docs").rglob("*.md")])
CONFIGURATION = HERE / "docs" / "operations" / "configuration.md"
ALARMS = HERE / "docs" / "operations" / "alarms.md"
ARCHITECTURE = HERE / "docs" / "architecture.md"
GUARDS = HERE / "docs" / "operations" / "guards.md"
AT_THE_DESK = {
    "CLAIMRAIL_ORG",
    "CLAIMRAIL_VAR",
    "CLAIMRAIL_WRITE_GOLDEN",
    "BENCH_CLAIMS",
    "BENCH_EVENTS",
    "BENCH_MEMORY_CLAIMS",
    "BENCH_MEMORY_FILE",
    "BENCH_MEMORY_IN_FLIGHT",
    "BENCH_MONEY_FEW",
    "BENCH_MONEY_MANY",
    "BENCH_NACHA_ENTRIES",
    "BENCH_NACHA_REPEATS",
    "BENCH_SIZE_CLAIMS",
    "BENCH_SIZE_FEW",
    "BENCH_SIZE_MANY",
    "BENCH_WORKERS_CLAIMS",
    "BENCH_X12_CLAIMS",
    "BENCH_X12_REPEATS",
    "BENCH_X12_STREAM_MB",
}
"""Names that no setting has: the command line, tests and benchmarks read them."""
NAMED = re.compile(r"\b(?:CLAIMRAIL|OFFICEALLY|DATABASE|REDIS|BENCH)_[A-Z0-9_]*[A-Z0-9]\b")
TYPE = re.compile(r"[a-z]+(?:_[a-z0-9]+)*")


def _variables(model: type[BaseSettings] = Settings) -> set[str]:
    """Every environment name that the settings read."""
    names: set[str] = set()
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseSettings):
            names |= _variables(field.annotation)
        else:
            alias = field.validation_alias
            names.add(alias if isinstance(alias, str) else (model.model_config["env_prefix"] + name).upper())
    return names


def _first_column(page: Path) -> set[str]:
    return set(re.findall(r"^\| `([^`]+)` \|", page.read_text(), re.MULTILINE))


# -- commands -------------------------------------------------------------------------------------------------------
def _commands() -> set[str]:
    named = {info.name or info.callback.__name__ for info in app.registered_commands}
    groups = {group.typer_instance.info.name or group.name for group in app.registered_groups}
    return named | {group for group in groups if isinstance(group, str)} | {"mailbox"}


def _mentioned(text: str) -> set[str]:
    """Commands in code: after `claimrail` at the beginning of a line, of a code span, or after a program's path."""
    return set(re.findall(r"(?:^ {4}|`|/)claimrail ([a-z-]+)", text, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_on_a_page_exists(page):
    unknown = _mentioned(page.read_text()) - _commands()
    assert unknown == set()


def test_the_first_page_or_operation_names_every_command():
    told = _mentioned((HERE / "README.md").read_text()) | {"demo", "up"}
    assert _commands() <= told


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_on_a_page_exists(page):
    targets = set(re.findall(r"^([a-z]+):", (HERE / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", page.read_text())) <= targets


# -- settings -------------------------------------------------------------------------------------------------------
def test_every_setting_is_explained_and_no_other():
    assert _first_column(CONFIGURATION) == _variables() | AT_THE_DESK


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_name_of_a_setting_exists(page):
    assert set(NAMED.findall(page.read_text())) <= _variables() | AT_THE_DESK


@pytest.mark.parametrize("name", sorted(AT_THE_DESK))
def test_what_no_setting_reads_is_read_elsewhere(name):
    sources = (
        path for folder in ("local", "pipeline", "tests", "benchmarks") for path in (HERE / folder).rglob("*.py")
    )
    assert any(f'"{name}"' in path.read_text() for path in sources if path != Path(__file__))


def test_the_defaults_are_told_as_they_are():
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)` \|", CONFIGURATION.read_text(), re.MULTILINE))
    defaults = _defaults(Settings)
    told = {name: value for name, value in told.items() if name in defaults}
    assert told == {name: defaults[name] for name in told}
    assert len(told) > 30


def _defaults(model: type[BaseSettings]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseSettings):
            found |= _defaults(field.annotation)
        elif field.validation_alias is None:
            text = str(field.default).lower() if isinstance(field.default, bool) else f"{field.default}"
            found[(model.model_config["env_prefix"] + name).upper()] = text.removesuffix(".0")
    return found


# -- exceptions -----------------------------------------------------------------------------------------------------
NOT_LITERAL = {
    ("apart.py", "type_"): {"contradictory_answer", "set_rejected", "tries_exhausted"},
    ("bank_acknowledgments.py", "type_"): {"answer_unclear", "answer_disagrees"},
    ("bank_returns.py", "found.type"): return_types(),
    ("deposits.py", "one.type"): {"deposit_amount_differs", "duplicate_deposit"},
    ("outside.py", "code"): {code for code, _, _ in DIAGNOSES.values()},
    ("outside.py", "installation.MOVED"): {MOVED},
    ("outside.py", "DOUBT"): {DOUBT},
    ("reconcile.py", "outside.DOUBT"): {DOUBT},
    ("sweep.py", "type_"): set(FAILURES),
    ("quarantine.py", "type_"): {"cannot_be_judged", "quarantined"},
    ("decisions.py", "type_"): set(),  # handed on by `raise_about`, whose callers say it literally
}
"""Where an exception's type is no literal in the call: module, expression, and the types it may be."""


def _raised() -> set[str]:
    """Every exception type that the product opens."""
    types: set[str] = set()
    for path in (HERE / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"Raise", "raise_about"}
            ):
                kind = node.args[0 if node.func.id == "Raise" else 1]
                if isinstance(kind, ast.Constant):
                    types.add(kind.value)
                else:
                    types |= NOT_LITERAL[path.name, ast.unparse(kind)]
    return types


def test_every_exception_type_that_is_raised_is_in_the_table_and_no_other():
    assert _raised() == set(EXCEPTION_TYPES)


def test_every_exception_is_about_what_the_table_says():
    odd = []
    for path in (HERE / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Raise":
                named, kind = node.args[:2]
                types = {named.value} if isinstance(named, ast.Constant) else NOT_LITERAL[path.name, ast.unparse(named)]
                about = kind.value if isinstance(kind, ast.Constant) else WORK
                odd += [(path.name, one, about) for one in types if about not in EXCEPTION_TYPES[one].about]
    assert odd == []


def test_every_exception_type_has_its_line_and_no_other():
    assert {name for name in _first_column(ALARMS) if TYPE.fullmatch(name)} == set(EXCEPTION_TYPES)


def test_the_line_of_an_exception_type_says_what_the_table_says():
    for name, *told in re.findall(
        r"^\| `(\w+)` \| (\w+) \| ([^|]+) \| (\w+) \|.*\| ([^|]+) \|$", ALARMS.read_text(), re.MULTILINE
    ):
        one = EXCEPTION_TYPES[name]
        hours = one.due_h or 0
        due = "–" if not hours else f"{hours // 24} d" if hours > 72 and hours % 24 == 0 else f"{hours} h"
        assert told[:3] == [str(one.severity), due, str(one.role)], name
        assert (told[3] == "stays") is not one.closes, name


@pytest.mark.parametrize(("place", "types"), NOT_LITERAL.items(), ids=lambda value: str(value)[:40])
def test_types_that_are_no_literals_stand_in_the_code(place, types):
    sources = "".join(path.read_text() for path in (HERE / "pipeline").rglob("*.py"))
    assert all(f'"{name}"' in sources for name in types), place


def test_no_exception_type_is_wider_than_its_column():
    assert max(map(len, EXCEPTION_TYPES)) <= 32


# -- the rest -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", [ARCHITECTURE, GUARDS], ids=lambda page: page.name)
def test_every_test_that_is_named_exists(page):
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", page.read_text())
    assert len(named) > 30
    missing = [(path, name) for path, name in named if f"def {name}(" not in (HERE / path).read_text()]
    assert missing == []


def test_every_guard_has_a_test():
    rows = [line for line in GUARDS.read_text().splitlines() if line.startswith("|")]
    guards = [line for line in rows if not line.startswith(("|---", "| what goes wrong", "| arrow"))]
    assert [line for line in guards if "::test_" not in line] == []
    assert re.findall(r"^\| (\d+)\. ", GUARDS.read_text(), re.MULTILINE) == [str(n) for n in range(1, 11)]


def test_every_invariant_has_a_test():
    invariants = ARCHITECTURE.read_text().partition("## Invariants")[2].partition("\n## ")[0]
    parts = re.split(r"^\d\. ", invariants, flags=re.MULTILINE)[1:]
    assert len(parts) == 9
    assert all("::test_" in part for part in parts)


def test_stages_tasks_and_queues_are_as_told():
    rows = re.findall(r"^\| (\w+) \| `([\w/.]+)` \| `([\w.]+)` \| (\w+) \|", ARCHITECTURE.read_text(), re.MULTILINE)
    assert {stage for stage, *_ in rows} == {*STAGES, "sweep"}
    from tasks.app import app as celery  # not before: it reads the environment

    celery.loader.import_default_modules()
    for _, path, task, queue in rows:
        assert (HERE / path).exists()
        assert task in celery.tasks
        assert task.split(".")[0] == queue


def test_the_number_of_edits_is_as_told():
    [told] = re.findall(r"(\d+) edits", (HERE / "README.md").read_text())
    assert int(told) == len(RULES)


def test_the_number_of_examples_is_as_told():
    good, bad = map(int, re.findall(r"has (\d+) good ones and (\d+) that fail", (HERE / "README.md").read_text())[0])
    names = [path.name for path in (HERE / "examples" / "claims").glob("*.json") if path.name != "EXPECTED.json"]
    assert (good, bad) == (
        sum(not name.startswith("fail_") for name in names),
        sum(name.startswith("fail_") for name in names),
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#]*)(?:#[^)]*)?\)", page.read_text()):
        assert not target or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_anchor_is_a_heading(page):
    for target, anchor in re.findall(r"\]\(([^)#]*)#([^)]+)\)", page.read_text()):
        text = ((page.parent / target) if target else page).read_text()
        headings = {
            re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-")
            for line in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        }
        assert anchor in headings, (page.name, anchor)


def test_every_source_file_on_a_page_exists():
    folders = ("pipeline", "edi", "transport", "tasks", "sandbox", "local", "tests", "api", "benchmarks", "deploy")
    pattern = re.compile(rf"`((?:{'|'.join(folders)})/[\w/.]+\.(?:py|sh))")
    missing = {path for page in PAGES for path in pattern.findall(page.read_text()) if not (HERE / path).exists()}
    assert missing == set()


def test_every_metric_has_its_line_and_no_other():
    page = (HERE / "docs" / "operations" / "metrics.md").read_text()
    rows = re.findall(r"^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \|", page, re.MULTILINE)
    assert sorted(name for row in rows for name in re.findall(r"`(\w+)`", row)) == sorted(METRICS)
