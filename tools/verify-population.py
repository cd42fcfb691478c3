#!/usr/bin/env python3
"""Checks that a population (waybill audit population --out) is complete, without Waybill.

  verify-population.py DIR --key VKEY

The two checkpoints are signed, the second extends the first, the headers are all those in between,
and the changes are those with which, by their headers, a promotion to the stage began: none is
missing, and none is too many. Ends as verify-ledger.py does, which must lie beside it.
"""
import argparse, csv, importlib.util, io, json, os, sys

sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location(
    "ledger", os.path.join(os.path.dirname(os.path.abspath(__file__)), "verify-ledger.py"))
ledger = importlib.util.module_from_spec(spec)
spec.loader.exec_module(ledger)
need = ledger.need

PROMOTION_STARTED = 41  # EVENT_TYPE_PROMOTION_STARTED in docs/waybill.proto

def begins(header, scope):
    """Whether an event began a promotion to the stage; promotions are called STAGE.ID.FREIGHT."""
    project, subject = (header.get(number, b"").decode() for number in (6, 7))
    return header.get(4) == PROMOTION_STARTED and project == scope["project"] \
        and subject.rsplit(".", 2)[0] == "promotion/" + scope["stage"]

def check(folder, keys):
    at = lambda name: os.path.join(folder, name)
    lines = lambda name: ledger.read(at(name)).decode().rstrip("\n").split("\n")
    scope = json.loads(ledger.read(at("population.json")))
    _, after, _ = ledger.read_checkpoint(ledger.read(at("before.checkpoint")), keys)
    origin, last, root = ledger.read_checkpoint(ledger.read(at("after.checkpoint")), keys)
    grown = ledger.read(at("growth")).partition(b"\n\n")[2]
    need(grown == ledger.read(at("after.checkpoint")), "growth leads to another checkpoint")
    ledger.check_consistency([at("before.checkpoint"), at("growth")], keys)

    ledger.check_export(at("headers.jsonl"), keys)
    head, *events, _ = map(json.loads, lines("headers.jsonl"))
    need((head["first"], head["last"], head["root"]) == (after + 1, last, root.hex()),
         "the headers are not those between the checkpoints")
    period = scope["after"], scope["through"]
    need(period == (after, last), "population.json has another period")
    headers = [ledger.fields(ledger.unbase64(event["header"])) for event in events]
    begun = [header[1] for header in headers if begins(header, scope)]

    changes = [json.loads(line) for line in lines("changes.jsonl") if line]
    listed = [change["started"]["position"] for change in changes]
    missing, strange = sorted(set(begun) - set(listed)), sorted(set(listed) - set(begun))
    need(not missing, f"changes.jsonl lacks what began with events {missing}")
    need(not strange, f"changes.jsonl has what did not begin with events {strange}")
    need(listed == begun, "changes.jsonl is not in order, or has a change twice")
    rows = list(csv.reader(io.StringIO("\n".join(lines("changes.csv")), newline="")))
    need([row[0] for row in rows[1:]] == [str(position) for position in begun],
         "changes.csv has other changes than changes.jsonl")
    for change, row in zip(changes, rows[1:]):
        need([change["project"], change["stage"], change["promotion"]] == row[1:4],
             f"changes.csv has another change of event {row[0]}")
        need(change["promotion"] == headers[int(row[0]) - after - 1][7].decode()[10:],
             f"the change of event {row[0]} is another promotion's")
    return (f"{len(begun)} changes of stage {scope['stage']} began with events {after + 1} to "
            f"{last} of {origin}, and all are there")

def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("path")
    parser.add_argument("--key", action="append", required=True, help="verifier key")
    given = parser.parse_args()
    try:
        print(f"OK: {given.path}: {check(given.path, ledger.read_keys(given.key))}")
    except Exception as error:  # what cannot be understood does not hold
        print(f"NOT OK: {given.path}: {error if type(error) is ledger.Wrong else repr(error)}")
        return 2 if isinstance(error, OSError) else 1
    return 0

if __name__ == "__main__":
    sys.exit(main())
