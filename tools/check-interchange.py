#!/usr/bin/env python3
"""Checks JSON Lines of CloudEvents, and the CDEvents in them, against the published schemas.

  check-interchange.py FILE…

The schemas are in fixtures/cloudevents and fixtures/cdevents. One line for each FILE, or for the
first line in it that is not what it should be. Ends with 0 if all are, 1 if not, 2 if a file cannot
be read. Needs the package jsonschema (Debian: python3-jsonschema).
"""
import collections, json, pathlib, re, sys
from urllib.parse import urljoin
import jsonschema

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"
CHECKER = jsonschema.FormatChecker(())

# Formats are checked here, so that none is passed over where a package is missing.
@CHECKER.checks("date-time")
def is_time(text):  # RFC 3339
    return re.fullmatch(
        r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?"
        r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)", text)

CHARACTERS = r"([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"

@CHECKER.checks("uri-reference")
def is_reference(text):  # RFC 3986
    return re.fullmatch(CHARACTERS, text)

@CHECKER.checks("uri")
def is_uri(text):
    return re.fullmatch("[A-Za-z][A-Za-z0-9+.-]*:" + CHARACTERS, text)

def inlined(schema, schemas, base):
    """The schema with each other one that it names in its place."""
    if isinstance(schema, list):
        return [inlined(part, schemas, base) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema and not schema["$ref"].startswith("#"):
        name = urljoin(base, schema["$ref"])
        return inlined({k: v for k, v in schemas[name].items() if k != "$id"}, schemas, name)
    return {key: inlined(part, schemas, base) for key, part in schema.items()}

def validator(schema, schemas, base):
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(inlined(schema, schemas, base), format_checker=CHECKER)

def read_schemas():
    """The envelope's validator, and those of CDEvents by the names of their schemas."""
    found = [json.loads(path.read_text()) for path in (FIXTURES / "cdevents").rglob("*.json")]
    schemas = {schema["$id"]: schema for schema in found}
    envelope = json.loads((FIXTURES / "cloudevents" / "cloudevents.json").read_text())
    return validator(envelope, {}, ""), {
        name: validator(schema, schemas, name) for name, schema in schemas.items()
    }

class Wrong(Exception): """Something is not as the specification says."""
def need(condition, message):
    if not condition:
        raise Wrong(message)

def schema_name(kind):
    """The schema of a type of CDEvents."""
    parts = kind.split(".")
    name = "custom" if parts[1] == "cdeventsx" else f"{parts[2]}-{parts[3]}-event"
    return "https://cdevents.dev/0.5.1/schema/" + name

def check_cdevent(envelope, validators):
    """The schema, and what the CloudEvents binding says besides."""
    event = envelope["data"]
    name = schema_name(envelope["type"])
    need(envelope.get("dataschema") == name, f"{envelope['type']} has schema {name}")
    need(name in validators, f"there is no schema {name}")
    validators[name].validate(event)
    context, subject = event["context"], event["subject"]
    said = [context["id"], context["source"], context["type"], context["timestamp"], subject["id"]]
    told = [envelope.get(key) for key in ("id", "source", "type", "time", "subject")]
    need(said == told, "the envelope says something else than the context")
    chain = context.get("chainId")
    uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    need(chain is None or re.fullmatch(uuid, chain), "the chain is no UUID of version 4")
    for link in context.get("links", []):
        need(link["from"]["contextId"] != context["id"], "an event leads to itself")

def check(path, envelopes, validators):
    """Each line; the types, and how many of each there are."""
    kinds, seen = collections.Counter(), set()
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                event = json.loads(line)
                envelopes.validate(event)
                need(event["specversion"] == "1.0", "it is no CloudEvent 1.0")
                name = (event["source"], event["id"])
                need(name not in seen, "another line has the same source and id")
                seen.add(name)
                if event["type"].startswith("dev.cdevents"):
                    check_cdevent(event, validators)
            except jsonschema.ValidationError as error:
                raise Wrong(f"line {number}: {error.json_path}: {error.message}") from None
            except (Wrong, ValueError) as error:
                raise Wrong(f"line {number}: {error}") from None
            kinds[event["type"]] += 1
    return kinds

def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    envelopes, validators = read_schemas()
    code = 0
    for path in sys.argv[1:]:
        try:
            kinds = check(path, envelopes, validators)
            print(f"OK: {path}: {sum(kinds.values())} events of {len(kinds)} types")
            for kind, count in sorted(kinds.items()):
                print(f"  {count} {kind}")
        except Wrong as error:
            code = 1
            print(f"NOT OK: {path}: {error}")
        except OSError as error:
            code = 2
            print(f"NOT OK: {path}: {error}")
    return code

if __name__ == "__main__":
    sys.exit(main())
