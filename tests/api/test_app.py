"""The HTTP door on stand-in wiring: what it answers, whom it lets in, and what it never repeats."""

import pytest
from fastapi.testclient import TestClient

from api.app import TOKEN_HEADER, create_app
from api.wiring import Wiring

TOKEN = "an invented token"


@pytest.fixture
def rung() -> list[int]:
    return []


def _client(rung: list[int], *, heard: bool = True, token: str | None = TOKEN, **problems: str | None) -> TestClient:
    checks = {name: (lambda problem=problem: problem) for name, problem in problems.items()}

    def ring(org: int) -> bool:
        rung.append(org)
        return heard

    return TestClient(create_app(Wiring(checks, ring, token, lambda: b"claimrail_database_up 1.0\n")))


def test_health_needs_nothing(rung: list[int]) -> None:
    answer = _client(rung, database="down").get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_when_all_is_well(rung: list[int]) -> None:
    answer = _client(rung, database=None, broker=None).get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok"})


def test_not_ready_names_what_is_wrong(rung: list[int]) -> None:
    answer = _client(rung, database=None, broker="does not answer").get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "broker": "does not answer"})


def test_a_scraper_gets_what_was_measured_in_prometheus_own_type(rung: list[int]) -> None:
    answer = _client(rung).get("/metrics")
    assert (answer.status_code, answer.text) == (200, "claimrail_database_up 1.0\n")
    assert answer.headers["content-type"].startswith("text/plain; version=")


@pytest.mark.parametrize("heard", [True, False])
def test_the_hook_rings_and_says_whether_it_was_heard(rung: list[int], heard: bool) -> None:
    answer = _client(rung, heard=heard).post("/hooks/claims-ready", json={"org": 7}, headers={TOKEN_HEADER: TOKEN})
    assert (answer.status_code, answer.json(), rung) == (202, {"rung": heard}, [7])


@pytest.mark.parametrize(
    "headers", [{}, {TOKEN_HEADER: "another"}, {TOKEN_HEADER: ""}, {TOKEN_HEADER: "é".encode("latin-1")}]
)
def test_a_stranger_is_refused_before_the_body_is_read(rung: list[int], headers: dict) -> None:
    answer = _client(rung).post("/hooks/claims-ready", json={"wrong": True}, headers=headers)
    assert (answer.status_code, rung) == (401, [])


def test_the_hook_is_closed_without_a_configured_token(rung: list[int]) -> None:
    answer = _client(rung, token=None).post("/hooks/claims-ready", json={"org": 7}, headers={TOKEN_HEADER: ""})
    assert (answer.status_code, rung) == (503, [])
    assert "CLAIMRAIL_HOOK_TOKEN" in answer.json()["detail"]


@pytest.mark.parametrize("body", [{}, {"org": "7"}, {"org": 0}, {"org": 1, "claim": "INVENTED"}, [1]])
def test_a_bad_event_is_answered_with_its_place_and_not_its_values(rung: list[int], body: object) -> None:
    answer = _client(rung).post("/hooks/claims-ready", json=body, headers={TOKEN_HEADER: TOKEN})
    assert (answer.status_code, rung) == (422, [])
    assert answer.json()["findings"][0]["path"].startswith("body")
    assert "INVENTED" not in answer.text
