"""`make up`: the whole system left running until Ctrl-C, its addresses printed."""

import signal
import threading
from pathlib import Path

from rich.console import Console

from local.servers import embedded
from local.system import free_port
from local.whole import SLUG, Plan, Whole, whole


def run(var: Path = Path("var"), plan: Plan | None = None) -> int:
    """Runs until SIGINT or SIGTERM, or until a process ends by itself (exit code 1)."""
    console = Console(highlight=False)
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    plan = plan or Plan(sweep_interval_s=5.0, poll_interval_s=5.0)
    with embedded(var) as servers:
        urls = servers.database_owner_url, servers.database_url
        with whole(var, servers, plan, urls, home=var / "up", keep_clock=True) as running:
            running.start_workers(heartbeat=True)
            flower, api = free_port(), free_port()
            running.system.start_flower(flower)
            running.system.start_api(api)
            _tell(console, running, flower, api)
            while not asked.wait(1.0):
                running.system.check()
            console.print("stopping")
    return 0


def _tell(console: Console, running: Whole, flower: int, api: int) -> None:
    servers = running.servers
    console.print("[bold]Claimrail is up[/bold]; Ctrl-C stops it, data stay under var/")
    for what, where in (
        ("API", f"http://127.0.0.1:{api} (health at /healthz and /readyz)"),
        ("Flower", f"http://127.0.0.1:{flower} (read-only)"),
        ("SFTP sandbox", f"127.0.0.1:{running.port}, users oa, bank and provider, files in {running.sandbox_root}"),
        ("Postgres", servers.database_url),
        ("Broker", servers.redis_url),
        ("Logs", f"{running.home}/log"),
        ("Tenant", f"{SLUG}, in test mode"),
    ):
        console.print(f"  {what:13} {where}", soft_wrap=True)
    console.print("Send a claim: [bold]claimrail submit examples/claims/als1_chest_pain.json[/bold]")
    console.print("Watch it:     [bold]claimrail show CLAIM[/bold], [bold]claimrail report[/bold]")
