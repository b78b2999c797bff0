"""An SSH connection whose other end is proven to be the pinned server, or an error of our tree.

paramiko's ``Transport`` is driven directly: no agent, no key files, no known_hosts file and no policy that adds keys is
ever consulted, so the only trust is what the configuration pins.
"""

import io
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

import paramiko

from transport.errors import (
    ConnectionLost,
    HostKeyChanged,
    Incompatible,
    LoginRefused,
    TransportError,
    Unreachable,
)

_KEEPALIVE_S = 30
# Names under which a server may offer a key of the pinned type.
_OFFERS = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256")}


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpConfig:
    """Where a mailbox is and how to log in. Secrets are left out of the repr.

    ``host_key`` is what must answer, as in a known_hosts line without the host ("ssh-ed25519 AAAA..."); several lines
    allow a key and its successor. Times are seconds: ``connect_timeout_s`` bounds each step up to the login (TCP,
    banner, key exchange, authentication), ``io_timeout_s`` each wait for an answer afterwards. A connection idle for
    longer than ``probe_after_s`` is tried before it is lent out again.
    """

    host: str
    port: int = 22
    username: str
    password: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)
    private_key_passphrase: str | None = field(default=None, repr=False)
    host_key: str
    connect_timeout_s: float = 15.0
    io_timeout_s: float = 60.0
    probe_after_s: float = 20.0

    @property
    def place(self) -> str:
        """``host:port``, for messages."""
        return f"{self.host}:{self.port}"

    def pinned(self) -> frozenset[tuple[str, str]]:
        """(type, base64) of every key that may answer; comments are ignored. ValueError when there is none."""
        rows = [line.split() for line in self.host_key.splitlines() if line.strip()]
        if not rows or any(len(row) < 2 for row in rows):
            raise ValueError("host_key must hold at least one line of the form: type base64")
        return frozenset((row[0], row[1]) for row in rows)


def connect(config: SftpConfig) -> paramiko.Transport:
    """A connection that is up, proven and logged in.

    Unreachable, ConnectionLost, HostKeyChanged (before any credential is sent), Incompatible, LoginRefused.
    """
    pinned = config.pinned()
    transport = _transport(config)
    try:
        _shake_hands(config, transport, pinned)
        _log_in(config, transport)
    except BaseException:
        transport.close()
        raise
    transport.set_keepalive(_KEEPALIVE_S)
    return transport


def _transport(config: SftpConfig) -> paramiko.Transport:
    try:
        sock = socket.create_connection((config.host, config.port), timeout=config.connect_timeout_s)
    except OSError as error:
        raise Unreachable(f"connect to {config.place}: {type(error).__name__}") from None
    # Without NODELAY every small SFTP packet waits for the delayed acknowledgment of the one before.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    transport = paramiko.Transport(sock)
    transport.banner_timeout = config.connect_timeout_s
    transport.handshake_timeout = config.connect_timeout_s
    transport.auth_timeout = config.connect_timeout_s
    transport.channel_timeout = config.connect_timeout_s
    return transport


def _shake_hands(config: SftpConfig, transport: paramiko.Transport, pinned: frozenset[tuple[str, str]]) -> None:
    """Exchange keys, asking only for the pinned types, and compare the server's key byte for byte."""
    wanted = [offer for kind, _ in sorted(pinned) for offer in _OFFERS.get(kind, (kind,))]
    try:
        transport.get_security_options().key_types = list(dict.fromkeys(wanted))
        transport.start_client(timeout=config.connect_timeout_s)
        key = transport.get_remote_server_key()
    except ValueError:
        raise Incompatible(f"{config.place}: the pinned host key is of a type that is not supported") from None
    except paramiko.ssh_exception.IncompatiblePeer as error:
        raise _unmatched(config, error) from None
    except (paramiko.SSHException, EOFError, OSError) as error:
        raise Unreachable(f"handshake with {config.place}: {type(error).__name__}") from None
    if (key.get_name(), key.get_base64()) not in pinned:
        raise HostKeyChanged(f"{config.place} answered with a host key that is not the pinned one")


def _unmatched(config: SftpConfig, error: Exception) -> TransportError:
    if "host key" in str(error):
        return HostKeyChanged(f"{config.place} has no host key of the pinned type")
    return Incompatible(f"{config.place}: no algorithm in common")


def _log_in(config: SftpConfig, transport: paramiko.Transport) -> None:
    step = _credential(config)
    try:
        partial = step(transport)
    except paramiko.AuthenticationException as error:
        # paramiko says the same for "no" and for a line that went dead; only "no" is a matter for a person.
        if str(error) == "Authentication timeout." or not transport.is_active():
            raise ConnectionLost(f"login at {config.place}: the connection broke off") from None
        raise LoginRefused(f"login at {config.place} was refused") from None
    except (paramiko.SSHException, EOFError, OSError) as error:
        raise ConnectionLost(f"login at {config.place}: {type(error).__name__}") from None
    if partial:
        raise LoginRefused(f"login at {config.place}: a further factor is asked for")


def _credential(config: SftpConfig) -> Callable[[paramiko.Transport], list[str]]:
    """How to authenticate: the private key if there is one, else the password."""
    if config.private_key is not None:
        key = _private_key(config)
        return lambda transport: transport.auth_publickey(config.username, key)
    if config.password is not None:
        password = config.password
        return lambda transport: transport.auth_password(config.username, password)
    raise LoginRefused(f"login at {config.place}: neither password nor private key is configured")


def _private_key(config: SftpConfig) -> paramiko.PKey:
    kinds: tuple[type[paramiko.PKey], ...] = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
    for kind in kinds:
        try:
            return kind.from_private_key(io.StringIO(config.private_key or ""), config.private_key_passphrase)
        except (paramiko.SSHException, ValueError, UnicodeError, IndexError):
            continue
    raise LoginRefused(f"login at {config.place}: the configured private key cannot be read")
