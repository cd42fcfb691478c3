#!/usr/bin/env python3
"""Checks what a Waybill ledger has published or handed out, without Waybill.

  verify-ledger.py checkpoint FILE… --key VKEY           waybill ledger checkpoint
  verify-ledger.py tiles DIR --key VKEY                  waybill ledger tiles
  verify-ledger.py export FILE… [--key VKEY]             waybill ledger export
  verify-ledger.py proof FILE… --key VKEY                waybill ledger prove --position
  verify-ledger.py consistency CHECKPOINT PROOF… --key VKEY  (each goes on after the last one)
                                                         waybill ledger prove --from

One line for each thing. Ends with 0 if all holds, 1 if something does not, 2 if it cannot be read.
Formats: docs/PROOFS.md, docs/waybill.proto. Needs Python 3.9 and the package cryptography.
"""
import argparse, base64, functools, hashlib, json, os, re, sys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256  # hashes in a full tile, entries in a full bundle

class Wrong(Exception): """Something does not hold."""
def need(condition, message):
    if not condition:
        raise Wrong(message)

def read(path):
    with open(path, "rb") as file:
        return file.read()

def unbase64(text, size=None):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "base 64 that is not canonical")
    need(size is None or len(data) == size, f"base 64 of {len(data)} bytes, not {size}")
    return data

def decimal(text):
    need(re.fullmatch("0|[1-9][0-9]{0,19}", text), f"{text[:40]!r} is no number")
    return int(text)

# Merkle trees (RFC 6962, 2.1).
sha256 = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
leaf_hash = lambda data: sha256(b"\x00", data)
node_hash = lambda left, right: sha256(b"\x01", left, right)
split = lambda size: 1 << (size - 1).bit_length() - 1

class Tree:
    """A tree that grows: the roots of its complete subtrees, the largest first."""
    def __init__(self, size=0, peaks=()):
        self.size, self.peaks = size, list(peaks)
        need(bin(size).count("1") == len(self.peaks), "the peaks before the events are missing")
    def add(self, *leaves):
        for leaf in leaves:
            rest, self.size = self.size, self.size + 1
            while rest & 1:
                leaf, rest = node_hash(self.peaks.pop(), leaf), rest >> 1
            self.peaks.append(leaf)
        return self
    def root(self):
        nodes = self.peaks[::-1] or [sha256()]
        return functools.reduce(lambda right, left: node_hash(left, right), nodes)

def inclusion_root(leaf, index, size, proof):
    """The root to which PATH(index, D[size]) leads (2.1.1)."""
    need(index < size and (size > 1) == bool(proof), "a proof with a hash too few or too many")
    if size == 1:
        return leaf
    left = split(size)
    if index < left:
        return node_hash(inclusion_root(leaf, index, left, proof[:-1]), proof[-1])
    return node_hash(proof[-1], inclusion_root(leaf, index - left, size - left, proof[:-1]))

def growth_roots(old_root, old_size, size, proof, whole=True):
    """The older and the newer root to which SUBPROOF(old_size, D[size], whole) leads (2.1.2)."""
    if old_size == size:
        need(len(proof) == (0 if whole else 1), "a proof with a hash too few or too many")
        return (old_root, old_root) if whole else (proof[0], proof[0])
    need(proof, "a proof with a hash too few or too many")
    left = split(size)
    if old_size <= left:
        old, new = growth_roots(old_root, old_size, left, proof[:-1], whole)
        return old, node_hash(new, proof[-1])
    old, new = growth_roots(old_root, old_size - left, size - left, proof[:-1], False)
    return node_hash(proof[-1], old), node_hash(proof[-1], new)

# Keys, notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).
def read_keys(texts):
    keys = {}
    for text in texts:
        name, identifier, data = text.strip().split("+", 2)
        data = unbase64(data, 33)
        need(data[0] == 1, "the key is of another kind than Ed25519")
        need(sha256(name.encode(), b"\n", data)[:4].hex() == identifier, "the key was changed")
        keys[name, identifier] = Ed25519PublicKey.from_public_bytes(data[1:])
    return keys

def read_checkpoint(data, keys):
    """Origin, size and root; without keys the signatures are not looked at."""
    note = data.decode("utf-8")
    need(all(c >= " " or c == "\n" for c in note), "a note with control characters")
    text, gap, below = note.rpartition("\n\n")
    need(gap and len(below) > 1 and below[-1] == "\n", "a note without signatures")
    text, signers = text + "\n", []
    for line in below[:-1].split("\n"):
        dash, name, signature = line.split(" ")
        signature = unbase64(signature)
        need(dash == "\u2014" and name and "+" not in name and len(signature) > 4, "no signature")
        if key := keys.get((name, signature[:4].hex())):
            try:
                key.verify(signature[4:], text.encode())
            except InvalidSignature:
                raise Wrong(f"the signature of {name} is not one of this text") from None
            signers.append(name)
    lines = text[:-1].split("\n")
    need(len(lines) > 2 and all(lines), "a checkpoint without origin, size and root")
    need(not keys or lines[0] in signers, "no signature is by the key of the log, as it was given")
    return lines[0], decimal(lines[1]), unbase64(lines[2], 32)

# Events: header, salt and payload (docs/waybill.proto).
def fields(data):
    """The fields of a protobuf message by number, each there once."""
    found, place = {}, 0
    def varint():
        nonlocal place
        value = shift = 0
        while True:
            need(place < len(data) and shift < 70, "a record that is cut off")
            value |= (data[place] & 0x7F) << shift
            shift, place = shift + 7, place + 1
            if data[place - 1] < 0x80:
                return value
    while place < len(data):
        number, kind = divmod(varint(), 8)
        need(kind in (0, 2) and number not in found, "a record with a field that cannot be there")
        value = varint()
        if kind == 2:
            need(place + value <= len(data), "a record that is cut off")
            place, value = place + value, data[place:place + value]
        found[number] = value
    return found

class Order:
    """Follows headers: positions have no gaps, times never run backward, payloads are theirs."""
    def __init__(self, position=0):
        self.position, self.time = position, None
    def take(self, data, salted=None):
        header, self.position = fields(data), self.position + 1
        name = f"event {self.position}"
        need(header.get(1) == self.position, f"{name} names position {header.get(1)}")
        time = header.get(2, 0) - (header.get(2, 0) >> 63 << 64)
        need(self.time is None or time >= self.time, f"{name} is older than the one before it")
        need(len(header[17]) == 32, f"{name} has no hash of its payload")
        need(salted is None or sha256(salted) == header[17], f"{name} has another payload")
        self.time = time
        return header

# What is checked: each takes paths and keys, and says what holds.
def check_checkpoint(path, keys):
    origin, size, root = read_checkpoint(read(path), keys)
    return f"{origin} had {size} events, with root {root.hex()}"

def check_proof(path, keys):
    """c2sp.org/tlog-proof, with the event's bytes in the line extra."""
    body, _, note = read(path).partition(b"\n\n")
    lines = body.decode().split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1" and len(lines) > 2, "it is no tlog-proof")
    need(lines[1].startswith("extra ") and lines[2].startswith("index "), "it lacks the event")
    record, index = fields(unbase64(lines[1][6:])), decimal(lines[2][6:])
    need(sorted(record) in ([1], [1, 2, 3]), "the event is not header, salt and payload")
    origin, size, root = read_checkpoint(note, keys)
    proof = [unbase64(line, 32) for line in lines[3:]]
    found = inclusion_root(leaf_hash(record[1]), index, size, proof)
    need(found == root, "the hashes lead from the event to another root than the checkpoint's")
    header = Order(index).take(record[1], record[2] + record[3] if 2 in record else None)
    subject, actor = header.get(7, b"").decode(), header.get(8, b"").decode()
    return f"event {index + 1} of {origin}, about {subject}, by {actor}, is among the first {size}"

def check_consistency(paths, keys):
    """A checkpoint, then proofs as a witness takes them (c2sp.org/tlog-witness)."""
    origin, size, root = read_checkpoint(read(paths[0]), keys)
    first = size
    for path in paths[1:]:
        body, _, note = read(path).partition(b"\n\n")
        lines = body.decode().split("\n")
        need(lines[0] == f"old {size}", f"the proof does not begin with old {size}")
        new_origin, new_size, new_root = read_checkpoint(note, keys)
        need(new_origin == origin, "the checkpoints are of two logs")
        proof = [unbase64(line, 32) for line in lines[1:]]
        need(size <= new_size, f"the log has shrunk from {size} to {new_size} events")
        # Whatever there is extends nothing at all.
        roots = (sha256(*proof), new_root if new_size else root)
        roots = growth_roots(root, size, new_size, proof) if size else roots
        need(roots == (root, new_root), "the hashes lead to other roots than the checkpoints'")
        size, root = new_size, new_root
    return f"{origin} has only grown from {first} to {size} events"

def read_tile(folder, kind, number, width):
    *groups, last = re.findall("...", str(number).zfill(-(-len(str(number)) // 3) * 3))
    path = f"tile/{kind}/" + "".join(f"x{group}/" for group in groups) + last
    path += "" if width == WIDTH else f".p/{width}"
    need(os.path.isfile(os.path.join(folder, path)), f"{path} is missing")
    return read(os.path.join(folder, path))

def unbundle(data, width):
    data = memoryview(data)
    for _ in range(width):
        end = 2 + int.from_bytes(data[:2], "big")
        need(2 < end <= len(data), f"a bundle with less than {width} entries")
        yield bytes(data[2:end])
        data = data[end:]
    need(not data, f"a bundle with more than {width} entries")

def check_tiles(folder, keys):
    """c2sp.org/tlog-tiles: every tile is made anew from the entries."""
    origin, size, root = read_checkpoint(read(os.path.join(folder, "checkpoint")), keys)
    tree, order, rows = Tree(), Order(), [bytearray()]
    for number in range(-(-size // WIDTH)):
        width = min(WIDTH, size - WIDTH * number)
        for entry in unbundle(read_tile(folder, "entries", number, width), width):
            order.take(entry)
            rows[0] += leaf_hash(entry)
            tree.add(leaf_hash(entry))
    need(tree.root() == root, "the events have another root than the checkpoint")
    for level, row in enumerate(rows):
        above = bytearray()
        for start in range(0, len(row), 32 * WIDTH):
            part = bytes(row[start:start + 32 * WIDTH])
            found = read_tile(folder, level, start // (32 * WIDTH), len(part) // 32)
            need(found == part, f"tile {start // (32 * WIDTH)} of level {level} is another")
            if len(part) == 32 * WIDTH:
                hashes = [part[place:place + 32] for place in range(0, len(part), 32)]
                above += Tree().add(*hashes).root()
        if above:
            rows.append(above)
    check_earlier(folder, [size] + [len(row) // 32 for row in rows])
    return f"{origin} has {size} events, all in their places, with root {root.hex()}"

def check_earlier(folder, counts):
    """Partial tiles of earlier checkpoints are beginnings of what there is now."""
    for path, _, names in os.walk(os.path.join(folder, "tile")):
        part = re.search(r"tile/(entries|\d+)/((?:x\d{3}/)*\d{3})\.p$", path)
        for name in names if part else []:
            kind, number = part[1], int(re.sub("[x/]", "", part[2]))
            level = 0 if kind == "entries" else int(kind) + 1
            width = min(WIDTH, (counts[level] if level < len(counts) else 0) - WIDTH * number)
            if name.isdigit() and 0 < int(name) < width:  # else of a run that was cut short
                now, found = read_tile(folder, kind, number, width), read(f"{path}/{name}")
                whole = len(found) == 32 * int(name) if level else list(unbundle(found, int(name)))
                need(whole and now.startswith(found), f"{path}/{name} is not how the tile begins")

def check_export(path, keys):
    """Lines of JSON: what it is, an event each, and a seal."""
    *lines, end, nothing = read(path).split(b"\n")
    head, end = json.loads(lines[0]), json.loads(end)
    kinds = head["waybill"], head["version"], end["waybill"], nothing
    need(kinds == ("export", 1, "end", b""), "it is no export, or is cut off")
    seal = sha256(*(line + b"\n" for line in lines)).hex()
    need(seal == end["sha256"], "the bytes are not those that the last line seals")
    first, last, redacted, size = head["first"], head["last"], 0, None
    need(last == head["size"] and end["events"] == len(lines) - 1 == last - first + 1,
         "there are not as many events as the first and the last line say")
    tree = Tree(first - 1, [bytes.fromhex(peak) for peak in head.get("peaks", [])])
    need(tree.root().hex() == head["before"], "what precedes the events has another root")
    need(end["checkpoint"] or not keys, "there is no checkpoint that a key could have signed")
    if end["checkpoint"]:
        origin, size, root = read_checkpoint(end["checkpoint"].encode(), keys)
        need(origin == head["origin"], "the checkpoint is of another log")
        need(first - 1 <= size <= last, "the checkpoint is of a size that cannot be checked here")
        need(size > tree.size or root == tree.root(), "the checkpoint has another root")
    order = Order(first - 1)
    for event in map(json.loads, lines[1:]):
        raw, shown, hidden = unbase64(event["header"]), event["event"], event["payload"] is None
        salted = None if hidden else unbase64(event["salt"]) + unbase64(event["payload"])
        header, redacted = order.take(raw, salted), redacted + hidden
        said = [event["position"], shown["position"], shown["subject"], shown["actor"]["name"]]
        texts = [header.get(number, b"").decode() for number in (7, 8)]
        need(said == [order.position] * 2 + texts, f"event {order.position} reads as another one")
        tree.add(leaf_hash(raw))
        need(tree.size != size or tree.root() == root, "the checkpoint has another root")
    need(tree.root().hex() == head["root"], "the events have another root than the first line")
    signed = f"signed by {origin} at {size}" if keys else "no signature was checked"
    return f"events {first} to {last}, {redacted} redacted, {signed}, root {tree.root().hex()}"

def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what", choices=["checkpoint", "tiles", "export", "proof", "consistency"])
    parser.add_argument("path", nargs="+")
    parser.add_argument("--key", action="append", default=[], help="verifier key; may be repeated")
    given, code = parser.parse_args(), 0
    if not given.key and given.what != "export":
        parser.error("give the verifier key of the ledger with --key")
    for subject in [given.path] if given.what == "consistency" else given.path:
        name = subject if isinstance(subject, str) else subject[-1]
        try:
            print(f"OK: {name}: {globals()['check_' + given.what](subject, read_keys(given.key))}")
        except Exception as error:  # what cannot be understood does not hold
            code = max(code, 2 if isinstance(error, OSError) else 1)
            print(f"NOT OK: {name}: {error if type(error) is Wrong else repr(error)}")
    return code

if __name__ == "__main__":
    sys.exit(main())
