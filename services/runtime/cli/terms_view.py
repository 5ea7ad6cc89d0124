"""What a contract provides, told in a few lines from its terms. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from contracts_schema.charge_review import ChargeReview
from contracts_schema.charges import EarlyWithdrawalCharge
from contracts_schema.contributions import YearLimit
from contracts_schema.income import IncomeTerms
from contracts_schema.limits import FixedPlusLimit, Limit
from contracts_schema.options import FixedOption, FundOption, GuaranteedOption, Option
from contracts_schema.terms import ContractTerms
from contracts_schema.types import plain

FIXED = {
    "fixed_account": "Fixed Account",
    "fixed_plus_account": "Fixed Plus Account",
    "fixed_plus_account_2": "Fixed Plus Account II",
    "fixed_account_2": "Fixed Account 2",
}
WINDOWS = {"calendar_year": "a calendar year", "rolling_12_months": "in 12 months"}
DESTINATIONS = {"funds": "funds", "funds_and_fixed_account_2": "funds and Fixed Account 2", "any": "any option"}


def provided(terms: ContractTerms) -> list[str]:
    """The contract, its accounts, options and charges, and what else it grants."""
    reached = "new and existing participants" if terms.reaches_existing else "new participants only"
    accounts = ", ".join(account.value for account in terms.accounts)
    opened = "by instruction or the first deposit" if terms.accounts_open_by_deposit else "by instruction"
    return [
        f"{terms.contract_id} version {terms.version}: {terms.title}",
        f"in force from {terms.effective_from}; its net deposit, guaranteed rates and transfer fee reach {reached}",
        f"accounts: {accounts}, opened {opened}",
        *_contributions(terms),
        *_options(terms),
        *_charges(terms),
        *_grants(terms),
    ]


def _contributions(terms: ContractTerms) -> Iterator[str]:
    if terms.contribution_limits is not None:
        years = ", ".join(map(_of_year, terms.contribution_limits.by_year))
        yield f"salary reductions, pre-tax and Roth together, a calendar year: {years}"
    if terms.cycles is not None:
        sources = ", ".join(source.value.replace("_", " ") for source in terms.cycles.installment_sources)
        yield f"{terms.cycles.payments_per_cycle} payments complete a cycle: {sources}"


def _of_year(limit: YearLimit) -> str:
    more = f" (and {_dollars(limit.catch_up)} to catch up)" if limit.catch_up is not None else ""
    return f"{_dollars(limit.limit)} from {limit.year}{more}"


def _options(terms: ContractTerms) -> Iterator[str]:
    funds = [f"{option.option}{_dates(option)}" for option in terms.options if isinstance(option, FundOption)]
    if funds:
        yield f"funds, at unit values of class {terms.charge_class}: {', '.join(funds)}"
    for option in terms.options:
        if isinstance(option, FixedOption):
            yield f"{option.option}: {_fixed(option)}{_dates(option)}"
        elif isinstance(option, GuaranteedOption):
            yield f"{option.option}: {_guaranteed(option)}{_dates(option)}"


def _fixed(option: FixedOption) -> str:
    parts = [FIXED[option.kind], f"at least {_percent(option.minimum)}"]
    parts.append("one rate for all money" if option.rate_basis == "portfolio" else "the rate of when money was applied")
    if (more := option.anniversary) is not None:
        parts.append(f"{_percent(more.bonus)} more after {more.years} years")
    return ", ".join([*parts, *_limit(option.limit)])


def _limit(limit: Limit) -> Iterator[str]:
    if limit.window == "not_available":
        yield "nothing may be transferred"
    if limit.limited:
        share = f"{plain(limit.percent)}% {WINDOWS[limit.window]}"
        yield f"{share} may be transferred to {DESTINATIONS[limit.destinations]}"
    for each in limit.temporary:
        more = "without limit" if each.percent is None else f"{plain(each.percent)}%"
        yield f"{more} from {each.from_day} through {each.through}"
    if isinstance(limit, FixedPlusLimit) and limit.full_withdrawal == "installments":
        paid = limit.full_installments
        yield f"full withdrawals of it paid in {paid.payments} installments, one every {paid.every_months} months"


def _guaranteed(option: GuaranteedOption) -> str:
    terms = "classified guaranteed terms" if option.classified else "guaranteed terms"
    parts = [
        f"{terms} of series {option.series}, at least {_percent(option.minimum_rate)}",
        f"Method {option.mva.method.capitalize()} by {', '.join(option.mva.series)}",
    ]
    if option.rate_lock:
        parts.append(f"rate lock of {option.rate_lock_days} days")
    return ", ".join(parts)


def _charges(terms: ContractTerms) -> Iterator[str]:
    tax = f"premium tax {plain(terms.premium_tax_percent)}% at {terms.premium_tax_due}"
    yield f"charges: {tax}, sales charge {plain(terms.sales_charge_percent)}%"
    transfers = terms.transfers
    fee = f"then {_dollars(transfers.fee)} each" if transfers.fee else "and none is charged"
    yield f"transfers: {transfers.free_per_year} free a year, {fee}"
    if terms.early_withdrawal_charge is not None:
        yield f"early withdrawal charge: {_early_withdrawal(terms.early_withdrawal_charge)}"
    if (yearly := terms.maintenance_fee) is not None:
        roth = "" if yearly.roth_percent is None else f", {plain(yearly.roth_percent)}% of it from the Roth account"
        yield f"maintenance fee: {_dollars(yearly.amount)} a year per {yearly.per}{roth}"
    if terms.charge_review is not None:
        yield f"daily asset charge reviewed every {_review(terms.charge_review)}"
    if (services := terms.additional_services) is not None:
        less = plain(services.rate_reduction * 100)
        yield f"additional services: costs may be deducted from accounts; Fixed Plus Account II credits {less}% less"


def _review(review: ChargeReview) -> str:
    basis = "total" if review.basis == "total_assets" else "average balance"
    tiers = ", ".join(f"{_percent(tier.daily_asset_charge)} from {_dollars(tier.from_amount)}" for tier in review.tiers)
    whose = f"the {review.contract_class} contracts of {review.contract_holder}"
    on = "" if review.effective_on is None else f", on {review.effective_on}"
    return f"{review.review_on} by the {basis} of {whose}: {tiers}, {review.effective_after_days} days later{on}"


def _early_withdrawal(charge: EarlyWithdrawalCharge) -> str:
    parts = []
    for kind, schedule in (("installments", charge.installment), ("lump sums", charge.lump_sum)):
        if schedule is not None:
            steps = ", ".join(f"{plain(step.percent)}% from {step.completed}" for step in schedule.steps)
            parts.append(f"of {kind} {steps} completed {schedule.basis.replace('_', ' ')}")
    exempt = [*charge.exempt_options, *(reason.value.replace("_", " ") for reason in charge.exempt_reasons)]
    return "; ".join([*parts, f"none of {', '.join(exempt)}"] if exempt else parts)


def _grants(terms: ContractTerms) -> Iterator[str]:
    for waiver in terms.mva_waivers:
        yield f"a negative adjustment is waived for transfers from {waiver.from_day} through {waiver.through}"
    if terms.death_benefit == "greater_of_purchases":
        yield "death benefit: at least the adjusted purchase total"
    if terms.reinvestment is not None:
        days = terms.reinvestment
        yield (
            f"full withdrawals may be reinvested: elected within {days.elected_within_days} days, "
            f"received within {days.received_within_days}"
        )

    yield from _payments(terms)
    if terms.loans is not None:
        yield f"loans, {'also' if terms.loans.from_roth else 'not'} from the Roth account"
    if terms.income is not None:
        yield f"annuity options: {_income(terms.income)}"
    if terms.statement_date is not None:
        yield f"annual notice of what is held: of {terms.statement_date.month_day} of every year"


def _payments(terms: ContractTerms) -> Iterator[str]:
    for order in terms.deferral_orders:
        kinds = " and ".join(kind.replace("_", " ") for kind in order.kinds)
        yield f"payments of {kinds} deferred {order.months} months, {order.from_day} through {order.through}"
    if (paid := terms.installments) is not None:
        which = "full withdrawals" if paid.use == "full_withdrawals" else "withdrawals"
        where = "in the account" if paid.basis == "individual_account" else "under the contract"
        yield f"{which} paid over {paid.months} months above {_dollars(paid.threshold)} of Fixed Account 2 {where}"


def _income(income: IncomeTerms) -> str:
    fixed = f"fixed at {_percent(income.fixed_rate)}"
    years = f"for a period of {income.shortest_years} to {income.longest_years} years"
    variable = "" if income.variable is None else f"; variable in {', '.join(income.variable.options)}"
    return f"{fixed}, {years}{variable}"


def _dates(option: Option) -> str:
    days = [] if option.opens_on is None else [f"takes money from {option.opens_on}"]
    days += [] if option.closes_on is None else [f"takes none from {option.closes_on}"]
    return f" ({', '.join(days)})" if days else ""


def _percent(rate: Decimal) -> str:
    return f"{plain((rate * 100).normalize())}%"


def _dollars(amount: Decimal) -> str:
    return f"${plain(amount)}"
