"""What is drawn of a step: who asks for what, when and how much; legal or not is for the ledger to say."""

from hypothesis import strategies as st

from tests.domain.books import Json
from tests.domain.stateful.days import MOODS

Drawn = st.SearchStrategy[Json]

people = st.sampled_from(["P1", "P1", "P1", "P2"])
accounts = st.sampled_from([0, 0, 0, 1, 1, 2, 2, 7])
"""Of those that the contract has; 7 is one that it may not have."""
who = st.sampled_from(["P1", "P1", "P2"])
INSTALLMENTS = {"pretax": "salary_reduction", "roth": "roth_salary_reduction", "employer": "employer"}
"""The source of what goes on being paid into an account."""
installment_accounts = st.sampled_from(["pretax", "roth", "employer"])
all_accounts = st.permutations(["pretax", "employer", "roth"])
then = st.sampled_from([0, 0, 1, 1, 1, 2, 15, 30])
"""How many days are closed after a request."""
picks = st.integers(0, 11)
some_picks = st.lists(picks, min_size=1, max_size=3)
money = st.sampled_from(
    ["10.00", "0.01", "99.99", "500.00", "1234.56", "4000.00", "5000.00", "20000.00"]
) | st.decimals("0.01", "12000", places=2).map(str)
plenty = st.sampled_from(["30000.00", "75000.00", "3333.33", "100000.00"])
percents = st.sampled_from(["10", "33.3333", "50", "99.9999", "100", "0.0001", "20"])
moments = st.sampled_from(["morning", "morning", "last", "evening", "after", "late", "ahead"])
senders = st.sampled_from([0, 0, 0, 0, 1, 1, 7])
modes = st.sampled_from(["execute"] * 7 + ["quote"])
often = st.sampled_from([True, True, True, False])
sources = st.sampled_from(
    ["salary_reduction"] * 4
    + ["roth_salary_reduction"] * 3
    + ["employer", "rollover", "external_transfer", "external_transfer", "loan_repayment", "reinvestment"]
    + ["roth_rollover", "in_plan_roth_rollover", "roth_external_transfer"]
)
payments: st.SearchStrategy[Json] = st.sampled_from(
    [
        {},
        {},
        {"payment_form": "ach"},
        {"payment_form": "money_order"},
        {"payment_form": "money_order"},
        {"payment_form": "bank_draft"},
        {"payment_form": "third_party_check"},
        {"payment_form": "third_party_check", "payment_reason": "a gift", "source_of_funds": "an aunt"},
    ]
)
reasons = st.sampled_from(
    ["in_service"] * 4
    + ["separation", "hardship", "death", "death_deferred", "disability", "lifetime_income", "nonlifetime_income"]
    + ["systematic", "loan", "contract_surrender"]
)
withholdings: st.SearchStrategy[Json] = st.sampled_from(
    [{}, {}, {"withholding": {"percent": "10"}}, {"withholding": {"amount": "25.00"}}]
)
takings: st.SearchStrategy[Json] = st.one_of(
    money.map(lambda amount: {"amount": amount}),
    money.map(lambda amount: {"amount": amount, "amount_type": "gross"}),
    percents.map(lambda percent: {"percent": percent}),
    st.just({"full": True}),
)
quantities: st.SearchStrategy[Json] = st.one_of(
    money.map(lambda amount: {"amount": amount}),
    percents.map(lambda percent: {"percent": percent}),
    st.just({"all": True}),
    st.sampled_from(["0.000001", "1.5", "100"]).map(lambda units: {"units": units}),
)
moods = st.sampled_from(sorted(MOODS))
sender_and_time = {"who": people, "when": moments, "sender": senders, "account": accounts, "then": then}
deposits: Drawn = st.fixed_dictionaries(
    {
        **sender_and_time,
        "amount": money,
        "source": sources,
        "payment": payments,
        "chosen": some_picks | st.none(),
        "mode": modes,
        "catch_up": st.booleans(),
    }
)
transfers: Drawn = st.fixed_dictionaries(
    {
        **sender_and_time,
        "quantity": quantities,
        "legs": some_picks,
        "to": some_picks,
        "amount_type": st.sampled_from(["net", "gross"]),
        "mode": modes,
    }
)
withdrawals: Drawn = st.fixed_dictionaries(
    {
        **sender_and_time,
        "taking": takings,
        "legs": some_picks | st.none(),
        "apart": st.booleans(),
        "several": often,
        "reason": reasons,
        "withholding": withholdings,
        "mode": modes,
        "ago": st.sampled_from([0, 30, 125, 140, -1]),
    }
)
maturity_elections: Drawn = st.fixed_dictionaries(
    {
        "who": people,
        "when": moments,
        "account": accounts,
        "pick": st.sampled_from([0, 0, 1, 2]),
        "chosen": some_picks | st.none(),
    }
)
orders: Drawn = st.fixed_dictionaries(
    {
        "who": people,
        "when": moments,
        "account": accounts,
        "pick": st.integers(0, 9),
        "dollars": money,
        "ago": st.integers(-1, 3),
        "chosen": some_picks,
    }
)
blocks: Drawn = st.fixed_dictionaries(
    {"who": people, "when": moments, "order": st.sampled_from(["A", "B"]), "lift": often, "then": then}
)
incomes: Drawn = st.fixed_dictionaries(
    {
        "who": people,
        "when": moments,
        "account": accounts,
        "pick": picks,
        "funds": some_picks,
        "first": picks,
        "taking": takings,
        "legs": some_picks | st.none(),
    }
)
moves: Drawn = st.fixed_dictionaries(
    {"pick": picks, "to": picks, "quantity": quantities, "account": st.integers(0, 1), "then": then}
)
draws: Drawn = st.fixed_dictionaries(
    {"pick": picks, "taking": takings, "account": st.integers(0, 1), "chosen": st.booleans(), "then": then}
)
