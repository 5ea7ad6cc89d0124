"""What a contract provides, told in a few lines from its terms. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from contracts_schema.options import FixedAccount2Option, FundOption, GuaranteedOption, Option
from contracts_schema.terms import ContractTerms
from contracts_schema.types import plain


def provided(terms: ContractTerms) -> list[str]:
    """The contract, its accounts, options and charges, and what else it grants."""
    reached = "new and existing participants" if terms.reaches_existing else "new participants only"
    accounts = ", ".join(account.value for account in terms.accounts)
    opened = "by instruction or the first deposit" if terms.accounts_open_by_deposit else "by instruction"
    return [
        f"{terms.contract_id} version {terms.version}: {terms.title}",
        f"in force from {terms.effective_from}; its net deposit, guaranteed rates and transfer fee reach {reached}",
        f"accounts: {accounts}, opened {opened}",
        *_options(terms),
        f"charges: {_charges(terms)}",
        *_grants(terms),
    ]


def _options(terms: ContractTerms) -> Iterator[str]:
    funds = [f"{option.option}{_dates(option)}" for option in terms.options if isinstance(option, FundOption)]
    if funds:
        yield f"funds, at unit values of class {terms.charge_class}: {', '.join(funds)}"
    for option in terms.options:
        if isinstance(option, FixedAccount2Option):
            rates = "one rate for all money" if option.rate_basis == "portfolio" else "the rate of when money came"
            least = f"at least {_percent(option.contract_minimum)}"
            yield f"{option.option}: Fixed Account 2, {least}, {rates}{_dates(option)}"
        elif isinstance(option, GuaranteedOption):
            yield f"{option.option}: {_guaranteed(option)}{_dates(option)}"


def _guaranteed(option: GuaranteedOption) -> str:
    terms = "classified guaranteed terms" if option.classified else "guaranteed terms"
    parts = [
        f"{terms} of series {option.series}, at least {_percent(option.minimum_rate)}",
        f"Method {option.mva.method.capitalize()} by {', '.join(option.mva.series)}",
    ]
    if option.rate_lock:
        parts.append(f"rate lock of {option.rate_lock_days} days")
    return ", ".join(parts)


def _charges(terms: ContractTerms) -> str:
    parts = [f"premium tax {plain(terms.premium_tax_percent)}%", f"sales charge {plain(terms.sales_charge_percent)}%"]
    transfers = terms.transfers
    fee = f"then ${plain(transfers.fee)} each" if transfers.fee else "and none is charged"
    return ", ".join([*parts, f"{transfers.free_per_year} free transfers a year, {fee}"])


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


def _dates(option: Option) -> str:
    if not isinstance(option, FundOption | FixedAccount2Option | GuaranteedOption):
        return ""
    days = [] if option.opens_on is None else [f"takes money from {option.opens_on}"]
    days += [] if option.closes_on is None else [f"takes none from {option.closes_on}"]
    return f" ({', '.join(days)})" if days else ""


def _percent(rate: Decimal) -> str:
    return f"{plain((rate * 100).normalize())}%"
