"""A process that can be killed at any of its steps: every statement, every commit, every act on the partner's side."""

from contextlib import contextmanager

from sqlalchemy import event


class Killed(BaseException):
    """Stands for `kill -9`: nothing in the product catches it."""


class Process:
    """Counts the steps of one life of the product; `dies_at` is the step that it does not survive, None for never.

    What is dead stays so: no `finally` of the product reaches the outside any more before `again`.
    """

    def __init__(self):
        self.again(None)

    def again(self, dies_at):
        self.steps, self.dies_at, self.dead = 0, dies_at, False

    def step(self):
        if self.dead:
            raise Killed
        self.steps += 1
        if self.steps == self.dies_at:
            self.dead = True
            raise Killed

    @contextmanager
    def watching(self, engine):
        """Within it every statement and commit on this engine is a step; a commit that dies has not happened."""
        told = {"before_cursor_execute": lambda *_: self.step(), "commit": lambda _: self.step()}
        for name, listener in told.items():
            event.listen(engine, name, listener)
        try:
            yield
        finally:
            for name, listener in told.items():
                event.remove(engine, name, listener)


class Wire:
    """A partner's mailbox whose every act is three steps: before it, in the middle of a write, and after it."""

    def __init__(self, process, box):
        self.process, self.box = process, box

    @contextmanager
    def __call__(self, _connection):
        self.process.step()
        yield self

    def __getattr__(self, operation):
        return lambda *args: self._do(operation, args)

    def _do(self, operation, args):
        self.process.step()
        if operation == "write":
            self._part(*args)
        result = getattr(self.box, operation)(*args)
        self.process.step()
        return result

    def _part(self, folder, name, data):
        """Dying here leaves a third of the bytes: half of a file of one entry is all of it but for its padding."""
        try:
            self.process.step()
        except Killed:
            if self.box.size(folder, name) is None:
                self.box.write(folder, name, data[: len(data) // 3])
            raise
