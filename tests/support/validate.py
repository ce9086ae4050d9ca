#!/usr/bin/python3
"""Validates the JSON objects on standard input, one a line, with a JSON Schema that has every member.

usage: validate.py SCHEMA
"""
import json
import sys

import jsonschema


def strict(schema):
    """The same, but members that it does not name are errors: readers bear new ones, the schema shall tell of them."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: strict(part) for name, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and "oneOf" not in schema:
        closed["additionalProperties"] = False
    return closed


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(strict(schema))
kind = lambda name: jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": strict(schema["$defs"])})
lines = 0
for lines, line in enumerate(sys.stdin, 1):
    record = json.loads(line)
    if not validator.is_valid(record):
        # What is wrong with its own kind says more than that it is none of the kinds.
        reasons = [error.message for error in kind(record.get("type", "message")).iter_errors(record)]
        sys.exit(f"line {lines}: {'; '.join(reasons)}\n{line}")
print(lines)
