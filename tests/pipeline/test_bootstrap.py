"""The composition root wires, and touches nothing while it does."""

import pytest

from pipeline import bootstrap
from pipeline.bootstrap import Product, build, limits, sftp_config
from pipeline.domain.errors import ConfigurationError, TryLater
from pipeline.domain.mailbox import Connection
from pipeline.settings import FlowSettings, Settings
from pipeline.stages.context import Limits, silent

AWAY = {
    "DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "keys": "a:" + "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
}


@pytest.fixture
def built():
    made = []

    def make(**changes):
        made.append(build(Settings(**{**AWAY, **changes}), ring=rung))
        return made[-1]

    yield make
    for product in made:
        product.close()


def rung(stage, org_id, subject_ids):
    """A bell that is not silent."""


def test_nothing_is_connected_while_building(built):
    product = built()
    assert isinstance(product, Product)
    assert product.database is product.context.database
    with pytest.raises(TryLater):
        product.database.ping()
    with pytest.raises(TryLater):
        bootstrap.checked(product)


@pytest.mark.parametrize(("ring", "bell"), [(True, rung), (False, silent)])
def test_the_bell_is_the_callers_unless_ringing_is_off(built, ring, bell):
    assert built(ring=ring).context.ring is bell


def test_without_a_bell_the_sweep_does_all(built):
    product = build(Settings(**AWAY))
    assert product.context.ring is silent
    product.close()


def test_every_size_and_interval_comes_from_the_settings(built):
    word = {"secondary_claims": "by_hand"}
    flow = FlowSettings(**dict.fromkeys(FlowSettings.model_fields, 7) | word)
    assert limits(flow) == Limits(**dict.fromkeys(Limits.__dataclass_fields__, 7) | word)
    assert built(flow=flow).context.limits == limits(flow)
    assert limits(FlowSettings()) == Limits(), "the defaults of both agree"


def test_the_clock_is_the_one_of_the_settings(built, tmp_path):
    (tmp_path / "clock").write_text("60")
    assert built(clock_file=tmp_path / "clock").context.clock.offset_s() == 60
    assert built().context.clock.offset_s() == 0


def test_new_values_are_sealed_with_the_current_key(built):
    keys = AWAY["keys"] + ",b:" + AWAY["keys"].partition(":")[2]
    assert built(keys=keys).database.keyring.current == "b"
    assert built(keys=keys, current_key="a").database.keyring.current == "a"
    with pytest.raises(ValueError, match="'c'"):
        built(keys=keys, current_key="c")


def test_a_stored_connection_becomes_one_that_can_be_opened():
    flow = FlowSettings(connect_timeout_s=3, io_timeout_s=4)
    connection = Connection(host="h", port=2222, username="u", password="hush-hush", host_key="ssh-ed25519 AAAA")
    config = sftp_config(connection, flow)
    assert (config.host, config.port, config.username, config.password) == ("h", 2222, "u", "hush-hush")
    assert (config.private_key, config.host_key) == (None, "ssh-ed25519 AAAA")
    assert (config.connect_timeout_s, config.io_timeout_s) == (3, 4)
    assert "hush-hush" not in repr(config)


def test_wrong_rules_stop_the_start(built, tmp_path):
    (tmp_path / "payers.csv").write_text("no rules\n")
    with pytest.raises(ConfigurationError, match="row 1"):
        built(rules_folder=tmp_path)
    assert built().context.payers.rows


def test_code_lists_of_ones_own_take_the_place_of_those_that_come_along(built, tmp_path):
    (tmp_path / "carc.csv").write_text("# Adjustment reasons, as of 2026-11-01\ncode,from,to\n9999,,\n")
    own = built(codes_folder=tmp_path).context.codes
    assert (own.known("carc", "9999"), own.known("carc", "1"), own.known("state", "OH")) == (True, False, True)


@pytest.mark.parametrize(
    ("name", "text"), [("carc.csv", "code\n1\n"), ("cark.csv", "# A, as of 2026-11-01\ncode,from,to\n")]
)
def test_a_wrong_code_list_stops_the_start(built, tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigurationError, match=f"{name}.*CLAIMRAIL_CODES_FOLDER"):
        built(codes_folder=tmp_path)


def test_a_product_on_a_real_database_is_not_held(product):
    assert not bootstrap.checked(product).context.held


def test_the_database_is_told_how_long_to_wait(settings):
    product = build(settings.model_copy(update={"statement_timeout_s": 7.0, "lock_timeout_s": 3.0}))
    with product.database.narrow() as tx:
        assert (tx.value("SHOW statement_timeout"), tx.value("SHOW lock_timeout")) == ("7s", "3s")
    product.close()
