"""Runs inside another library's environment: it reads or writes ACH beside the floor, in one process. Knows no line of ours.

    python nacha_peer.py NAME read|write FILE REPEATS     prints {"entries": ..., "ratios": [...], "seconds": [...]}

FILE has one line a record. To write, the payments are taken out of it first, which is not timed: what is timed begins
with values in the form that the library takes, and ends with the text of the file.
"""

import json
import sys
import time
from pathlib import Path

COLUMNS = ((0, 1), (1, 3), (3, 12), (12, 29), (29, 39), (39, 54), (54, 76), (76, 78), (78, 79), (79, 94))
ROUTING, COMPANY = "091000019", "1912345678"


def floor(text):
    """The least that any reader does: every line cut into the columns of an entry, all lists kept."""
    return [[line[start:end] for start, end in COLUMNS] for line in text.split("\n")]


def payments(text):
    """Class, then (transaction code, routing number, account, cents, id, name, addenda or None), of each entry."""
    found, sec = [], ""
    for line in text.split("\n"):
        if line[:1] == "5":
            sec = line[50:53]
            found.append((sec, []))
        elif line[:1] == "6":
            row = [
                line[1:3],
                line[3:12],
                line[12:29].strip(),
                int(line[29:39]),
                line[39:54].strip(),
                line[54:76].strip(),
            ]
            found[-1][1].append([*row, None])
        elif line[:1] == "7":
            found[-1][1][-1][6] = line[3:83].rstrip()
    return found


def achkit_read(text):
    import achkit

    return sum(len(batch["entries"]) for batch in achkit.parse(text)["batches"])


def carta_read(text):
    from ach.parser import Parser

    return sum(len(batch["entries"]) for batch in Parser(text).as_dict()["batches"])


def achkit_values(batches):
    """Its file with every payment added: from there it renders."""
    import achkit

    file = achkit.AchFile.create(ROUTING, COMPANY, origin_name="SAMPLE MEDICS")
    for sec, rows in batches:
        batch = file.batch(sec, "PAYMENT", "2026-11-24")
        for code, routing, account, cents, id_number, name, addenda in rows:
            kind = "savings" if code[0] == "3" else "checking"
            batch.credit(name, routing, account, cents, account_type=kind, id_number=id_number, addenda=addenda)
    return file


def achkit_write(file):
    return file.render()


def carta_values(batches):
    """Its dictionaries; it makes records of them when a batch is added, and joins these in the end."""
    return [
        (
            sec,
            [
                {
                    "type": code,
                    "routing_number": routing,
                    "account_number": account,
                    "amount": f"{cents // 100}.{cents % 100:02d}",
                    "id_number": id_number,
                    "name": name,
                    **({"addenda": [{"payment_related_info": addenda}]} if addenda else {}),
                }
                for code, routing, account, cents, id_number, name, addenda in rows
            ],
        )
        for sec, rows in batches
    ]


def carta_write(batches):
    from ach.builder import AchFile

    settings = {
        "immediate_dest": ROUTING,
        "immediate_org": COMPANY,
        "immediate_dest_name": "SAMPLE BANK",
        "immediate_org_name": "SAMPLE MEDICS",
        "company_id": COMPANY,
    }
    file = AchFile("A", settings)
    for sec, rows in batches:
        file.add_batch(sec, rows, credits=True, entry_desc="PAYMENT")
    return file.render_to_string()


READERS = {"achkit": achkit_read, "carta-ach": carta_read}
WRITERS = {"achkit": (achkit_values, achkit_write), "carta-ach": (carta_values, carta_write)}


def timed(call, value):
    began = time.process_time()
    result = call(value)
    return time.process_time() - began, result


def main(name, way, path, repeats):
    text = Path(path).read_text("ascii")
    batches = payments(text)
    entries, runs = sum(len(rows) for _, rows in batches), []
    for _ in range(repeats):
        floor_s, kept = timed(floor, text)
        del kept
        if way == "read":
            seconds, count = timed(READERS[name], text)
            if count != entries:
                raise SystemExit(f"it finds {count} of {entries} entries")
        else:
            values, write = WRITERS[name]
            seconds, written = timed(write, values(batches))
            count = sum(line[:1] == "6" for line in written.split("\n"))
            if count != entries:
                raise SystemExit(f"it writes {count} of {entries} entries")
        runs.append((seconds / floor_s, seconds))
    print(json.dumps({"entries": entries, "ratios": [one for one, _ in runs], "seconds": [one for _, one in runs]}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
