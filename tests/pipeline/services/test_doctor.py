"""The doctor: every fault it is there for is found and has a cure, and a whole system is found whole."""

import base64
from dataclasses import replace

import pytest

from pipeline.bootstrap import Product, build
from pipeline.domain.mailbox import Mode
from pipeline.services import mailboxes, setup
from pipeline.services.doctor import Seed, Surroundings, examine
from pipeline.settings import Settings
from pipeline.store import installation
from transport.errors import HostKeyChanged, LoginRefused, Unreachable


@pytest.fixture
def around(settings, servers):
    installation.record(settings.owner_url, "test")
    return Surroundings("test", servers.redis_url)


@pytest.fixture
def look(product, org, around):
    """The checks by name, after changes to the surroundings or the context."""

    def see(surroundings=around, **changes):
        ctx = replace(product.context, **changes)
        return {check.name: check for check in examine(ctx, surroundings)}

    return see


def broken(found):
    return {name: check for name, check in found.items() if check.result != "ok"}


def test_a_whole_system_is_whole(look):
    found = look()
    assert broken(found) == {}
    assert {
        "database",
        "role",
        "schema",
        "installation",
        "broker",
        "clock",
        "work",
        "keys of county-ems",
    } <= found.keys()
    assert "1 files" not in found["mailbox bank of county-ems"].what


def test_every_complaint_has_a_cure(look, product, org):
    for box in mailboxes.listed(product.context, org):
        mailboxes.change(product.context, org, "test", box.name, {"pickup_folder": "nowhere"})
    found = broken(look(Surroundings("test", "redis://127.0.0.1:1/0", (Seed("bank", problem="not set: X"),))))
    assert {check.result for check in found.values()} == {"fail"}
    assert all(check.cure for check in found.values())


def test_a_database_that_is_away_stops_there(product, settings, around):
    away = build(
        settings.model_copy(
            update={"database_url": type(settings.database_url)("postgresql+psycopg://x@127.0.0.1:1/x")}
        )
    )
    found = {check.name: check for check in examine(away.context, around)}
    assert found["database"].result == "fail"
    assert "schema" not in found
    assert "tenants" not in found


def test_the_owner_role_does_not_do_as_app_role(product, settings, around, org):
    owner = build(settings.model_copy(update={"database_url": type(settings.database_url)(settings.owner_url)}))
    found = {check.name: check for check in examine(owner.context, around)}
    owner.close()
    assert found["role"].result == "fail"
    assert "owns the tables" in found["role"].what
    assert "DATABASE_OWNER_URL" in found["role"].cure


def test_too_few_months_ahead_are_told(look, monkeypatch):
    assert look()["months"].what == "6 months are ready ahead"
    monkeypatch.setattr("pipeline.services.doctor.MONTHS_AHEAD", 7)
    found = look()["months"]
    assert (found.result, found.what) == ("warn", "only 6 months are ready ahead for what is written")
    assert "claimrail maintain" in found.cure


def test_another_servers_data_is_a_clone(look, product, settings):
    installation._as_owner(settings.owner_url, "UPDATE installation SET system_identifier = 'another'")
    found = look()
    assert found["installation"].result == "fail"
    assert "clone" in found["installation"].what


@pytest.mark.parametrize(
    ("url", "told"),
    [("redis://127.0.0.1:1/0", "does not answer"), ("nonsense", "no URL")],
)
def test_a_broker_that_is_away(look, url, told):
    check = look(Surroundings("test", url))["broker"]
    assert check.result == "fail"
    assert told in check.what
    assert url not in check.what


def test_a_broker_that_may_forget(look, servers):
    from redis import Redis

    with Redis.from_url(servers.redis_client_url) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            check = look()["broker"]
        finally:
            client.config_set("maxmemory-policy", "noeviction")
    assert check.result == "fail"
    assert "allkeys-lru" in check.what


def test_keys_that_do_not_open(product, settings, outside, org, around):
    other = "test:" + base64.b64encode(bytes(32)).decode()
    urls = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    wrong = build(Settings(**urls, keys=other))
    wrong = Product(wrong.settings, replace(wrong.context, outside=outside))
    found = {check.name: check for check in examine(wrong.context, around)}
    wrong.close()
    assert found["keys of county-ems"].result == "fail"
    assert "CLAIMRAIL_KEYS" in found["keys of county-ems"].cure
    assert not any(name.startswith("mailbox") for name in found)


@pytest.mark.parametrize(
    ("error", "cure"),
    [
        (LoginRefused("no"), "compare user and password"),
        (HostKeyChanged("no"), "host key"),
        (Unreachable("no"), "check host"),
    ],
)
def test_a_partner_that_does_not_let_us_in(look, error, cure):
    def shut(connection):
        raise error

    check = look(outside=shut)["mailbox clearinghouse of county-ems"]
    assert check.result == "fail"
    assert cure in check.cure


def test_a_mailbox_that_makes_no_new_files_is_told_with_its_cure(look, product, org, money):
    from pipeline.store import tenants

    with money.tx() as tx:
        tenants.pause_bundling(tx, tenants.mailboxes(tx, "clearinghouse")[0].id, "file 7 was rejected")
    told = look()["mailbox clearinghouse of county-ems"]
    assert told.result == "warn"
    assert "file 7 was rejected" in told.what
    assert "mailbox resume clearinghouse" in told.cure


def test_held_paused_and_production_mailboxes(look, product, org, money):
    from pipeline.store import tenants

    ctx = product.context
    mailboxes.change(ctx, org, "test", "bank", {}, enabled=False)
    with money.tx() as tx:
        tenants.pause_mailbox(tx, tenants.mailboxes(tx, "clearinghouse")[0].id, "login_refused", 999)
    setup.put_mailbox(ctx, org, "test", "live", Mode.PRODUCTION, mailboxes.named(ctx, org, "clearinghouse").profile)
    found = look()
    assert "RESERVED" in found["mailbox bank of county-ems"].what
    assert "paused (login_refused)" in found["mailbox clearinghouse of county-ems"].what
    assert "CLAIMRAIL_ENVIRONMENT" in found["mailbox live of county-ems"].cure
    assert {check.result for check in broken(found).values()} == {"warn"}


def test_the_environment_is_compared_with_the_stored_mailbox(look, product, org, around):
    box = mailboxes.named(product.context, org, "clearinghouse")
    same = Seed("clearinghouse", box.profile, box.mode, enabled=True)
    other = mailboxes.changed_profile(
        box.profile, {"host": "elsewhere.example.test", "password": "another", "claims_per_set": 5}
    )
    seeds = (Seed("clearinghouse", other, Mode.PRODUCTION, enabled=False), Seed("bank", problem="not set: X"))
    assert broken(look(Surroundings("test", around.redis_url, (same,)))) == {}
    check = look(Surroundings("test", around.redis_url, seeds))["environment of the clearinghouse"]
    assert check.result == "warn"
    for name in ("host", "password", "claims_per_set", "mode", "enabled"):
        assert name in check.what
    assert "elsewhere" not in check.what
    assert "another" not in check.what


def test_work_that_lies_and_a_clock_that_is_ahead(look, product, money):
    with money.tx() as tx:
        tx.run(
            "INSERT INTO due_work (stage, subject_id, org_id, due_at) VALUES ('render', 1, :org, now() - interval '1 hour')",
            org=money.org,
        )
    product.context.clock.advance(3600)
    found = look()
    assert "1 of stage render" in found["work"].what
    assert "3600 s ahead" in found["clock"].what
    product.settings.clock_file.write_text("soon")
    assert look()["clock"].result == "fail"


def test_no_tenant_and_no_provider(product, around):
    found = {check.name: check for check in examine(product.context, around)}
    assert "claimrail init" in found["tenants"].cure
    setup.create_tenant(product.context, "bare", "Bare")
    found = {check.name: check for check in examine(product.context, around)}
    assert "--provider" in found["providers of bare"].cure
