"""Constructors compiled from dataclasses, for readers that make very many values.

A dataclass's own ``__init__`` handles keywords and default factories at three times the cost of plain assignments.
"""

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, TypeVar

T = TypeVar("T")


def maker(cls: type[T], *given: str) -> Callable[..., T]:
    """A function that takes the ``given`` fields in that order, by position; all others get their defaults.

    ``cls`` is a slotted dataclass without ``__post_init__``. A field that has no default must be given; TypeError here,
    not at the first use.
    """
    scope: dict[str, Any] = {"new": object.__new__, "cls": cls}
    body = []
    for one in fields(cls):  # type: ignore[arg-type]  # any dataclass will do
        if one.name in given:
            value = one.name
        elif one.default_factory is list:
            value = "[]"
        elif one.default is not MISSING:
            value = f"default_{one.name}"
            scope[value] = one.default
        else:
            raise TypeError(f"{cls.__name__}.{one.name} has no default and is not given")
        body.append(f"    self.{one.name} = {value}")
    if unknown := set(given) - {one.name for one in fields(cls)}:  # type: ignore[arg-type]
        raise TypeError(f"{cls.__name__} has no {', '.join(sorted(unknown))}")
    source = "\n".join([f"def make({', '.join(given)}):", "    self = new(cls)", *body, "    return self"])
    exec(compile(source, f"<maker of {cls.__name__}>", "exec"), scope)  # noqa: S102 - made of our own field names only
    made: Callable[..., T] = scope["make"]
    return made
