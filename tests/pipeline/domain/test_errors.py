"""The tree of errors is the one that its module draws."""

import inspect

import pytest

from pipeline.domain import errors

CLASSES = dict(inspect.getmembers(errors, inspect.isclass))


def drawn():
    """Each error of the drawing with the one it hangs on."""
    parents, path = {}, ["Exception"]
    for line in (errors.__doc__ or "").splitlines():
        indent = len(line) - len(line.lstrip(" │├└─"))
        words = line[indent:].split()
        name = words[0] if words else ""
        if indent and name in CLASSES:
            depth = indent // 4
            path[depth:] = [name]
            parents[name] = path[depth - 1]
    return parents


def test_there_is_no_error_beside_the_tree():
    assert set(drawn()) == set(CLASSES)


@pytest.mark.parametrize(("name", "parent"), drawn().items())
def test_each_error_has_the_place_that_is_drawn(name, parent):
    assert CLASSES[name].__base__.__name__ == parent


@pytest.mark.parametrize(
    ("error", "branch"),
    [
        (errors.NotKnown, errors.CallerError),
        (errors.Conflict, errors.CallerError),
        (errors.NotAllowed, errors.CallerError),
        (errors.ModeMismatch, errors.ConfigurationError),
    ],
)
def test_what_to_do_is_told_by_one_branch(error, branch):
    branches = {errors.CallerError, errors.ConfigurationError, errors.TryLater}
    assert {b for b in branches if issubclass(error, b)} == {branch}
