"""A bank in memory: takes each whole file once, answers as it is told to, and remembers every entry that it was given."""

from collections import Counter
from dataclasses import replace

from edi.nacha import check, read
from edi.nacha.acknowledgment import ACCEPTED, REJECTED, acknowledge, write_acknowledgment
from edi.nacha.corrections import Correction
from edi.nacha.returns import Sheet, change_file, dishonored_file, return_file
from edi.nacha.writing import write

MOODS = (
    "prompt", "late", "doubled", "refuses", "wrong_totals", "returns", "refuses_a_batch", "leaves_files", "dishonours",
    "corrects",
)  # fmt: skip
"""How the bank of a trial answers; `late` after some turns, `leaves_files` lets what it took lie where it was.

`dishonours` lays returns and their dishonours out together, the dishonours first in order of name.
"""


class Bank:
    def __init__(self, box, mood):
        self.box, self.mood = box, mood
        self.keys, self.names = set(), set()
        self.taken = Counter()  # entries by (individual id, cents), of what was accepted
        self.refused = Counter()
        self.returned = Counter()  # of what was accepted, what came back and stays so
        self.corrected = Counter()
        self.faults = []
        self.later = []  # (turns to go, name, bytes)
        self.sequence = 0

    def turn(self):
        """Takes what has come, and tells what is due."""
        for remote in self.box.list("inbound"):
            if remote.name not in self.names:
                self._take(remote.name)
        due, self.later = (
            [one for one in self.later if one[0] <= 0],
            [(n - 1, *rest) for n, *rest in self.later if n > 0],
        )
        for _, name, data in due:
            self.box.write("outbound", name, data)

    def _take(self, name):
        data = self.box.read("inbound", name)
        found = read(data)
        if found.file is None or not found.complete:
            return  # half of it: the bank waits for the rest
        self.names.add(name)
        if self.mood != "leaves_files":
            self.box.delete("inbound", name)
        if check(data):
            self.faults.append(f"{name} has faults")
        if found.file.key in self.keys:
            self.faults.append(f"{name} came twice")
        self.keys.add(found.file.key)
        self._answer(name, found.file)

    def _answer(self, name, file):
        refused = set()
        if self.mood == "refuses":
            refused = {batch.number for batch in file.batches}
        elif self.mood == "refuses_a_batch":
            refused = {file.batches[0].number}
        for batch in file.batches:
            book = self.refused if batch.number in refused else self.taken
            book.update(_key(entry) for entry in batch.entries)
        whole = len(refused) == len(file.batches)
        answer = acknowledge(
            file, REJECTED if whole else ACCEPTED, "INVENTED" if refused else "",
            [] if whole else [(number, "INVENTED") for number in sorted(refused)],
        )  # fmt: skip
        text = write_acknowledgment(answer)
        if self.mood == "wrong_totals":
            wrong = replace(answer, credit_cents=answer.credit_cents + 1)
            self._tell(0, f"ACK0_{name}.txt", write_acknowledgment(wrong))
        self._tell({"late": 3, "wrong_totals": 2}.get(self.mood, 0), f"ACK_{name}.txt", text)
        if self.mood == "doubled":
            self._tell(1, f"ACK2_{name}.txt", text)
        if self.mood in {"returns", "dishonours"}:
            self._give_back(name, file)
        elif self.mood == "corrects":
            self._correct(name, file)

    def _give_back(self, name, file):
        """The first entry of each batch; it stays with its payee where the return is dishonoured."""
        back = return_file(
            file, [(entry.trace, "R03") for entry in _first(file)], created=file.created, modifier="Z",
            first_sequence=self._number(file),
        )  # fmt: skip
        self._tell(1, f"RETURN_{name}", write(back))
        if self.mood == "dishonours":
            named = [(entry.trace, "R68") for batch in back.batches for entry in batch.entries]
            told = dishonored_file(back, named, self._sheet(file, "Y"))
            self._tell(1, f"DISHONORED_{name}", write(told))
        else:
            self.returned.update(_key(entry) for entry in _first(file))

    def _correct(self, name, file):
        changes = [(one.trace, "C01", Correction(account=f"{one.account.strip()[:-2]}00")) for one in _first(file)]
        self._tell(1, f"NOC_{name}", write(change_file(file, changes, self._sheet(file, "X"))))
        self.corrected.update(_key(entry) for entry in _first(file))

    def _sheet(self, file, modifier):
        return Sheet(created=file.created, modifier=modifier, first_sequence=self._number(file))

    def _number(self, file):
        """The first of so many trace numbers as the file has batches."""
        first = self.sequence + 1
        self.sequence += len(file.batches)
        return first

    def _tell(self, turns, name, data):
        self.later.append((turns, name, data))


def _first(file):
    return [batch.entries[0] for batch in file.batches]


def _key(entry):
    return entry.individual_id, entry.amount_cents
