"""Stories of the daily close: FND-1, FIX-6, GEN-1."""

from tests.domain.books import declared, fixed_account_2, fund, fund_value, terms
from tests.domain.books_closing import by_percent, policy, release
from tests.scenarios.adjusted import out
from tests.scenarios.story import Asked, Story, put


def close_held() -> Story:
    bands = policy("2021-01-04", unit_values=by_percent("20"), declared_rates=[{"option": "FA2", "highest": "0.05"}])
    asked = (
        put("P1", "2021-01-04", "1000.00", "deposit", F1="100"),
        put("P2", "2021-01-04", "100.00", "deposit", FA2="100"),
        out("P1", "2021-01-05", "first", amount="104.00"),
        out("P1", "2021-01-06", "second", amount="130.00"),
        out("P1", "2021-01-11", "third", full=True),
        out("P2", "2021-01-11", full=True),
    )
    after = {
        "2021-01-05": (
            _value("2021-01-05", "10.400000"),
            _value("2021-01-05", "13.000000"),
            _value("2021-01-05", "10.4"),
        ),
        "2021-01-06": (
            _order(release("unit_value|F1|A|2021-01-06", "13.000000")),
            ("credited-rates", declared("0.5", "2021-01-08")),
        ),
        "2021-01-08": (
            _order(release("declared_rate|C1|FA2|2021-01-08", "0.5", kind="discard", reason="5% was meant")),
        ),
    }
    return Story(
        terms(fund("F1"), fixed_account_2(), effective_from="2021-01-04"),
        (),
        asked,
        last="2021-01-11",
        first="2021-01-04",
        unit_value=lambda day: "10.000000" if day == "2021-01-04" else "13.000000",
        orders=(_order(bands),),
        after=after,
    )


def _value(day: str, unit_value: str) -> Asked:
    return "fund-values", fund_value("F1", day, unit_value)


def _order(order: dict[str, object]) -> Asked:
    return "closing-orders", order
