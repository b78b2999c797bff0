"""What tests of single sets share."""

import pytest

from edi.x12.sets import t835
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read


@pytest.fixture
def set_of(make):
    """An 835 of a shape, written, changed in its bytes and read again."""

    def build(shape="paid", *changes):
        written = t835.write_set(make.shapes_835()[shape], "0001")
        data = write_interchange(make.envelope("HP", t835.VERSION), [written.data])
        for old, new in changes:
            assert old in data
            data = data.replace(old, new, 1)
        return read(data).sets[0]

    return build
