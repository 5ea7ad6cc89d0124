"""A participant's year, as the tests tell it to a ledger.

1,000.00 on 1 May 2023: 600.00 buy 60 units of INDEX at 10, 400.00 go to a term of one year at 0%, which matures on
15 May 2024 and stays. On 3 June 100.00 are withdrawn from INDEX at 12.5: 8 units, 52 are left, worth 650.00.
"""

from datetime import date
from typing import Any

from contracts_schema.testing import AnnuityLedger

Json = dict[str, Any]
QUARTER = (date(2024, 4, 1), date(2024, 6, 28))
KEY = "ACME-457|P1"
WITHDRAWN_ON = date(2024, 6, 3)

TERMS: Json = {
    "contract_id": "ACME-457",
    "version": 1,
    "effective_from": "2023-05-01",
    "title": "ACME 457(b) plan",
    "charge_class": "standard",
    "accounts": ["pretax"],
    "options": [
        {"kind": "fund", "option": "INDEX", "fund": "INDEX"},
        {
            "kind": "guaranteed",
            "option": "GAA",
            "series": "G",
            "mva": {"yield_source": "constant_maturity", "yield_series": "CMT"},
            "at_maturity": "stays",
        },
    ],
    "submitters": [{"submitted_by": "portal", "received_at_trusted": True}],
}
OFFERING: Json = {
    "series": "G",
    "offering_id": "2023-05",
    "period_start": "2023-05-01",
    "period_end": "2023-05-15",
    "terms": [{"years": 1, "maturity": "2024-05-15", "steps": [{"rate": "0", "through": "2024-05-15"}]}],
}


def told(ledger: AnnuityLedger) -> None:
    """Tell the story up to the quarter's end."""
    ledger.publish("contract-terms", TERMS)
    ledger.publish("guaranteed-offerings", OFFERING)
    allocation = [{"option": "INDEX", "percent": "60"}, {"option": "GAA", "term": 1, "percent": "40"}]
    opening = {"kind": "open_account", "account": "pretax", "allocation": allocation}
    ledger.publish("account-instructions", request("open", "2023-05-01T09:00:00-04:00") | {"instruction": opening})
    deposit = {"account": "pretax", "amount": "1000.00", "source": "salary_reduction"}
    ledger.publish("deposit-requests", request("deposit", "2023-05-01T10:00:00-04:00") | deposit)
    ledger.close_through(date(2024, 5, 31))
    taken = {"account": "pretax", "amount": "100.00", "reason": "in_service", "from": [{"option": "INDEX"}]}
    ledger.publish("withdrawal-requests", request("withdrawal", f"{WITHDRAWN_ON}T10:00:00-04:00") | taken)
    ledger.close_day({"INDEX": "12.500000"})
    ledger.await_confirmation("withdrawal")
    ledger.close_through(QUARTER[1])


def request(request_id: str, received_at: str) -> Json:
    """What every request says."""
    return {
        "request_id": request_id,
        "contract_id": "ACME-457",
        "participant_id": "P1",
        "submitted_by": "portal",
        "received_at": received_at,
    }
