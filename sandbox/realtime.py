"""The clearinghouse's real-time service: 270 in, 271 out, in the CAQH CORE envelope (SOAP, rule 2.2.0) over plain HTTP.

It listens on loopback alone. Who asks is known by the account ``oa`` and its password; what it asks must be addressed to
``realtime_id``. What is wrong with the envelope is answered by the rule's codes, with the interchange by TA1, with a set by
999.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from edi.x12.sets import t271, t999
from edi.x12.syntax.document import Interchange
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.syntax.reader import read
from edi.x12.syntax.ta1 import Ta1
from sandbox import eligibility
from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.journal import Journal

_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_CORE = "http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd"
_MOST_BYTES = 1_000_000
_EXPECTED = {
    "PayloadType": "X12_270_Request_005010X279A1",
    "ProcessingMode": "RealTime",
    "CORERuleVersion": "2.2.0",
}
_REQUIRED = ("PayloadType", "ProcessingMode", "PayloadID", "TimeStamp", "SenderID", "ReceiverID", "CORERuleVersion")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer's type and payload, or the code that refuses the envelope."""

    code: str = "Success"
    kind: str = ""
    payload: str = ""


class RealTimeService:
    """Answers one envelope after another; several threads may ask."""

    def __init__(self, config: SandboxConfig, clock: BusinessClock, journal: Journal) -> None:
        self._config = config
        self._clock = clock
        self._journal = journal
        self._number = 0
        self._lock = threading.Lock()

    def answer(self, data: bytes) -> bytes:
        """The envelope of the answer; ValueError for what is no envelope."""
        try:
            root = fromstring(data)
        except (ET.ParseError, DefusedXmlException):
            raise ValueError("no XML") from None
        given = {element.tag.rpartition("}")[2]: (element.text or "").strip() for element in root.iter()}
        said = self._said(given)
        return _enveloped(said, given.get("SenderID", ""), self._config.realtime_id, self._clock)

    def _said(self, given: dict[str, str]) -> Said:
        if given.get("Username") != "oa" or given.get("Password") != self._config.passwords.get("oa"):
            return Said("UnAuthorized")
        if lacking := [name for name in _REQUIRED if not given.get(name)]:
            return Said(f"{lacking[0]}Required")
        if given["CORERuleVersion"] != _EXPECTED["CORERuleVersion"]:
            return Said("VersionMismatch")
        if wrong := [name for name, value in _EXPECTED.items() if given[name] != value]:
            return Said(f"{wrong[0]}NotUnderstood")
        if given["ReceiverID"] != self._config.realtime_id:
            return Said("ReceiverIDIllegal")
        return self._x12(given.get("Payload", ""))

    def _x12(self, payload: str) -> Said:
        document = read(payload.encode("latin-1", "replace"))
        if len(document.interchanges) != 1:
            return Said("PayloadIllegal")
        [interchange] = document.interchanges
        note = "008" if interchange.receiver_id != self._config.realtime_id else "" if interchange.groups else "024"
        if note:
            ta1 = Ta1(
                control_number=interchange.control_number,
                date=interchange.date,
                time=interchange.time,
                code="R",
                note=note,
            )
            return Said(
                kind="X12_TA1_Response_00501X231A1", payload=self._written(interchange, "FA", "005010X231A1", [], [ta1])
            )
        acknowledged = eligibility.acknowledgment(interchange.groups[0])
        if acknowledged.code != "A":
            sets = [t999.write_set(acknowledged, "0001").data]
            return Said(
                kind="X12_999_Response_005010X231A1", payload=self._written(interchange, "FA", "005010X231A1", sets)
            )
        asked = eligibility.inquiries(document)
        now = self._clock.now()
        sets = [t271.write_set(eligibility.answer(ts, now), f"{n:04d}").data for n, ts in enumerate(asked, 1)]
        self._journal.append({"kind": "eligibility", "way": "at once", "isa13": interchange.control_number})
        return Said(kind="X12_271_Response_005010X279A1", payload=self._written(interchange, "HB", t271.VERSION, sets))

    def _written(
        self, asked: Interchange, functional_id: str, version: str, sets: list[bytes], ta1s: list[Ta1] | None = None
    ) -> str:
        with self._lock:
            self._number += 1
            number = self._number
        usage: Literal["T", "P"] = "T" if asked.usage == "T" else "P"
        envelope = Envelope(
            sender_qualifier="ZZ",
            sender_id=self._config.realtime_id,
            receiver_qualifier=asked.sender_qualifier,
            receiver_id=asked.sender_id,
            group_sender=self._config.realtime_id,
            group_receiver=asked.groups[0].sender if asked.groups else asked.sender_id,
            control_number=number,
            usage=usage,
            when=self._clock.now(),
            functional_id=functional_id,
            version=version,
        )
        return write_interchange(envelope, sets, ta1s or []).decode("latin-1")


def _enveloped(said: Said, receiver: str, sender: str, clock: BusinessClock) -> bytes:
    envelope = ET.Element(f"{{{_SOAP}}}Envelope")
    body = ET.SubElement(ET.SubElement(envelope, f"{{{_SOAP}}}Body"), f"{{{_CORE}}}COREEnvelopeRealTimeResponse")
    for name, text in {
        "PayloadType": said.kind or "CoreEnvelopeError",
        "ProcessingMode": "RealTime",
        "PayloadID": str(uuid.uuid4()),
        "TimeStamp": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
        "SenderID": sender,
        "ReceiverID": receiver,
        "CORERuleVersion": "2.2.0",
        "Payload": said.payload,
        "ErrorCode": said.code,
        "ErrorMessage": "None" if said.code == "Success" else "see the rule's table of codes",
    }.items():
        ET.SubElement(body, name).text = text
    data: bytes = ET.tostring(envelope, encoding="utf-8", xml_declaration=True)
    return data


@contextmanager
def listening(config: SandboxConfig, clock: BusinessClock, journal: Journal) -> Iterator[int]:
    """Serve until the block ends; gives the port, which stays the same for the life of ``root`` once it was chosen."""
    service = RealTimeService(config, clock, journal)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if not 0 < length <= _MOST_BYTES:
                self.send_error(413)
                return
            try:
                answered = service.answer(self.rfile.read(length))
            except ValueError:
                self.send_error(400)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(answered)))
            self.end_headers()
            self.wfile.write(answered)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Nothing: the journal tells what counts."""

    kept = config.root / "realtime_port"
    config.root.mkdir(parents=True, exist_ok=True)
    port = config.realtime_port or (int(kept.read_text()) if kept.exists() else 0)
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        kept.write_text(str(server.server_port))
        thread = threading.Thread(target=server.serve_forever, daemon=True, name="sandbox-realtime")
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join(10)
