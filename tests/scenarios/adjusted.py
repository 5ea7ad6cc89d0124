"""Stories of the adjustment itself: MVA-1 to MVA-10, WDL-2, LIM-4, INC-1."""

from tests.domain.books import Json, fund, offering, shares, transfer, withdrawal
from tests.domain.gaa import TRADE, leg, percent_on, still, weeks_of_january
from tests.scenarios.story import Asked, Story, lean, put

WEEKS = tuple(weeks_of_january())
DEATH: Json = {"reason": "death", "event_date": "2021-03-31"}


def out(person: str, day: str = TRADE, request_id: str = "withdrawal", **what: object) -> Asked:
    return "withdrawal-requests", withdrawal(request_id, day, participant_id=person, **what)


def move(person: str, legs: list[Json], day: str = TRADE, request_id: str = "transfer", **what: object) -> Asked:
    """A transfer, to Fixed Account 2 unless told otherwise."""
    to = what.pop("to", shares(FA2="100"))
    assert isinstance(to, list)
    return "transfer-requests", transfer(request_id, day, legs, to, participant_id=person, **what)


def appendix_one() -> Story:
    third = offering("JAN-3", "2021-01-18", "2021-01-22", still(3, "2023-11-25"))
    return Story(
        lean(),
        (WEEKS[0], third),
        (
            put("P1", "2021-01-05", "5000.00", "deposit", GAA_2="100"),
            put("P2", "2021-01-19", "5000.00", "deposit", GAA_3="100"),
            out("P1", amount="2000.00"),
            out("P2", "2021-05-12", amount="2000.00"),
        ),
        last="2021-05-12",
        percent=lambda day: "4" if day >= "2021-05-03" else percent_on(day),
    )


def aggregate() -> Story:
    offers = (
        offering("JAN-1", "2021-01-04", "2021-01-08", still(1, "2022-05-20"), still(3, "2024-07-27")),
        offering("JAN-2", "2021-01-11", "2021-01-15", still(2, "2022-05-20"), still(5, "2024-06-09")),
    )
    asked = (
        put("P1", "2021-01-04", "1000.00", "deposit-1", GAA_3="100"),
        put("P1", "2021-01-11", "1000.00", "deposit-2", GAA_2="100"),
        put("P2", "2021-01-04", "1000.00", "deposit-1", GAA_1="100"),
        put("P2", "2021-01-11", "1000.00", "deposit-2", GAA_5="100"),
        *(out(person, amount="1000.00", amount_type="gross") for person in ("P1", "P2")),
    )
    return Story(lean(), offers, asked, last=TRADE)


def three_lots(person: str) -> tuple[Asked, ...]:
    """$1,000 in an old three-year term at .9500, in a new one at 1.0000 and in a five-year term at 1.0000."""
    return (
        put(person, "2021-01-05", "1000.00", "deposit-1", GAA_3="100"),
        put(person, "2021-01-19", "2000.00", "deposit-2", GAA_3="50", GAA_5="50"),
    )


def net_over_several_lots() -> Story:
    asked = (
        *(each for person in ("P1", "P2", "P3") for each in three_lots(person)),
        out("P1", amount="300.00", amount_type="gross"),
        move("P2", [leg("GAA", amount="300.00")], amount_type="gross"),
        out("P3", amount="295.00"),
    )
    return Story(lean(), WEEKS, asked, last=TRADE)


AT_95_AND_110 = (
    offering("JAN-1", "2021-01-04", "2021-01-08", still(5, "2024-01-06")),
    offering("JAN-2", "2021-01-11", "2021-01-15", still(5, "2026-06-02")),
)
"""Five-year terms: A of the first week at .9500 and B of the second at 1.1000 on 28 April."""


def a_and_b(person: str) -> tuple[Asked, ...]:
    return (
        put(person, "2021-01-05", "1000.00", "deposit-1", GAA_5="100"),
        put(person, "2021-01-12", "1000.00", "deposit-2", GAA_5="100"),
    )


def positive_only() -> Story:
    chosen: Json = {"from": [leg("GAA", 5)]}
    asked = (
        *(each for person in ("P1", "P2", "P3") for each in a_and_b(person)),
        out("P1", amount="1720.00", **DEATH, **chosen),
        out("P2", amount="1200.00", **DEATH, **chosen),
        out("P3", amount="1200.00", **chosen),
    )
    return Story(lean(), AT_95_AND_110, asked, last=TRADE)


def income() -> Story:
    chosen: Json = {"amount": "1200.00", "from": [leg("GAA", 5)]}
    asked = (
        *(each for person in ("P1", "P2") for each in a_and_b(person)),
        out("P1", reason="lifetime_income", **chosen),
        out("P2", reason="nonlifetime_income", **chosen),
    )
    return Story(lean(), AT_95_AND_110, asked, last=TRADE)


def equal_terms() -> Story:
    offers = (
        offering("JAN-1", "2021-01-04", "2021-01-08", still(3, "2024-01-06")),
        offering("JAN-2", "2021-01-11", "2021-01-15", still(3, "2024-01-06")),
    )
    asked = (
        put("P1", "2021-01-05", "1000.00", "deposit-1", GAA_3="100"),
        put("P1", "2021-01-12", "1000.00", "deposit-2", GAA_3="100"),
        out("P1", full=True),
    )
    return Story(lean(), offers, asked, last=TRADE)


def method_one() -> Story:
    one = {"method": "one", "yield_source": "constant_maturity", "yield_series": "CMT", "spread_series": "CORP"}
    return Story(
        lean(mva=one, terms={"effective_from": "2021-01-29"}),
        (offering("FEB", "2021-02-01", "2021-02-26", still(3, "2023-11-11")),),
        (put("P1", "2021-02-03", "5000.00", "deposit", GAA_3="100"), out("P1", amount="2000.00")),
        first="2021-01-29",
        last=TRADE,
        percent=lambda day: "3" if day < "2021-03-01" else "4.2",
        spread=lambda day: "1" if day < "2021-03-01" else "1.8",
    )


def death_benefit() -> Story:
    asked = (
        *(
            each
            for person in ("P1", "P2")
            for each in (
                put(person, "2021-01-04", "1000.00", "deposit-1", F1="100"),
                put(person, "2021-01-05", "1000.00", "deposit-2", GAA_3="100"),
            )
        ),
        out("P1", full=True, **DEATH),
        out("P2", full=True),
    )
    guaranteed = lean(fund("F1"), terms={"death_benefit": "greater_of_purchases"})
    return Story(
        guaranteed, WEEKS, asked, last=TRADE, unit_value=lambda day: "6.000000" if day == TRADE else "10.000000"
    )


def waiver() -> Story:
    waiving = lean(terms={"mva_waivers": [{"from_day": TRADE, "through": TRADE}]})
    legs = [leg("GAA", 3, amount="950.00")]
    asked = (
        *(put(person, "2021-01-05", "2000.00", "deposit", GAA_3="100") for person in ("P1", "P2")),
        move("P1", legs),
        move("P2", legs, "2021-04-29"),
    )
    return Story(waiving, WEEKS, asked, last="2021-04-29")


def systematic() -> Story:
    waived = {"yield_source": "constant_maturity", "yield_series": "CMT", "waived_for_systematic": True}
    asked = (
        *(put(person, "2021-01-05", "2000.00", "deposit", GAA_3="100") for person in ("P1", "P2")),
        out("P1", amount="950.00", reason="systematic"),
        out("P2", amount="950.00"),
    )
    return Story(lean(mva=waived), WEEKS, asked, last=TRADE)


def not_published() -> Story:
    missing: dict[str, str | None] = {"2021-04-22": "5", "2021-04-23": None}
    asked = (put("P1", "2021-01-05", "5000.00", "deposit", GAA_2="100"), out("P1", amount="2000.00"))
    return Story(lean(), WEEKS, asked, last=TRADE, percent=lambda day: missing.get(day, percent_on(day)))


def transfer_fee() -> Story:
    asked = (
        put("P1", "2021-01-05", "5000.00", "deposit", GAA_2="100"),
        move("P1", [leg("GAA", amount="2000.00")]),
    )
    contract = lean(terms={"transfers": {"free_per_year": 0, "fee": "10.00"}})
    return Story(contract, (WEEKS[0],), asked, last=TRADE)
