"""What breaks whom: the table of the README beside the published files, a row at a time, and a field taken away."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, create_model

from services.runtime.cli.commands.schemas import readers
from services.runtime.schemas import asyncapi, published
from services.runtime.schemas.compatibility import schema_breaks
from services.runtime.schemas.json_schema import json_schema
from services.runtime.schemas.messages import PublishedMessage, Role, published_messages
from services.runtime.schemas.published import channels, contracts, home, there
from services.runtime.schemas.topic_changes import topic_breaks
from tests.cli.running import annuity_ledger

Json = dict[str, Any]
STRING: Json = {"type": "string"}
SHORT: Json = {"type": "string", "maxLength": 64}
INTEGER: Json = {"type": "integer"}
OPEN: Json = {"type": "string", "x-extensible-enum": ["A", "B"]}


def thing(required: str = "a", **properties: Json) -> Json:
    return {"type": "object", "properties": {"a": STRING, **properties}, "required": required.split()}


def decimal(digits: int, places: int, *, zero: bool = True) -> Json:
    limits = {"digits": digits, "places": places, "zero": zero, "negative": False}
    return {"type": "string", "pattern": f"^{digits}.{places}$", "x-decimal": limits}


def either(*kinds: str, **properties: Json) -> Json:
    of = [
        {"type": "object", "properties": {"kind": {"const": kind}, **properties}, "required": ["kind"]}
        for kind in kinds
    ]
    return {"type": "array", "items": {"oneOf": of}}


CHANGES = {
    "removed": (thing(b=STRING), thing(), "b: is removed", "b: is removed"),
    "removed inside": (thing(b=thing(c=STRING)), thing(b=thing()), "b.c: is removed", "b.c: is removed"),
    "removed of a kind": (
        thing(b=either("x", "y", c=STRING)),
        thing(b=either("x", "y")),
        "b[]<x>.c: is removed",
        "b[]<x>.c: is removed",
    ),
    "added, optional": (thing(), thing(b=STRING), None, None),
    "added, required": (thing(), thing("a b", b=STRING), "b: is required now", None),
    "required": (thing(b=STRING), thing("a b", b=STRING), "b: is required now", None),
    "optional": (thing("a b", b=STRING), thing(b=STRING), None, "b: may be left out now"),
    "narrowed type": (thing(b={"type": ["string", "null"]}), thing(b=STRING), "b: takes no longer: null", None),
    "widened type": (thing(b=STRING), thing(b={"type": ["string", "null"]}), None, "b: may be what it never was: null"),
    "another type": (
        thing(b=STRING),
        thing(b=INTEGER),
        "b: takes no longer: string",
        "b: may be what it never was: integer",
    ),
    "widened number": (
        thing(b=INTEGER),
        thing(b={"type": "number"}),
        None,
        "b: may be what it never was: number",
    ),
    "fewer values": (thing(b={"enum": ["A", "B"]}), thing(b={"enum": ["B"]}), "b: takes no longer: A", None),
    "more values": (thing(b={"const": "A"}), thing(b={"enum": ["A", "B"]}), None, "b: may be what it never was: B"),
    "any value": (thing(b={"enum": ["A"]}), thing(b=STRING), None, "b: may be what it never was: any string"),
    "an open value more": (thing(b=OPEN), thing(b={**OPEN, "x-extensible-enum": ["A", "B", "C"]}), None, None),
    "longer": (thing(b=SHORT), thing(b=STRING), None, "b: may be more: maxLength is nothing, and was 64"),
    "shorter": (thing(b=STRING), thing(b=SHORT), "b: takes less: maxLength is 64, and was nothing", None),
    "at least": (
        thing(b={**INTEGER, "minimum": 0}),
        thing(b={**INTEGER, "minimum": 1}),
        "b: takes less: minimum is 1, and was 0",
        None,
    ),
    "fewer items": (
        thing(b={"type": "array", "items": STRING}),
        thing(b={"type": "array", "items": SHORT, "maxItems": 9}),
        "b: takes less: maxItems is 9, and was nothing",
        None,
    ),
    "another pattern": (
        thing(b={**STRING, "pattern": "^a$"}),
        thing(b={**STRING, "pattern": "^b$"}),
        "b: takes less: pattern is ^b$, and was ^a$",
        "b: may be more: pattern is ^b$, and was ^a$",
    ),
    "fewer places": (thing(b=decimal(9, 6)), thing(b=decimal(9, 2)), "b: takes less: places is 2, and was 6", None),
    "more digits": (thing(b=decimal(9, 2)), thing(b=decimal(12, 2)), None, "b: may be more: digits is 12, and was 9"),
    "not zero": (
        thing(b=decimal(9, 2)),
        thing(b=decimal(9, 2, zero=False)),
        "b: takes less: zero is False, and was True",
        None,
    ),
    "a kind more": (thing(b=either("x")), thing(b=either("x", "y")), None, None),
    "a kind less": (thing(b=either("x", "y")), thing(b=either("y")), "b[]: takes no longer: x", None),
    "another default": (
        thing(b={**STRING, "default": "A"}),
        thing(b={**STRING, "default": "B"}),
        "b: means B when it is left out, and meant A",
        None,
    ),
    "another default inside": (
        thing(b={**thing(c={**INTEGER, "default": 1}), "default": {"c": 1}}),
        thing(b={**thing(c={**INTEGER, "default": 2}), "default": {"c": 2}}),
        "b.c: means 2 when it is left out, and meant 1",
        None,
    ),
    "built": (thing(unbuilt=thing(c=STRING)), thing(unbuilt=thing()), None, None),
    "no unknown fields": (
        thing(),
        {**thing(), "additionalProperties": False},
        "takes no unknown fields any more",
        None,
    ),
    "a map's values": (
        thing(b={"type": "object", "additionalProperties": STRING}),
        thing(b={"type": "object", "additionalProperties": INTEGER}),
        "b{}: takes no longer: string",
        "b{}: may be what it never was: integer",
    ),
    "moved into a type": (thing(b=STRING), {**thing(b={"$ref": "#/$defs/B"}), "$defs": {"B": STRING}}, None, None),
    "said otherwise": (thing(), {**thing(), "description": "better"}, None, None),
}


@pytest.mark.parametrize(("old", "new", "of_received", "of_written"), CHANGES.values(), ids=CHANGES.keys())
def test_what_a_change_breaks(old: Json, new: Json, of_received: str | None, of_written: str | None) -> None:
    for role, expected in ((Role.RECEIVED, of_received), (Role.WRITTEN, of_written)):
        found = [str(each).removeprefix(": ") for each in schema_breaks(role, old, new)]
        if expected is None:
            assert found == []
        else:
            assert any(each.startswith(expected) for each in found), found


def test_what_stays_as_it_is_breaks_nothing() -> None:
    for message in published_messages():
        schema = json_schema(message)
        assert [*schema_breaks(message.role, schema, json.loads(json.dumps(schema)))] == []


def without(model: type[BaseModel], field: str) -> type[BaseModel]:
    """The model as it would be if somebody deleted a field."""
    kept: Any = {name: (info.annotation, info) for name, info in model.model_fields.items() if name != field}
    made: type[BaseModel] = create_model(model.__name__, __config__=model.model_config, __doc__=model.__doc__, **kept)
    return made


@pytest.mark.parametrize("message", published_messages(), ids=lambda message: message.name)
def test_no_message_can_lose_a_field_of_its_model_unseen(message: PublishedMessage) -> None:
    old, fields = json_schema(message), message.model.model_fields
    for name in (min(fields), max(fields)):
        new = json_schema(PublishedMessage(without(message.model, name), message.topic))
        told = {(each.field, each.why.partition(":")[0]) for each in schema_breaks(message.role, old, new)}
        assert (fields[name].alias or name, "is removed") in told


@pytest.mark.parametrize(("name", "field"), [("DepositRequest", "remittance_total"), ("Confirmation", "rounding")])
def test_removing_a_field_fails_the_check(monkeypatch: pytest.MonkeyPatch, name: str, field: str) -> None:
    def changed() -> tuple[PublishedMessage, ...]:
        return tuple(
            PublishedMessage(without(m.model, field) if m.name == name else m.model, m.topic)
            for m in published_messages()
        )

    before = annuity_ledger("schemas", "check", "--against", home())
    assert (before.code, before.out) == (0, "")
    for module in (asyncapi, published):
        monkeypatch.setattr(module, "published_messages", changed)
    done = annuity_ledger("schemas", "check")
    assert done.code == 1
    assert "asyncapi.json is not what the models make: run `annuity-ledger schemas write`\n" in done.err
    assert f"breaks {name}: {field}: is removed: " in done.err


def test_a_message_that_is_gone_or_a_header_fails_the_check(tmp_path: Any) -> None:  # noqa: ANN401
    for path, contents in there(home()).items():
        (tmp_path / path).write_bytes(contents)
    document = json.loads((tmp_path / "asyncapi.json").read_bytes())
    document["channels"]["quotes"]["messages"]["Guess"] = {}
    document["components"]["messages"]["Guess"] = document["components"]["messages"]["Quote"]
    headers = document["components"]["messages"]["Alarm"]["headers"]
    headers["properties"]["ce_dataschema"] = {"type": "string"}
    headers["required"].append("ce_dataschema")
    (tmp_path / "asyncapi.json").write_text(json.dumps(document))
    done = annuity_ledger("schemas", "check", "--against", tmp_path)
    assert done.code == 1
    assert "breaks Guess: is gone from quotes\n" in done.err
    assert "breaks Alarm: header ce_dataschema: is removed: its readers have it no longer\n" in done.err


def test_what_is_no_reference_is_said() -> None:
    done = annuity_ledger("schemas", "check", "--against", "no-such-commit")
    assert done.code == 2
    assert done.err.startswith("no-such-commit is no folder, and git says: ")


TOPIC_CHANGES = [
    ("x-key", "fund", "key"),
    ("x-partitions", "one", "partitions"),
    ("retention.ms", 1000, "retention.ms"),
    ("cleanup.policy", ["compact"], "cleanup.policy"),
    ("message.timestamp.type", "CreateTime", "message.timestamp.type"),
    ("max.message.bytes", 1000, "max.message.bytes"),
]


@pytest.mark.parametrize(("name", "value", "told"), TOPIC_CHANGES)
def test_a_topic_stays_as_it_is(name: str, value: object, told: str) -> None:
    old = channels(there(home()))
    new = json.loads(json.dumps(old))
    assert [*topic_breaks(old, new)] == []
    where = new["deposit-requests"]
    (where if name.startswith("x-") else where["bindings"]["kafka"]["topicConfiguration"])[name] = value
    assert [(each.where, each.field) for each in topic_breaks(old, new)] == [("deposit-requests", told)]
    del new["deposit-requests"]
    assert [str(each) for each in topic_breaks(old, new)] == ["deposit-requests: is no topic of the contract any more"]
    private = {name: channel for name, channel in old.items() if name != "ledger-market"}
    assert [*topic_breaks(old, private)] == []


def test_every_message_of_the_contract_is_compared() -> None:
    found = contracts(published.made(readers()))
    assert len(found) == 35  # dead letters too, of which the headers are promised
    assert found["DeadLetter"].schema == {}
    assert found["DepositRequest"].role is Role.RECEIVED
    assert found["DayClosedEntry"].role is Role.WRITTEN
