"""The product of a worker process: one a process, never carried over a fork."""

import os

import pytest

from tasks import product as module


@pytest.fixture
def environment(settings, monkeypatch):
    """This process configured as a worker is: by its environment alone."""
    for name, value in {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "DATABASE_OWNER_URL": settings.database_owner_url.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
        "CLAIMRAIL_KEYS": settings.keys.get_secret_value(),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(module, "_built", None)
    yield
    if module._built is not None:
        module._built[1].close()


def backend(product):
    """The server process that answers: another one for each connection."""
    with product.database.narrow() as tx:
        return tx.value("SELECT pg_backend_pid()")


def test_it_is_built_once(environment):
    assert module.product() is module.product()


def test_its_bell_is_celery_s(environment):
    from tasks.ring import ring

    assert module.product().context.ring is ring


def in_a_fork(work):
    """What `work` gives in a forked child, as text; the child ends without any of the parent's clean-up."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, str(work()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        return told.read()


def test_a_forked_child_builds_its_own_and_leaves_the_parent_s_connections_alone(environment):
    ours = module.product()
    parent = backend(ours)

    def child():
        theirs = module.product()
        return f"{theirs is ours} {backend(theirs)} {backend(theirs)}"

    same, first, second = in_a_fork(child).split()
    assert same == "False"
    assert int(first) != parent
    assert first == second
    assert backend(ours) == parent  # the same connection still works


def test_a_database_that_was_carried_over_a_fork_connects_anew(product):
    parent = backend(product)
    assert int(in_a_fork(lambda: backend(product))) != parent
    assert backend(product) == parent
