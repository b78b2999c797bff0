"""The structure walk told slowly: every segment is looked for in every open loop, and nothing is remembered.

It knows neither elements nor texts: only which loop takes a segment, what is missing and what is too many.
"""

from dataclasses import dataclass, field

from edi.x12.tables.schema import Loop


@dataclass(eq=False)
class _Open:
    table: Loop
    tree: list
    position: int = -1
    counts: dict = field(default_factory=dict)

    def takes(self, segment, component, first):
        """Positions from ``first`` on whose row the segment's id and qualifier fit."""
        for position, item in enumerate(self.table.contents):
            row = item.trigger if isinstance(item, Loop) else item
            if position >= first and row.id == segment[0] and _fits(row, segment, component):
                yield position

    def gaps(self, upto):
        """Number of the segment's row and loop for what is missing between here and ``upto``."""
        for item in self.table.contents[self.position + 1 : upto]:
            if item.usage == "R":
                loop = isinstance(item, Loop)
                yield "3", item.id if loop else self.table.id, item.trigger.id if loop else item.id


def _fits(row, segment, component):
    if row.key is None:
        return True
    at, qualifiers = row.key
    return at < len(segment) and segment[at].split(component)[0] in qualifiers


def slow_walk(ts, table):
    """What is told of segments, ``(number, code, loop, id)`` each, and the tree: ``[loop, numbers, strays, trees]``."""
    component = ts.delimiters.component
    root = [table.id, [], [], []]
    loops, told = [_Open(table, root)], []
    known = {row.id for _, row in table.walk()}

    def close(depth, number):
        while len(loops) > depth:
            gone = loops.pop()
            told.extend((number, *gap) for gap in gone.gaps(len(gone.table.contents)))

    for number, segment in enumerate(ts.segments, 1):
        places = [
            (depth, position)
            for depth in range(len(loops) - 1, -1, -1)
            for position in loops[depth].takes(segment, component, _first(loops[depth], depth))
        ]
        if not places:
            loops[-1].tree[2].append(number)
            late = any(True for one in loops for _ in one.takes(segment, component, 0))
            told.append((number, "1" if segment[0] not in known else "7" if late else "2", None, segment[0]))
            continue
        depth, position = places[0]
        close(depth + 1, number - 1)
        taker = loops[-1]
        told.extend((number, *gap) for gap in taker.gaps(position))
        taker.position = position
        taker.counts[position] = taker.counts.get(position, 0) + 1
        item = taker.table.contents[position]
        if item.maximum and taker.counts[position] == item.maximum + 1:
            told.append((number, "4" if isinstance(item, Loop) else "5", taker.table.id, segment[0]))
        if isinstance(item, Loop):
            taker.tree[3].append([item.id, [], [], []])
            loops.append(_Open(item, taker.tree[3][-1], position=0))
        loops[-1].tree[1].append(number)
    close(0, len(ts.segments))
    return told, root


def _first(loop, depth):
    """What opened a loop does not come again inside it; the segment a table begins with may."""
    return max(loop.position, 1) if depth else loop.position
