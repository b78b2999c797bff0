"""Questions to a partner that are answered in the same breath: the CAQH CORE envelope (connectivity rule 2.2.0) over HTTPS.

The envelope is SOAP 1.2 with a user name token; what it carries is a payload of some type, which is nobody's business
here. A question is asked once: whoever wants to ask again does so himself. The answer may be a refusal of the payload's own
kind (TA1, 999): it comes back as any other. Texts of errors name the host and the code, never what was asked or answered.
"""

import ipaddress
import ssl
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import defusedxml
import httpx
from defusedxml.ElementTree import fromstring

from transport.errors import (
    Busy,
    ConnectionLost,
    Incompatible,
    LoginRefused,
    NotFound,
    PermissionRefused,
    TransportError,
    Unreachable,
)

RULE_VERSION = "2.2.0"
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_CORE = "http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd"
_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
_SECURITY = f"{_WSS}wssecurity-secext-1.0.xsd"
_PASSWORD_TEXT = f"{_WSS}username-token-profile-1.0#PasswordText"
_HEADERS = {"Content-Type": 'application/soap+xml; charset=utf-8; action="RealTimeTransaction"'}
_MOST_BYTES = 10_000_000
"""An answer that is longer is none."""
_CODE_LENGTH = 40


class RealTime(Protocol):
    """Somebody who answers at once."""

    def ask(self, payload: bytes, payload_type: str) -> bytes:
        """What is answered to a payload of a type that the rule names, such as ``X12_270_Request_005010X279A1``.

        Raises any error of ``transport.errors``; after ConnectionLost it is unknown whether the question was heard.
        """

    def close(self) -> None:
        """Let go of the connection; never raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealTimeConfig:
    """Who answers where, and as whom we ask. ``plain`` allows http to this very machine, and to no other."""

    url: str
    username: str = field(repr=False)
    password: str = field(repr=False)
    sender_id: str
    receiver_id: str
    plain: bool = False
    connect_timeout_s: float = 15
    io_timeout_s: float = 60

    def __post_init__(self) -> None:
        if problem := address_problem(self.url, plain=self.plain):
            raise ValueError(problem)


def address_problem(url: str, *, plain: bool) -> str | None:
    """Why nothing may be asked at such an address; None: it may."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "it is no URL"
    if not host or parts.scheme not in {"https", "http"}:
        return "it is no https:// URL"
    if parts.username or parts.password or parts.query:
        return "user, password and query have no place in it"
    if parts.scheme == "http" and not (plain and _loopback(host)):
        return "it is not https, and plain http goes to this machine alone, where that is asked for"
    return None


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class HttpRealTime:
    """One partner's service. Used by one thread at a time; it neither follows redirections nor heeds proxies."""

    def __init__(
        self,
        config: RealTimeConfig,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        verify: ssl.SSLContext | bool = True,
    ) -> None:
        self._config = config
        self._clock = clock
        self._host = urlsplit(config.url).hostname or ""
        timeout = httpx.Timeout(config.io_timeout_s, connect=config.connect_timeout_s)
        self._client = httpx.Client(timeout=timeout, verify=verify, follow_redirects=False, trust_env=False)

    def ask(self, payload: bytes, payload_type: str) -> bytes:
        status, data = self._post(enveloped(self._config, payload, payload_type, self._clock()))
        if status in _REFUSALS:
            raise _REFUSALS[status](f"{self._host}: HTTP {status}")
        if 300 <= status < 400:
            raise Incompatible(f"{self._host}: HTTP {status}, a redirection; set the address that it leads to")
        return _opened(data, self._host, status)

    def _post(self, envelope: bytes) -> tuple[int, bytes]:
        try:
            with self._client.stream("POST", self._config.url, content=envelope, headers=_HEADERS) as answer:
                data = bytearray()
                for part in answer.iter_bytes():
                    data += part
                    if len(data) > _MOST_BYTES:
                        raise Incompatible(f"{self._host}: an answer of more than {_MOST_BYTES} bytes")
                return answer.status_code, bytes(data)
        except httpx.HTTPError as error:
            raise _mapped(error, self._host) from None

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_REFUSALS: dict[int, type[TransportError]] = {
    401: LoginRefused,
    403: PermissionRefused,
    404: NotFound,
    429: Busy,
    502: Busy,
    503: Busy,
    504: Busy,
}
"""Codes that speak for themselves. The others come with an envelope that says more, 400 and 500 above all."""


def _mapped(error: httpx.HTTPError, host: str) -> TransportError:
    text = f"{host}: {type(error).__name__}"
    if isinstance(error, httpx.ConnectError) and _distrusted(error):
        return Incompatible(f"{host}: its certificate is not one that can be trusted")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return Unreachable(text)
    if isinstance(error, httpx.TransportError):
        return ConnectionLost(text)
    return Incompatible(text)


def _distrusted(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


# -- the envelope -----------------------------------------------------------------------------------------------------
def enveloped(config: RealTimeConfig, payload: bytes, payload_type: str, when: datetime) -> bytes:
    """The request (COREEnvelopeRealTimeRequest) with a PayloadID that nobody had before."""
    envelope = ET.Element(f"{{{_SOAP}}}Envelope")
    security = ET.SubElement(ET.SubElement(envelope, f"{{{_SOAP}}}Header"), f"{{{_SECURITY}}}Security")
    security.set(f"{{{_SOAP}}}mustUnderstand", "true")
    token = ET.SubElement(security, f"{{{_SECURITY}}}UsernameToken")
    ET.SubElement(token, f"{{{_SECURITY}}}Username").text = config.username
    password = ET.SubElement(token, f"{{{_SECURITY}}}Password", Type=_PASSWORD_TEXT)
    password.text = config.password
    body = ET.SubElement(ET.SubElement(envelope, f"{{{_SOAP}}}Body"), f"{{{_CORE}}}COREEnvelopeRealTimeRequest")
    for name, text in {
        "PayloadType": payload_type,
        "ProcessingMode": "RealTime",
        "PayloadID": str(uuid.uuid4()),
        "TimeStamp": f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "SenderID": config.sender_id,
        "ReceiverID": config.receiver_id,
        "CORERuleVersion": RULE_VERSION,
        "Payload": payload.decode("latin-1"),
    }.items():
        ET.SubElement(body, name).text = text
    data: bytes = ET.tostring(envelope, encoding="utf-8", xml_declaration=True)
    return data


def _opened(data: bytes, host: str, status: int) -> bytes:
    """The payload of an answer; the error that its envelope tells of otherwise."""
    found = _fields(data, host, status)
    code = found.get("ErrorCode", "")
    if code != "Success":
        raise _told(code, host)
    try:
        payload = found["Payload"].strip().encode("latin-1")
    except (KeyError, UnicodeEncodeError):
        payload = b""
    if not payload:
        raise Incompatible(f"{host}: success, and no payload that could be read")
    return payload


def _fields(data: bytes, host: str, status: int) -> dict[str, str]:
    """The elements of the envelope's body by their names, wherever they stand; a fault of SOAP is raised."""
    try:
        root = fromstring(data)
    except (ET.ParseError, defusedxml.DefusedXmlException, ValueError):
        error = Busy if status >= 500 else Incompatible
        raise error(f"{host}: HTTP {status}, and no envelope that could be read") from None
    found: dict[str, str] = {}
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if element.tag == f"{{{_SOAP}}}Value":  # of a fault: who is held to be at fault
            raise _told((element.text or "").rpartition(":")[2].strip(), host)
        found.setdefault(name, element.text or "")
    if "ErrorCode" not in found:
        raise Incompatible(f"{host}: HTTP {status}, and an envelope without ErrorCode")
    return found


def _told(code: str, host: str) -> TransportError:
    """Codes of the rule's table: of who asks, of who answers, and ``<field>Illegal``, ``…Required``, ``…NotUnderstood``."""
    plain = "".join(mark for mark in code if mark.isalnum())[:_CODE_LENGTH] or "none"
    text = f"{host}: the envelope is answered with {plain}"
    if plain in {"UnAuthorized", "Unauthorized"}:
        return LoginRefused(text)
    return Busy(text) if plain == "Receiver" else Incompatible(text)


# -- the fake ---------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class MemoryRealTime:
    """Answers as ``answer`` says: what tests and training ask. ``asked`` keeps the questions, each with its type.

    ``fail_next`` queues an error, which the next question meets: before it is heard, or (``after=True``) after it.
    """

    answer: Callable[[bytes], bytes]
    asked: list[tuple[bytes, str]] = field(default_factory=list)
    _faults: list[tuple[TransportError, bool]] = field(default_factory=list)

    def fail_next(self, error: TransportError, *, after: bool = False) -> None:
        """Let the next question end in ``error``."""
        self._faults.append((error, after))

    def ask(self, payload: bytes, payload_type: str) -> bytes:
        error, after = self._faults.pop(0) if self._faults else (None, False)
        if error is not None and not after:
            raise error
        self.asked.append((payload, payload_type))
        answered = self.answer(payload)
        if error is not None:
            raise error
        return answered

    def close(self) -> None:
        """Nothing to let go of."""
