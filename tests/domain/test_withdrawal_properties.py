"""WDL-13, WDL-14, GEN-7: what holds of every withdrawal, whatever comes off it and whichever accounts it is of."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts_schema.charges import EarlyWithdrawalCharge
from contracts_schema.requests import WithdrawalRequest
from contracts_schema.terms import AccountType
from contracts_schema.values import changed
from services.domain.cases import Case
from services.domain.numbers import exact
from services.domain.state import Account, Participant
from services.domain.valuation import Valuation
from services.domain.verdicts import Done, Verdict
from services.domain.withdrawals import withdrawal
from tests.domain import books
from tests.domain.books_charges import early
from tests.domain.gaa import TRADE
from tests.domain.holders import holders, quantities, valuation, worth

D = Decimal
BOTH = ["pretax", "employer"]
SHORT = {"INSUFFICIENT_VALUE", "NOTHING_TO_WITHDRAW"}

percents = st.decimals("0", "12", places=2).map(str)
withholdings: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.decimals("0.01", "100", places=2).map(lambda percent: {"withholding": {"percent": str(percent)}}),
    st.decimals("0.01", "50", places=2).map(lambda dollars: {"withholding": {"amount": str(dollars)}}),
)


@st.composite
def bearing(draw: st.DrawFn) -> Valuation:
    """The contract on its day, with a charge and a tax on withdrawals."""
    base = draw(st.sampled_from(["value_taken", "after_adjustment"]))
    exempt = draw(st.sampled_from([[], ["F1"], ["GAA"], ["F2", "F3"]]))
    charge = EarlyWithdrawalCharge.model_validate(early(draw(percents), base=base, exempt_options=exempt))
    tax = {"premium_tax_due": "withdrawal", "premium_tax_percent": draw(st.decimals("0", "4", places=1))}
    at = valuation()
    return changed(at, terms=at.terms.model_copy(update={"early_withdrawal_charge": charge, **tax}))


@st.composite
def owners(draw: st.DrawFn, accounts: int | None = None) -> Participant:
    """Somebody with one account or two, or as many as are said."""
    one = draw(holders())
    if (accounts or draw(st.integers(1, 2))) == 1:
        return one
    (employer,) = draw(holders()).accounts
    return changed(one, accounts=(*one.accounts, changed(employer, type=AccountType.EMPLOYER)))


@exact
def withdraw(at: Valuation, owner: Participant, **what: object) -> Verdict:
    """The decision on a withdrawal over all accounts of the owner."""
    named = {"account": None, "accounts": BOTH[: len(owner.accounts)]}
    message = books.withdrawal("w", TRADE, **named, **what)
    return withdrawal(Case(at, owner, WithdrawalRequest.model_validate(message)))


def sums(done: Done) -> tuple[Decimal, Decimal, Decimal]:
    """Taken, the aggregate as it counted, and all that came off."""
    block, taken = done.body["mva"], done.body["gross"]
    counted = block is not None and block.not_applied_by is None
    off = sum((charge.amount for charge in done.body["charges"]), D(0))
    return taken, block.aggregate if counted else D(0), off


@given(bearing(), owners(), quantities, withholdings)
def test_wdl_14_taken_and_adjustment_less_what_comes_off_is_payable(
    at: Valuation, owner: Participant, quantity: dict[str, Any], withholding: dict[str, Any]
) -> None:
    done = withdraw(at, owner, **quantity, **withholding)
    if not isinstance(done, Done):
        assert next(found.code for found in done) in SHORT | {"WITHHOLDING_EXCEEDS"}
        return
    body = done.body
    taken, mva, off = sums(done)
    payable = body["payable"] if withholding else body["paid"]
    assert taken + mva - off == payable
    assert body["paid"] + body.get("withheld", D(0)) == payable
    assert body["debits"] == body["credits"]
    if quantity.get("amount_type") == "net":
        assert payable == D(quantity["amount"])
    if quantity.get("amount_type") == "gross":
        assert taken == D(quantity["amount"])


@given(bearing(), owners(), quantities)
def test_gen_7_what_left_the_accounts_is_what_was_taken(
    at: Valuation, owner: Participant, quantity: dict[str, Any]
) -> None:
    done = withdraw(at, owner, **quantity)
    if not isinstance(done, Done):
        assert next(found.code for found in done) in SHORT
        return
    legs = done.body["legs"]
    assert sum((leg.dollars for leg in legs), D(0)) == -done.body["gross"]
    before, after = (sum((_worth(each, at) for each in who.accounts), D(0)) for who in (owner, done.participant))
    assert after == before + sum((leg.dollars + leg.rounding for leg in legs), D(0))
    assert all(leg.units_after >= 0 for leg in legs)


@given(bearing(), owners(accounts=2), st.decimals("0.01", "50000", places=2))
def test_wdl_13_the_next_account_gives_nothing_before_the_first_gives_all(
    at: Valuation, owner: Participant, amount: Decimal
) -> None:
    done = withdraw(at, owner, amount=str(amount))
    if not isinstance(done, Done):
        assert next(found.code for found in done) in SHORT
        return
    first, second = done.participant.accounts
    if second != owner.accounts[1]:
        assert _worth(first, at) == 0


@given(bearing(), owners(), st.decimals("0.01", "50000", places=2))
def test_wdl_14_a_charge_is_the_percentage_of_its_base(at: Valuation, owner: Participant, amount: Decimal) -> None:
    done = withdraw(at, owner, amount=str(amount))
    if not isinstance(done, Done):
        assert next(found.code for found in done) in SHORT
        return
    for charge in done.body["charges"]:
        percent, base = charge.basis.split("% of ")
        assert abs(charge.amount - D(percent) * D(base) / 100) <= D("0.005")


@exact
def _worth(account: Account, at: Valuation) -> Decimal:
    return worth(Participant(at.terms.contract_id, "P1", accounts=(account,)))
