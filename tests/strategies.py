"""Hypothesis strategies, shared by every test that states a property."""

from decimal import Decimal

from hypothesis import strategies as st

from services.domain.draws import Holding, Source
from services.domain.mva import Adjustment
from tests.domain.books import (
    FUNDS,
    Json,
    allocating,
    at,
    business_days,
    cancelling,
    declared,
    deposit,
    fixed_account_2,
    fund_value,
    guaranteed,
    guaranteed_term,
    offering,
    one_year_minimum,
    opening,
    request,
    terms,
    withdrawal,
    yields,
)
from tests.domain.books_orders import closing, hold, release
from tests.domain.gaa import lot

dollars = st.decimals("0.01", "250000", places=2)
factors = st.decimals("0.5", "1.5", places=4)


@st.composite
def holdings(draw: st.DrawFn) -> Holding:
    """A fund, or a lot at any factor."""
    factor = draw(st.none() | st.just(Decimal("1.0000")) | factors)
    if factor is None:
        return Holding("fund", draw(dollars))
    return Holding("GAA", draw(dollars), Adjustment(lot("2021-01-05"), "MVA-2", factor, factor))


@st.composite
def sources(draw: st.DrawFn) -> list[Source]:
    """One to five sources of one to three holdings."""
    source = st.lists(holdings(), min_size=1, max_size=3).map(tuple)
    return draw(st.lists(source, min_size=1, max_size=5))


Line = tuple[str, Json]
"""A message and the topic it is published on."""

DAYS = tuple(business_days("2021-01-04", "2021-01-13"))
SPLITS = (["100"], ["50", "50"], ["33.3333", "33.3333", "33.3334"], ["12.5", "87.5"], ["25", "25", "25", "25"])
TARGETS: tuple[Json, ...] = (
    {"option": "F1"},
    {"option": "F2"},
    {"option": "FA2"},
    {"option": "GAA", "term": 1},
    {"option": "GAA", "term": 3},
)

SPREAD: list[Json] = [{**target, "percent": "20"} for target in TARGETS]

amounts = st.decimals("0.01", "30000", places=2).map(str)
participants = st.sampled_from(["P1", "P2", "P3"])
instants = st.builds(
    at, st.sampled_from(DAYS), st.builds("{:02}:{:02}:00".format, st.integers(9, 17), st.integers(0, 59))
)


@st.composite
def allocations(draw: st.DrawFn) -> list[Json]:
    """Percentages of 100 for different options and terms."""
    split = draw(st.sampled_from(SPLITS))
    targets = draw(st.permutations(TARGETS))
    return [{**target, "percent": percent} for target, percent in zip(targets, split, strict=False)]


ids = st.integers(1, 25).map("r{}".format)  # few, so that some come twice
senders = st.fixed_dictionaries({"participant_id": participants, "submitted_by": st.sampled_from(["acme", "plain"])})
some_amount = st.fixed_dictionaries({"amount": amounts})
an_allocation = st.fixed_dictionaries({"allocation": allocations()})


def _deposit(request_id: str, received: str, amount: str, extra: Json, sender: Json) -> Line:
    return "deposit-requests", deposit(request_id, received, amount, **extra, **sender)


def _opening(request_id: str, received: str, extra: Json, sender: Json) -> Line:
    return "account-instructions", opening(request_id, received, **extra, **sender)


def _allocating(request_id: str, received: str, allocation: list[Json], sender: Json) -> Line:
    return "account-instructions", allocating(request_id, received, allocation, **sender)


def _cancelling(request_id: str, received: str, cancels: str, sender: Json) -> Line:
    return "account-instructions", cancelling(request_id, received, cancels, **sender)


def _closing(request_id: str, received: str, account: str, sender: Json) -> Line:
    return "account-instructions", closing(request_id, received, account, **sender)


def _electing(request_id: str, received: str, lot: str, wish: Json, sender: Json) -> Line:
    order = {"kind": "maturity_election", "account": "pretax", "lot": lot, **wish}
    return "account-instructions", request(request_id, received, instruction=order, **sender)


def _transfer(request_id: str, received: str, leg: Json, to: list[Json], sender: Json) -> Line:
    return "transfer-requests", request(
        request_id, received, **{"account": "pretax", "from": [leg], "to": to, **sender}
    )


def _withdrawal(request_id: str, received: str, quantity: Json, sender: Json) -> Line:
    return "withdrawal-requests", withdrawal(request_id, received, **quantity, **sender)


transfer_legs = st.builds(
    lambda option, quantity: {"option": option, **quantity},
    st.sampled_from(["F1", "F2", "FA2", "GAA"]),
    st.sampled_from([{"all": True}, {"percent": "50"}, {"units": "1.5"}]) | some_amount,
)
takings = st.sampled_from([{"full": True}, {"percent": "33.3333"}]) | st.fixed_dictionaries(
    {"amount": amounts, "amount_type": st.sampled_from(["net", "gross"])}
)
reasons = st.sampled_from(
    [
        {"reason": "death", "event_date": DAYS[0]},
        {"reason": "death_deferred", "event_date": "2020-01-01"},
        {"reason": "lifetime_income"},
    ]
)
taxed = st.sampled_from(
    [
        {"withholding": {"percent": "12.5"}},
        {"withholding": {"amount": "50.00"}, "birth_date": "1961-07-08"},
        {"account": None, "accounts": ["pretax", "employer"], "reason": "contract_surrender"},
        {"account": None, "accounts": ["roth", "pretax"], "withholding": {"percent": "20"}},
    ]
)
"""Withdrawals of which tax is withheld, or of several accounts."""
lots = st.sampled_from(["GAA-1", "GAA-2", "GAA-3"])
wishes = st.fixed_dictionaries({"to": allocations()}) | st.just({"withdraw": True})
others = st.sampled_from(
    [
        {"account": "roth", "source": "roth_salary_reduction"},
        {"account": "roth", "source": "rollover"},
        {"payment_form": "money_order"},
        {"payment_form": "bank_draft"},
    ]
)
"""What a deposit into another account is, or one paid otherwise; some are refused."""

requests = st.one_of(
    st.builds(_deposit, ids, instants, amounts, an_allocation, senders),
    st.builds(_deposit, ids, instants, amounts, an_allocation | st.just({}), senders),
    st.builds(_deposit, ids, instants, amounts | st.just("NaN"), an_allocation, senders),
    st.builds(_opening, ids, instants, an_allocation | st.just({}), senders),
    st.builds(_allocating, ids, instants, allocations(), senders),
    st.builds(_deposit, ids, instants, amounts, st.builds(dict.__or__, an_allocation, others), senders),
    st.builds(_opening, ids, instants, st.just({"account": "employer"}), senders),
    st.builds(_closing, ids, instants, st.sampled_from(["pretax", "employer", "employer"]), senders),
    st.builds(_cancelling, ids, instants, ids | st.just("later"), senders),
    st.builds(_transfer, ids, instants, transfer_legs, allocations(), senders),
    st.builds(_transfer, ids, instants, transfer_legs, st.just([{"option": "F3", "percent": "100"}]), senders),
    st.builds(_withdrawal, ids, instants, takings, senders),
    st.builds(_withdrawal, ids, instants, st.builds(dict.__or__, takings, reasons), senders),
    st.builds(_withdrawal, ids, instants, st.builds(dict.__or__, takings, taxed), senders),
    st.builds(_withdrawal, ids, instants, st.builds(dict.__or__, takings, st.just({"mode": "quote"})), senders),
    st.builds(_electing, ids, instants, lots, wishes, senders),
)
"""Any request of one of three participants, on any of eight days."""


@st.composite
def closes(draw: st.DrawFn, day: str) -> list[Line]:
    """All it takes to close a day, at prices of the day's own."""
    prices = st.decimals("0.5", "400", places=6).map(str)
    percents = st.decimals("0", "9", places=2).map(str)
    lines: list[Line] = [("fund-values", fund_value(option["option"], day, draw(prices))) for option in FUNDS]
    return [*lines, ("market-yields", yields(day, (1, draw(percents)), (3, draw(percents))))]


@st.composite
def periods(draw: st.DrawFn) -> list[Line]:
    """Two deposit periods. What is put into the first one's one-year term matures within the days, or does not; the
    second offers something to reinvest in, or begins too late.
    """
    maturity = draw(st.sampled_from(["2021-01-06", "2021-01-07", "2021-01-09", "2022-01-08"]))
    two_steps = guaranteed_term(3, ("0.03", "2022-01-08"), ("0.04", "2024-01-08"))
    first = offering("G1", "2021-01-01", "2021-01-05", guaranteed_term(1, ("0.02", maturity)), two_steps)
    lengths = draw(st.lists(st.sampled_from([1, 2, 3, 5]), min_size=1, max_size=3, unique=True))
    begins = draw(st.sampled_from(["2021-01-06", "2021-01-08"]))
    terms_ = (guaranteed_term(years, ("0.1", f"{2021 + years}-01-31")) for years in sorted(lengths))
    return [("guaranteed-offerings", offer) for offer in (first, offering("G2", begins, "2021-01-31", *terms_))]


@st.composite
def histories(draw: st.DrawFn) -> list[Line]:
    """Eight days of a contract with funds, Fixed Account 2 and the GAA, in each of which everybody has something."""
    percents = st.sampled_from(["0", "2"])
    at_maturity = {"at_maturity": draw(st.sampled_from(["reinvest", "reinvest", "stays"]))}
    closing = draw(st.sampled_from([{}, {}, {}, {"closes_on": "2021-01-07"}]))
    lines: list[Line] = [
        (
            "contract-terms",
            terms(
                *FUNDS,
                fixed_account_2(rate_basis=draw(st.sampled_from(["portfolio", "portfolio", "when_applied"]))),
                guaranteed(**at_maturity, **closing),
                premium_tax_percent=draw(percents),
                premium_tax_due=draw(st.sampled_from(["deposit", "deposit", "withdrawal", "annuitisation"])),
                early_withdrawal_charge=draw(st.sampled_from([None, CHARGE, CHARGE | {"base": "after_adjustment"}])),
                sales_charge_percent=draw(percents),
                transfers={"free_per_year": 1, "fee": draw(st.sampled_from(["0", "10.00"]))},
                mva_waivers=[{"from_day": DAYS[2], "through": DAYS[3]}],
                death_benefit=draw(st.sampled_from(["value", "greater_of_purchases"])),
                accounts=["pretax", "employer", "roth"],
                contribution_limits=draw(st.sampled_from([None, LIMITS])),
                loans=draw(st.sampled_from([None, {}, {"from_roth": True}])),
                income=draw(st.sampled_from([None, {}])),
                statement_date=draw(st.sampled_from([None, None, {"month_day": "01-07"}, {"month_day": "01-09"}])),
            ),
        ),
        ("credited-rates", declared("0.02")),
        ("credited-rates", one_year_minimum("0.01")),
        ("credited-rates", declared("0.03", draw(st.sampled_from(["2021-01-07", "2021-01-09"])))),
        *draw(periods()),
        ("market-yields", yields("2020-12-31", (1, "1.00"), (3, "2.00"))),
    ]
    for name in ("P1", "P2", "P3"):
        sender = {"participant_id": name, "submitted_by": "acme"}
        lines.append(_deposit("first", at(DAYS[0], "08:00:00"), draw(amounts), {"allocation": SPREAD}, sender))
        lines.append(_deposit("later", at(DAYS[-1], "15:00:00"), draw(amounts), {"allocation": SPREAD}, sender))
    for day in DAYS:
        lines += draw(st.lists(requests, min_size=2, max_size=8))
        lines += draw(elections()) if day == DAYS[1] else []
        lines += draw(orders(day))
        lines += draw(loans_and_incomes(day))
        lines += draw(closes(day))
    return lines + draw(st.lists(requests, max_size=3))


CHARGE: Json = {
    "installment": {"basis": "account_years", "steps": [{"completed": 0, "percent": "7.5"}]},
    "exempt_reasons": ["death"],
    "exempt_options": ["F2"],
}
LIMITS: Json = {"by_year": [{"year": 2021, "limit": "40000.00"}]}


@st.composite
def orders(draw: st.DrawFn, day: str) -> list[Line]:
    """Now and then an order that blocks somebody, or its release."""
    order = draw(st.sampled_from([None, None, None, None, hold, release, release]))
    if order is None:
        return []
    name, person = draw(st.sampled_from(["A", "B"])), draw(participants)
    return [("account-instructions", order(f"{order.__name__}-{day}", at(day), name, participant_id=person))]


annuities: st.SearchStrategy[Json] = st.sampled_from(
    [{"annuity": "lifetime"}, {"annuity": "period_certain", "years": 3}, {"annuity": "period_certain", "years": 31}]
)
applied: st.SearchStrategy[Json] = st.sampled_from([{"percent": "20"}, {"full": True}, {"amount": "100.00"}])


@st.composite
def loans_and_incomes(draw: st.DrawFn, day: str) -> list[Line]:
    """Now and then a loan, its balance or default, or the election of an annuity option that pays at once or soon."""
    kind = draw(st.sampled_from([None, None, "loan", "loan_balance", "loan_default", "income_election"]))
    sender, request_id = {"participant_id": draw(participants), "submitted_by": "acme"}, f"{kind}-{day}"
    if kind is None:
        return []
    if kind == "loan":
        lent = st.builds(dict.__or__, takings, st.just({"reason": "loan"}))
        return [draw(st.builds(_withdrawal, st.just(request_id), st.just(at(day)), lent, st.just(sender)))]
    order: Json = {"kind": kind}
    if kind == "loan_balance":
        order |= {"balance": draw(amounts | st.just("0")), "balance_on": draw(st.sampled_from([DAYS[0], day]))}
    elif kind == "income_election":
        order |= {"account": "pretax", "first_payment": draw(st.sampled_from(DAYS))}
        order |= {**draw(annuities), **draw(applied)}
    return [("account-instructions", request(request_id, at(day), instruction=order, **sender))]


@st.composite
def elections(draw: st.DrawFn) -> list[Line]:
    """What some want of the one-year term that everybody deposited into on the first day, when it matures."""
    some = draw(st.sets(st.sampled_from(["P1", "P2", "P3"])))
    sender = {"submitted_by": "acme"}
    return [
        _electing("elects", at(DAYS[1], "09:30:00"), "GAA-1", draw(wishes), {"participant_id": name, **sender})
        for name in sorted(some)
    ]
