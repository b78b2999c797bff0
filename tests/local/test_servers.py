"""Embedded servers: whose they are, what they keep, what survives whom, and what they leave alone."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import psycopg
import pytest
import redis

from local.layout import SOCKET_PATH_LIMIT, Layout, private
from local.postgres import plain_url, postgres
from local.servers import Servers, drop_scratch_database, embedded, scratch_database
from local.spawn import CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, Account, ServerError, _reachable, alive, wait_until
from local.valkey import client_url, valkey

HOLD = """
    import json, sys, time
    from pathlib import Path
    from local.servers import embedded
    with embedded(Path(sys.argv[1]), {}) as servers:
        print(json.dumps([servers.postgres_pid, servers.valkey_pid, servers.database_url, servers.owned]))
        time.sleep(60)
"""
ROOT = os.geteuid() == 0


def _one(url: str, query: str):
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def test_roles_are_ordinary_and_the_owner_owns(servers: Servers) -> None:
    roles = "SELECT bool_or(rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole) FROM pg_roles WHERE rolname LIKE 'claimrail%'"
    assert _one(servers.database_url, roles) is False
    assert _one(servers.database_url, "SELECT current_user") == "claimrail_app"
    assert _one(servers.database_owner_url, "SELECT current_user") == "claimrail_owner"
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    assert _one(servers.database_url, owner) == "claimrail_owner"


def test_the_app_role_makes_no_tables(servers: Servers) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _one(servers.database_url, "CREATE TABLE sneaked (id int)")


@pytest.mark.parametrize(("name", "value"), [("fsync", "on"), ("synchronous_commit", "on"), ("listen_addresses", "")])
def test_the_database_is_durable_and_off_the_network(servers: Servers, name: str, value: str) -> None:
    assert _one(servers.database_url, f"SHOW {name}") == value


def test_the_log_shows_no_statement(servers: Servers, var: Path) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        _one(servers.database_url, "SELECT 'INVENTED-NAME' FROM nowhere")
    assert "INVENTED-NAME" not in (var / "log" / "postgres.log").read_text()


def test_the_broker_refuses_rather_than_evicts(servers: Servers) -> None:
    client = redis.Redis.from_url(servers.redis_client_url)
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert client.config_get("port") == {"port": "0"}


def test_scratch_databases_come_empty_and_go(servers: Servers) -> None:
    owner, app = scratch_database(servers, "scratch_one")
    _one(owner, "CREATE TABLE t (id int)")
    assert _one(app, "SELECT current_database()") == "scratch_one"
    owner, _ = scratch_database(servers, "scratch_one")
    assert _one(owner, "SELECT to_regclass('t')") is None
    drop_scratch_database(servers, "scratch_one")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(plain_url(owner))


def test_the_products_database_is_not_dropped_as_scratch(servers: Servers) -> None:
    with pytest.raises(ValueError, match="not a scratch"):
        drop_scratch_database(servers, "claimrail")


def test_files_are_private(servers: Servers, var: Path) -> None:
    for folder in (var / "postgres", var / "run", var / "log"):
        assert folder.stat().st_mode & 0o077 == 0, folder
    for log in (var / "log").iterdir():
        assert log.stat().st_mode & 0o044 == 0 or (var / "log").stat().st_mode & 0o077 == 0


def test_another_process_attaches_and_leaves_them_running(servers: Servers, var: Path, python) -> None:
    code = HOLD.replace("time.sleep(60)", "pass")
    process = python(code, var)
    output, _ = process.communicate(timeout=30)
    pid, broker, url, owned = json.loads(output)
    assert (pid, broker, url, owned) == (servers.postgres_pid, servers.valkey_pid, servers.database_url, False)
    assert _one(servers.database_url, "SELECT 1") == 1


def test_given_urls_start_nothing(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql+psycopg://app@db/x", "REDIS_URL": "redis://broker/0"}
    with embedded(tmp_path / "var", given) as servers:
        assert servers.database_owner_url == servers.database_url == given["DATABASE_URL"]
        assert servers.environment() == {**given, "DATABASE_OWNER_URL": given["DATABASE_URL"]}
        assert (servers.postgres_pid, servers.valkey_pid, servers.owned) == (None, None, False)
    assert not (tmp_path / "var").exists()


def test_a_stopped_server_keeps_its_data_and_leaves_no_process(tmp_path: Path) -> None:
    with postgres(tmp_path / "var") as database:
        _one(database.owner_url, "CREATE TABLE kept AS SELECT 42 AS n")
        first = database.pid
    assert not alive(first)
    (tmp_path / "var" / "postgres" / "postmaster.pid").write_text(
        f"{os.getpid()}\n/elsewhere\n1\n5432\n/elsewhere\n\n\nready\n"
    )
    with postgres(tmp_path / "var") as database:
        assert _one(database.owner_url, "SELECT n FROM kept") == 42


def test_servers_end_with_a_killed_parent_and_start_again(tmp_path: Path, python) -> None:
    process = python(HOLD, tmp_path / "var")
    pid, broker, url, owned = json.loads(process.stdout.readline())
    assert owned is True
    assert _one(url, "SELECT 1") == 1
    process.kill()
    process.wait()
    assert wait_until(lambda: not alive(pid) and not alive(broker), 5.0)
    with embedded(tmp_path / "var", {}) as servers:
        assert servers.owned is True
        assert _one(servers.database_url, "SELECT 1") == 1
        assert redis.Redis.from_url(servers.redis_client_url).ping()


def test_an_orphan_is_ended_before_the_next_start(tmp_path: Path) -> None:
    with valkey(tmp_path / "var") as first:
        pid = first.pid
        layout = Layout.at(tmp_path / "var")
        kept = layout.pid_file("valkey").read_text()
        assert int(kept) == pid
        # An owner that vanished: its lock is free, its server still there.
        from local import valkey as room

        room._clear_leftover(layout)
        assert wait_until(lambda: not alive(pid, "valkey-server"), 5.0)


@pytest.mark.skipif(not ROOT, reason="only root has an account to leave and a folder that others may not enter")
def test_root_opens_no_folder_and_makes_no_user(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o700)
    parents = [locked, *locked.parents]
    modes, users = [p.stat().st_mode for p in parents], Path("/etc/passwd").read_bytes()
    with embedded(locked / "var", {}) as servers:
        assert _one(servers.database_url, "SELECT 1") == 1
        uid = Path(f"/proc/{servers.postgres_pid}").stat().st_uid
        status = Path(f"/proc/{servers.postgres_pid}/status").read_text()
    assert "Uid:\t0" not in status
    held = int(next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:")), 16)
    assert held in {1 << CAP_DAC_READ_SEARCH, 1 << CAP_DAC_OVERRIDE}
    assert uid == 0 or pwd.getpwuid(uid)
    assert [p.stat().st_mode for p in parents] == modes
    assert Path("/etc/passwd").read_bytes() == users


def _python_for(account: Account) -> str | None:
    """A Python of our version that `account` may run: ours, or the system's where ours lies in root's home."""
    for candidate in (
        Path(sys.executable).resolve(),
        Path("/usr/bin", f"python{sys.version_info[0]}.{sys.version_info[1]}"),
    ):
        if candidate.exists() and all(
            _reachable(path, account) for path in (candidate.resolve(), Path(psycopg.__file__))
        ):
            return str(candidate)
    return None


@pytest.mark.skipif(not ROOT, reason="needs root to become somebody else")
def test_a_normal_user_runs_it_too() -> None:
    nobody = pwd.getpwnam("nobody")
    python = _python_for(Account(nobody.pw_uid, nobody.pw_gid))
    if python is None:
        pytest.skip("every Python here is closed to other users")
    home = Path(tempfile.mkdtemp(dir="/tmp"))
    try:
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        paths = [str(Path(__file__).parents[2]), str(Path(psycopg.__file__).parents[1])]
        output = subprocess.check_output(
            [python, "-c", textwrap.dedent(HOLD.replace("time.sleep(60)", "pass")), str(home / "var")],
            env={"PYTHONPATH": ":".join(paths), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.defpath},
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
            cwd=home,
        )
        assert json.loads(output)[3] is True
        assert (home / "var" / "postgres").stat().st_uid == nobody.pw_uid
    finally:
        shutil.rmtree(home)


def test_a_deep_folder_still_gets_a_short_socket(tmp_path: Path) -> None:
    var = tmp_path / ("d" * 60) / ("e" * 60)
    with valkey(var) as broker:
        path = broker.url.removeprefix("redis+socket://").partition("?")[0]
        assert len(path) <= SOCKET_PATH_LIMIT
        assert Path(path).parent.stat().st_mode & 0o077 == 0
    shutil.rmtree(Path(path).parent)


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ServerError, match="Cure"):
        private(tmp_path / "file", Account(os.geteuid(), os.getegid()))


def test_data_of_another_major_version_is_refused_with_a_cure(tmp_path: Path) -> None:
    Layout.at(tmp_path / "var")
    (tmp_path / "var" / "postgres").mkdir(mode=0o700)
    (tmp_path / "var" / "postgres" / "PG_VERSION").write_text("12\n")
    with pytest.raises(ServerError, match="PostgreSQL 12"), postgres(tmp_path / "var"):
        pass


@pytest.mark.parametrize(
    ("celery", "client"),
    [
        ("redis+socket:///a/valkey.sock?virtual_host=0", "unix:///a/valkey.sock?db=0"),
        ("redis://:pw@host:6379/1", "redis://:pw@host:6379/1"),
    ],
)
def test_client_url(celery: str, client: str) -> None:
    assert client_url(celery) == client
