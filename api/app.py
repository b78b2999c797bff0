"""The HTTP door: health for supervisors, and the hook that upstream systems ring. No business rule lives here."""

import hmac
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, ConfigDict, Field

from api.wiring import Wiring, wire

TOKEN_HEADER = "X-Claimrail-Token"  # noqa: S105  the header's name


class ClaimsReady(BaseModel):
    """What the hook is told: whose claims to look at, nothing about them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    org: int = Field(ge=1, description="the tenant whose ready claims are to be taken up")


class Rung(BaseModel):
    """Whether the bell was heard. If not, the sweep takes the claims up within its interval all the same."""

    rung: bool


def create_app(wiring: Wiring | None = None) -> FastAPI:
    """The application; uvicorn's factory. Without `wiring` it is wired from the environment's settings."""
    app = FastAPI(title="Claimrail", docs_url=None, redoc_url=None)
    app.state.wiring = wiring or wire()
    app.add_exception_handler(RequestValidationError, _malformed)
    app.get("/healthz")(healthz)
    app.get("/readyz")(readyz)
    app.get("/metrics")(metrics)
    app.post("/hooks/claims-ready", status_code=status.HTTP_202_ACCEPTED, dependencies=[Depends(authorised)])(
        claims_ready
    )
    return app


def healthz() -> dict[str, str]:
    """Answers while this process does. Says nothing about what it needs; see /readyz."""
    return {"status": "ok"}


def readyz(request: Request, response: Response) -> dict[str, str]:
    """Each thing this process needs, by name: `ok` or what is wrong with its cure. 503 if any is not ok."""
    results = {name: check() or "ok" for name, check in _wiring(request).checks.items()}
    if any(result != "ok" for result in results.values()):
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return results


def metrics(request: Request) -> Response:
    """Numbers for Prometheus: states, ages, counts and cents, no names. 200 in an outage too; the numbers tell of it."""
    return Response(_wiring(request).scrape(), media_type=CONTENT_TYPE_LATEST)


def authorised(request: Request, token: Annotated[str, Header(alias=TOKEN_HEADER)] = "") -> None:
    """Lets only holders of the hook's token in: 401 for another one, 503 while none is configured."""
    expected = _wiring(request).hook_token
    if expected is None:
        raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, "the hook is off; set CLAIMRAIL_HOOK_TOKEN to open it")
    if not hmac.compare_digest(token.encode(), expected.encode()):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, f"{TOKEN_HEADER} is missing or wrong")


def claims_ready(request: Request, event: ClaimsReady) -> Rung:
    """Ring for one tenant. It stores nothing: a claim is ready because its committed row says so."""
    return Rung(rung=_wiring(request).ring(event.org))


def _wiring(request: Request) -> Wiring:
    wiring: Wiring = request.app.state.wiring
    return wiring


def _malformed(_request: Request, error: Exception) -> JSONResponse:
    """422 with place and reason of each fault, without the values that were sent."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    findings = [
        {"path": ".".join(map(str, fault["loc"])), "code": fault["type"], "message": fault["msg"]} for fault in faults
    ]
    return JSONResponse({"findings": findings}, status.HTTP_422_UNPROCESSABLE_CONTENT)
