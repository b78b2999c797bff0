"""Procfile, compose file, secrets and .env.example, held against the code and each other."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from local.system import QUEUES
from pipeline.settings import Settings

HERE = Path(__file__).parents[1]
FLOWER_OPTIONS = {"address", "port", "read_only"}
SEED_NAMES = {
    *("OFFICEALLY_ENABLED", "OFFICEALLY_INTERCHANGE_ID", "OFFICEALLY_TRADING_PARTNER_ID", "OFFICEALLY_SUBMITTER_NAME"),
    *("OFFICEALLY_SUBMITTER_ID", "OFFICEALLY_CONTACT_PHONE", "OFFICEALLY_DEFAULT_NPI", "OFFICEALLY_FTP_HOST"),
    *("OFFICEALLY_FTP_PORT", "OFFICEALLY_FTP_USER", "OFFICEALLY_FTP_PASSWORD", "OFFICEALLY_SFTP_DIRECTORY"),
}


def _compose() -> dict[str, Any]:
    return yaml.safe_load((HERE / "docker-compose.yml").read_text())


def _procfile() -> dict[str, str]:
    lines = (HERE / "Procfile").read_text().splitlines()
    return {name: command.strip() for name, _, command in (line.partition(":") for line in lines if line)}


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


def _example() -> dict[str, str]:
    lines = (HERE / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _commands() -> list[str]:
    services = _compose()["services"].values()
    return [*_procfile().values(), *(s["command"] for s in services if isinstance(s.get("command"), str))]


def _option(command: str, flag: str) -> str:
    words = shlex.split(command)
    return words[words.index(flag) + 1]


def test_every_process_of_the_procfile_is_a_service() -> None:
    assert set(_procfile()) <= set(_compose()["services"])


def test_the_compose_file_has_the_servers_too() -> None:
    others = set(_compose()["services"]) - set(_procfile())
    assert others == {"postgres", "redis", "migrate", "sandbox"}


@pytest.mark.parametrize("name", [name for name in _procfile() if name.startswith("worker")])
def test_a_worker_is_the_same_command_in_both(name: str) -> None:
    service = _compose()["services"][name]
    assert service["command"] == _procfile()[name]
    queue = name.removeprefix("worker-")
    assert _option(service["command"], "-Q") == queue == service["environment"]["QUEUE"]
    assert _option(service["command"], "-n") == f"{queue}@%h"


def test_every_queue_has_its_worker_and_every_worker_a_queue() -> None:
    workers = {_option(command, "-Q") for name, command in _procfile().items() if name.startswith("worker")}
    assert workers == set(QUEUES)


def test_the_queues_are_the_applications() -> None:
    tasks = pytest.importorskip("tasks.app", exc_type=ModuleNotFoundError)
    queues = tasks.app.conf.task_queues
    assert set(QUEUES) == {queue if isinstance(queue, str) else queue.name for queue in queues}


def test_commands_name_modules_that_exist() -> None:
    for command in _commands():
        words = shlex.split(command)
        for module in [*re.findall(r"-A (\S+)", command), *re.findall(r"(\S+):create_app", command)]:
            assert (HERE / (module.replace(".", "/") + ".py")).exists() or module == "tasks.app", command
        if words[0] == "python":
            assert (HERE / words[2] / "__init__.py").exists(), command


def test_claimrail_commands_are_ones_it_has() -> None:
    pytest.importorskip("local.main", exc_type=ModuleNotFoundError)
    for command in [command for command in _commands() if command.startswith("claimrail ")]:
        words = [sys.executable, "-c", "from local.main import main; main()", *shlex.split(command)[1:], "--help"]
        assert subprocess.run(words, capture_output=True, check=False).returncode == 0, command


def test_flower_knows_its_options_and_only_looks() -> None:
    from flower import options  # noqa: F401  registers them
    from tornado.options import options as known

    for command in [c for c in _commands() if " flower " in c]:
        given = {word[2:].partition("=")[0].replace("-", "_") for word in shlex.split(command) if word.startswith("--")}
        assert given == FLOWER_OPTIONS
        assert given <= {known._normalize_name(name).replace("-", "_") for name in known}


def test_flower_listens_beyond_loopback_only_with_a_login() -> None:
    assert "--address=127.0.0.1" in _procfile()["flower"]
    assert "CLAIMRAIL_FLOWER_AUTH" in _compose()["services"]["flower"]["secrets"]
    assert "FLOWER_BASIC_AUTH" in (HERE / "deploy" / "entrypoint.sh").read_text()


def test_ports_are_published_on_loopback_alone() -> None:
    ports = [port for service in _compose()["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_service_has_a_health_check_or_ends_by_itself() -> None:
    services = _compose()["services"]
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"migrate"}


def test_redis_keeps_and_never_evicts() -> None:
    command = " ".join(_compose()["services"]["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_compose_names_only_settings_that_exist() -> None:
    known = _variables() | {"QUEUE"}
    for name, service in _compose()["services"].items():
        given = set(service.get("environment", {})) | {s for s in service.get("secrets", []) if s.isupper()}
        if name not in {"postgres", "redis"}:
            assert given <= known, name


def test_no_secret_is_a_plain_variable() -> None:
    secret = re.compile(r"PASSWORD$|KEYS$|TOKEN$|AUTH$|PRIVATE_KEY$|_URL$")
    for service in _compose()["services"].values():
        assert not [name for name in service.get("environment", {}) if secret.search(name)]


def test_the_example_names_only_settings_that_exist_and_the_customers_names() -> None:
    names = set(_example())
    assert names <= _variables()
    assert names >= SEED_NAMES


def test_the_examples_values_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("OFFICEALLY_", "CLAIMRAIL_")):
            monkeypatch.delenv(name)
    needed = {"DATABASE_URL": "postgresql://a", "REDIS_URL": "redis://a", "keys": "k"}
    plain = Settings(_env_file=None, **needed)
    for name, value in _example().items():
        monkeypatch.setenv(name, value)
    assert Settings(_env_file=None, **needed) == plain


def test_the_secrets_script_makes_every_secret_and_keeps_what_exists(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    script = ["sh", str(HERE / "deploy" / "secrets.sh"), str(folder)]
    subprocess.run(script, check=True)
    first = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(first) == set(_compose()["secrets"])
    assert all(secret["file"] == f"var/secrets/{name}" for name, secret in _compose()["secrets"].items())
    assert folder.stat().st_mode & 0o077 == 0
    subprocess.run(script, check=True)
    assert {path.name: path.read_text() for path in folder.iterdir()} == first


def test_the_secrets_are_what_the_settings_read(tmp_path: Path) -> None:
    subprocess.run(["sh", str(HERE / "deploy" / "secrets.sh"), str(tmp_path)], check=True)
    read = {name: (tmp_path / name).read_text() for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}
    settings = Settings(_env_file=None, **read, keys=(tmp_path / "CLAIMRAIL_KEYS").read_text())
    assert set(settings.wrapping_keys) == {"k1"}


def test_the_sandboxs_file_is_one_it_reads(tmp_path: Path) -> None:
    from sandbox.config import SandboxConfig

    subprocess.run(["sh", str(HERE / "deploy" / "secrets.sh"), str(tmp_path)], check=True)
    config = SandboxConfig.load(tmp_path / "sandbox.json")
    assert (config.host, config.port) == ("0.0.0.0", 2222)
    assert config.passwords["oa"] == (tmp_path / "OFFICEALLY_FTP_PASSWORD").read_text()


def test_the_entrypoint_hands_over_settings_and_nothing_else(tmp_path: Path) -> None:
    script = (HERE / "deploy" / "entrypoint.sh").read_text().replace("/run/secrets", str(tmp_path))
    for name, value in {"REDIS_URL": "redis://x", "redis_password": "y", "CLAIMRAIL_FLOWER_AUTH": "a:b"}.items():
        (tmp_path / name).write_text(value)
    shown = subprocess.check_output(["sh", "-c", script, "entrypoint", "env"], text=True, env={"PATH": os.defpath})
    assert {"REDIS_URL=redis://x", "FLOWER_BASIC_AUTH=a:b"} <= set(shown.splitlines())
    assert "redis_password" not in shown


@pytest.mark.parametrize("name", ["deploy/secrets.sh", "deploy/roles.sh", "deploy/entrypoint.sh", ".ci/run"])
def test_scripts_are_well_formed_and_runnable(name: str) -> None:
    shell = "bash" if name == ".ci/run" else "sh"
    assert shutil.which(shell)
    subprocess.run([shell, "-n", str(HERE / name)], check=True)
    assert os.access(HERE / name, os.X_OK)
