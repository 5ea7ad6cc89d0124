"""The base of what this service writes."""

from __future__ import annotations

from typing import Any, ClassVar

from contracts_schema.types import Message


class Written(Message):
    """Base of what this service writes. Read from JSON it is validated; made by our own code, as `Leg(...)`, it is
    not, for that would cost more than the rules: the type checker sees to the fields, and a test reads back what
    every scenario writes.
    """

    _template: ClassVar[dict[str, Any]] = {}
    _names: ClassVar[set[str]] = set()

    def __init__(self, **fields: Any) -> None:  # noqa: ANN401 -- the type checker makes a signature of the fields
        made = self._template | fields
        if len(made) != len(self._template):
            msg = f"{type(self).__name__} has no {sorted(fields.keys() - self._template.keys())}"
            raise TypeError(msg)
        object.__setattr__(self, "__dict__", made)
        object.__setattr__(self, "__pydantic_fields_set__", self._names)
        object.__setattr__(self, "__pydantic_extra__", None)
        object.__setattr__(self, "__pydantic_private__", None)

    # Validation makes instances by itself, as it does for models without an __init__ of their own.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        # What is required and was not given stays undefined, and cannot be written.
        cls._template = {name: field.get_default(call_default_factory=True) for name, field in cls.model_fields.items()}
        cls._names = set(cls._template)
