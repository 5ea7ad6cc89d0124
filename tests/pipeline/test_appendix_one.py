"""Appendix I of the prospectus, through Kafka: the check for $2,000 takes $2,099.08 at .9528 (MVA-2, MVA-5, WDL-3)."""

from datetime import date, timedelta
from pathlib import Path

from services.runtime.calendar import ExchangeCalendar
from tests.domain import books
from tests.pipeline.installation import Installation, Json, Line

MATURITY = "2023-08-05"
"""927 days after Wednesday 2021-01-20."""

TERM = books.guaranteed_term(3, ("0.02", MATURITY))
CONTRACT: list[Line] = [
    ("contract-terms", books.terms(*books.FUNDS[:1], books.guaranteed())),
    ("guaranteed-offerings", books.offering("G1", "2021-01-04", "2021-01-08", TERM)),
]
SHARE: list[Json] = [{"option": "GAA", "term": 3, "percent": "100"}]


def _market() -> list[Line]:
    """4% while the deposit period lasts, 6% after it, through the day of the withdrawal."""
    days = [date(2021, 1, 4) + timedelta(days=n) for n in range(17)]
    lines: list[Line] = []
    for day in filter(ExchangeCalendar().is_business_day, days):
        lines.append(("market-yields", books.yields(str(day), (1, "4" if day.day <= 8 else "6"))))
        lines.append(("fund-values", books.fund_value("F1", str(day))))
    return lines


def test_mva_5_a_check_for_2000_takes_2099_08(bootstrap_servers: str, topic_prefix: str, tmp_path: Path) -> None:
    with Installation(bootstrap_servers, topic_prefix, tmp_path) as service:
        service.start("all")
        service.send(CONTRACT)
        service.wait_logged("terms")
        service.send(
            [
                ("account-instructions", books.opening("open", "2021-01-04")),
                ("deposit-requests", books.deposit("in", "2021-01-04", "10000.00", allocation=SHARE)),
                ("withdrawal-requests", books.withdrawal("check", "2021-01-20", amount="2000.00")),
            ]
        )
        service.send(_market())
        service.wait_closed("2021-01-20")
        (check,) = (m for m in service.messages("confirmations") if m.get("request_id") == "check")
    (line,) = check["mva"]["lines"]
    assert (line["deposit_yield"], line["current_yield"], line["days"]) == ("0.040000000000", "0.060000000000", 927)
    assert (line["count_from"], line["maturity"]) == ("2021-01-20", MATURITY)
    assert line["factor"] == "0.9528"
    assert (line["taken"], line["adjustment"], check["paid"]) == ("2099.08", "-99.08", "2000.00")
    assert (check["mva"]["aggregate"], check["debits"], check["credits"]) == ("-99.08", "2099.08", "2099.08")
