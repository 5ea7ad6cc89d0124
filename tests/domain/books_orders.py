"""Builders of orders about an account or a participant: closings, and orders that block (ACC-1, DEP-9)."""

from tests.domain.books import Json, request


def closing(request_id: str, received: str, account: str = "pretax", **more: object) -> Json:
    return request(request_id, received, instruction={"kind": "close_account", "account": account}, **more)


def hold(request_id: str, received: str, order: str = "OFAC-1", **more: object) -> Json:
    return request(request_id, received, instruction={"kind": "aml_hold", "order": order}, **more)


def release(request_id: str, received: str, order: str = "OFAC-1", **more: object) -> Json:
    return request(request_id, received, instruction={"kind": "aml_release", "order": order}, **more)
