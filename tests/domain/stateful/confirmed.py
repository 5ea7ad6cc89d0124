"""What must hold of every confirmation: it balances (GEN-7), and what comes off it is as the contract has it."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from tests.domain.books import Json
from tests.domain.stateful.cycles import completed
from tests.domain.stateful.sums import CENT, ZERO, D, Person, cents, day_of

LEAVING = {"transfer", "withdrawal", "income_elected", "loan_default"}


class Figures:
    """The sums of a confirmation, added up from its parts."""

    def __init__(self, message: Json) -> None:
        self.message: Json = message
        self.legs: list[Json] = message.get("legs") or []
        dollars = [D(leg["dollars"]) for leg in self.legs]
        self.taken = -sum((each for each in dollars if each < 0), ZERO)
        self.bought = sum((each for each in dollars if each > 0), ZERO)
        self.off = sum((D(charge["amount"]) for charge in message.get("charges") or []), ZERO)
        charges: list[Json] = message.get("charges") or []
        self.fees = [D(charge["amount"]) for charge in charges if charge["what"] == "maintenance_fee"]
        self.fee = sum(self.fees, ZERO)
        self.drawn = self._after_fees()
        block: Json | None = message.get("mva")
        self.block = block
        self.mva = D(block["aggregate"]) if block and block["applied"] else ZERO

    def _after_fees(self) -> list[Json]:
        """The legs of what was asked for: after those of a maintenance fee, which come first (WDL-14)."""
        left, legs = self.fee, [*self.legs]
        while left > 0:
            left += D(legs.pop(0)["dollars"])
        assert not left, ("WDL-14: a fee's own legs come first", self.message)
        return legs

    def amount(self, name: str) -> Decimal:
        """Dollars told under a name; none where it is not told."""
        return D(self.message.get(name) or "0")

    def account_of(self, leg: Json) -> str:
        """Whose a leg is."""
        return str(leg.get("account") or self.message["account"])


def balanced(figures: Figures) -> None:
    """GEN-7: nothing is lost or made, kind by kind."""
    message, kind = figures.message, figures.message["kind"]
    if not figures.legs and kind != "income_payment":
        return
    debits, credits_ = figures.amount("debits"), figures.amount("credits")
    assert debits == credits_, ("GEN-7: debits and credits", message)
    taken, bought, off, mva = figures.taken, figures.bought, figures.off, figures.mva
    rounding = sum((D(leg["rounding"]) for leg in figures.legs), ZERO)
    assert figures.amount("rounding") == rounding, ("GEN-7: rounding told", message)
    change = sum((D(leg["value_after"]) - D(leg["value_before"]) for leg in figures.legs), ZERO)
    assert change == bought - taken + rounding, ("GEN-7: change of value", message)
    if kind == "deposit":
        assert (taken, figures.amount("received"), debits) == (ZERO, bought + off, bought + off), ("GEN-7", message)
    elif kind in LEAVING:
        out = {"transfer": bought, "income_elected": figures.amount("applied")}.get(kind, _payable(figures))
        assert kind == "transfer" or not bought, ("GEN-7: nothing is bought", message)
        added = figures.amount("guarantee")
        assert taken + mva + added - off == out, ("GEN-7: what was taken and what became of it", message)
        assert debits == taken + max(mva, ZERO) + added, ("GEN-7: debits", message)
    elif kind == "maintenance_fee":
        assert taken == off == debits == figures.amount("gross"), ("GEN-7: what was taken is the fee", message)
        assert not bought, ("GEN-7: nothing is bought", message)
    elif kind == "experience_credited":
        assert (taken, off, debits) == (ZERO, ZERO, figures.amount("received")), ("GEN-7, ACC-2", message)
        assert bought == debits, ("GEN-7, ACC-2: all of it is credited", message)
    elif kind in ("maturity_transfer", "reinvested"):
        assert taken == bought == debits, ("GEN-7: what matured", message)
    elif kind == "maturity_payment":
        assert taken - off == figures.amount("paid"), ("GEN-7: what matured and was paid", message)
    elif kind == "income_payment":
        assert figures.amount("paid") == debits > 0, ("GEN-7: an income payment", message)
    else:
        raise AssertionError(("an unknown kind moves units", message))


def _payable(figures: Figures) -> Decimal:
    """WDL-12: what is paid, now or in installments, is what is payable, less what is withheld."""
    paid = figures.amount("paid") + figures.amount("in_installments")
    if "withheld" not in figures.message:
        return paid
    payable, withheld = figures.amount("payable"), figures.amount("withheld")
    assert paid == payable - withheld >= 0 <= withheld, ("WDL-12", figures.message)
    return payable


def adjusted(figures: Figures, person: Person, request: Json) -> None:
    """MVA-5, MVA-6, MVA-7, LIM-4: lines add up, and a negative aggregate counts unless its reason spares it."""
    block, message = figures.block, figures.message
    if not block:
        return
    lines = block["lines"]
    assert sum((D(line["adjustment"]) for line in lines), ZERO) == D(block["aggregate"]), ("MVA-6", message)
    for line in lines:
        product = D(line["taken"]) * D(line["factor"]) - D(line["taken"])
        assert abs(product - D(line["adjustment"])) <= 3 * CENT, ("MVA-5", line)
    spared = _spared(person, request, day_of(message["trade_date"]), message["kind"])
    if spared:
        assert figures.mva >= 0, (f"{spared}: a negative aggregate counted", message)
    else:
        assert block["applied"] or not D(block["aggregate"]), ("MVA-7: an aggregate that must count", message)


def _spared(person: Person, request: Json, day: date, kind: str) -> str | None:
    terms = person.days.contract.terms
    mva = person.days.contract.options[str(person.days.contract.guaranteed)]["mva"]
    if kind == "transfer":
        into = {share["option"] for share in request["to"]} & {person.days.contract.guaranteed}
        dated = (each for each in terms["mva_waivers"] if day_of(each["from_day"]) <= day <= day_of(each["through"]))
        return None if into else next(("LIM-4" for _ in dated), None)
    order = request.get("instruction")
    if order is not None:
        return "MVA-7" if order.get("annuity") == "lifetime" else None
    reason, event = request["reason"], request.get("event_date")
    if reason == "lifetime_income":
        return "MVA-7"
    within = event is not None and day <= _six_months_after(day_of(event))
    if reason in ("death", "death_deferred"):
        if terms["death_benefit"] == "greater_of_purchases":
            return None if reason == "death_deferred" and terms["deferral_restores_mva"] else "MVA-10"
        return "MVA-7" if within or mva["positive_only_death"] == "always" else None
    return "MVA-7" if reason == "disability" and mva["positive_only_disability"] and within else None


def _six_months_after(day: date) -> date:
    month = day.month + 6
    first = date(day.year + (month > 12), (month - 1) % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def charged(figures: Figures, person: Person, reason: str | None) -> None:
    """WDL-4, DEP-1: the early withdrawal charge, and premium tax due at annuitisation, of the value taken."""
    message, terms = figures.message, person.days.contract.terms
    day = day_of(message["trade_date"])
    due: dict[tuple[str, Decimal], Decimal] = defaultdict(D)
    charge = terms["early_withdrawal_charge"]
    for leg in figures.drawn:
        account, taken = figures.account_of(leg), -D(leg["dollars"])
        if charge and reason not in charge["exempt_reasons"] and leg["option"] not in charge["exempt_options"]:
            due["early_withdrawal_charge", _percent(person, account, charge, day)] += taken
        if terms["premium_tax_due"] == "annuitisation" and reason in ("lifetime_income", "nonlifetime_income"):
            due["premium_tax", D(terms["premium_tax_percent"])] += taken
    expected = sorted(
        (what, amount) for (what, percent), base in due.items() if (amount := cents(base * percent / 100))
    )
    charges = [each for each in message.get("charges") or [] if each["what"] != "maintenance_fee"]
    told = sorted((each["what"], D(each["amount"])) for each in charges)
    assert told == expected, ("WDL-4, DEP-1: charges", told, expected, message)


def _percent(person: Person, account: str, charge: Json, day: date) -> Decimal:
    schedule = charge["lump_sum" if person.lump_sum.get(account) else "installment"]
    done = completed(person, account, schedule, day)
    return D([step["percent"] for step in schedule["steps"] if step["completed"] <= done][-1])


def as_asked(figures: Figures, request: Json) -> None:
    """WDL-3, WDL-12: a net amount is what is payable, a gross one what is taken; all is all."""
    message = figures.message
    payable = _payable(figures)
    amount = D(request.get("amount") or "0")
    if amount:
        gross = request.get("amount_type") == "gross"
        assert (figures.taken if gross else payable) == amount, ("WDL-3: the dollars asked for", message)
    withholding = request.get("withholding") or {}
    percent = withholding.get("percent")
    wanted = cents(payable * D(percent) / 100) if percent else D(withholding.get("amount", "0"))
    assert figures.amount("withheld") == wanted, ("WDL-12: what is withheld", message)
    assert "applied" not in message, message
    if request.get("full"):
        assert all(D(leg["units_after"]) == 0 for leg in figures.drawn), ("WDL-1: in full", message)
