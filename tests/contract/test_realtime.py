"""One suite over every real-time service: the fake that tests ask, and HTTP with the envelope, answered by the sandbox."""

import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from x12_eligibility import asked_subscriber, eligibility_inquiry

from edi.x12.sets import t270
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.syntax.reader import read
from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.journal import Journal
from sandbox.realtime import RealTimeService, listening
from transport import errors
from transport.realtime import HttpRealTime, MemoryRealTime, RealTimeConfig, address_problem

KIND = "X12_270_Request_005010X279A1"
WHEN = datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001 - as X12 tells time


def question(receiver="OFFALLY"):
    written = t270.write_set(eligibility_inquiry([asked_subscriber("CRE1")]), "0001").data
    envelope = Envelope(
        sender_qualifier="ZZ", sender_id="US", receiver_qualifier="ZZ", receiver_id=receiver, group_sender="US",
        group_receiver=receiver, control_number=7, usage="T", when=WHEN, functional_id="HS", version=t270.VERSION,
    )  # fmt: skip
    return write_interchange(envelope, [written])


@pytest.fixture
def sandbox(tmp_path):
    config = SandboxConfig.from_dict({"root": tmp_path, "users": {"oa": "secret & <more>"}})
    clock = BusinessClock(None)
    return config, clock, Journal(config.journal, clock)


def http(port, **changes):
    given = {
        "username": "oa",
        "password": "secret & <more>",
        "sender_id": "US",
        "receiver_id": "OFFALLY",
        "plain": True,
    }
    config = RealTimeConfig(url=f"http://127.0.0.1:{port}/realtime", **(given | {"io_timeout_s": 5} | changes))
    return HttpRealTime(config, lambda: datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture(params=["memory", "http"])
def service(request, sandbox):
    if request.param == "memory":
        theirs = RealTimeService(*sandbox)
        yield MemoryRealTime(lambda payload: theirs._x12(payload.decode("latin-1")).payload.encode("latin-1"))
        return
    with listening(*sandbox) as port, http(port) as asked:
        yield asked


def test_a_question_is_answered_with_its_number(service):
    [ts] = read(service.ask(question(), KIND)).sets
    assert ts.set_id == "271"
    assert ["TRN", "2", "CRE1", "9123456789"] in ts.segments


def test_a_refusal_of_the_payload_comes_back_as_any_answer(service):
    [interchange] = read(service.ask(question("SOMEBODY"), KIND)).interchanges
    [ta1] = interchange.ta1s
    assert (ta1.code, ta1.note) == ("R", "008")


# -- what the wire adds -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"password": "wrong"}, errors.LoginRefused, "UnAuthorized"),
        ({"receiver_id": "OTHER"}, errors.Incompatible, "ReceiverIDIllegal"),
        ({"sender_id": ""}, errors.Incompatible, "SenderIDRequired"),
    ],
)
def test_codes_of_the_envelope_are_errors_that_tell_no_secret(sandbox, changes, error, told):
    with listening(*sandbox) as port, http(port, **changes) as asked, pytest.raises(error, match=told) as caught:
        asked.ask(question(), KIND)
    assert not {"SAMPLE", "wrong", "secret"} & set(str(caught.value).split())


@contextmanager
def answering(status, body=b"", headers=(), tls=None):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            if status is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


FAULT = (
    b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:%s</e:Value>'
    b"</e:Code></e:Fault></e:Body></e:Envelope>"
)
BOMB = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b"", errors.LoginRefused),
        (403, b"", errors.PermissionRefused),
        (404, b"", errors.NotFound),
        (503, b"", errors.Busy),
        (500, b"oops", errors.Busy),
        (500, FAULT % b"Receiver", errors.Busy),
        (400, FAULT % b"Sender", errors.Incompatible),
        (200, b"<html>hello</html>", errors.Incompatible),
        (200, BOMB, errors.Incompatible),
        (302, b"", errors.Incompatible),
        (None, b"", errors.ConnectionLost),
    ],
)
def test_whatever_the_wire_says_is_one_of_our_errors(status, body, error):
    elsewhere = [("Location", "http://127.0.0.1:1/")]
    with answering(status, body, elsewhere) as port, http(port) as asked, pytest.raises(error) as caught:
        asked.ask(question(), KIND)
    assert type(caught.value) is error


def of_nobody(folder):
    """A certificate for this machine that only itself vouches for, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "invented payer")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    whole = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "payer.pem"
    path.write_bytes(whole + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path):
    path = of_nobody(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(path)
    with answering(401, tls=tls) as port:
        config = RealTimeConfig(
            url=f"https://127.0.0.1:{port}/rt", username="oa", password="x", sender_id="US", receiver_id="OFFALLY"
        )
        with HttpRealTime(config) as asked, pytest.raises(errors.Incompatible, match="certificate"):
            asked.ask(question(), KIND)
        trusting = ssl.create_default_context(cafile=path)
        with HttpRealTime(config, verify=trusting) as asked, pytest.raises(errors.LoginRefused):
            asked.ask(question(), KIND)


def test_nobody_there_is_told_apart_from_a_conversation_that_broke_off():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with http(free.getsockname()[1], connect_timeout_s=1) as asked, pytest.raises(errors.Unreachable):
            asked.ask(question(), KIND)


@pytest.mark.parametrize(
    ("url", "plain", "sound"),
    [
        ("https://payer.example/rt", False, True),
        ("http://127.0.0.1:8080/rt", True, True),
        ("http://127.0.0.1:8080/rt", False, False),
        ("http://payer.example/rt", True, False),
        ("https://user:secret@payer.example/rt", False, False),
        ("https://payer.example/rt?member=1", False, False),
        ("ftp://payer.example", False, False),
    ],
)
def test_only_https_is_asked_but_for_this_machine_where_that_is_wanted(url, plain, sound):
    assert (address_problem(url, plain=plain) is None) is sound
