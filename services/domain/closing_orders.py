"""Orders of operations about the close: policies, leave to close a day, releases and discards of what is held.

An order that comes again changes nothing. A policy for a closed day, and a judgement on what is not held, are
refused with an alarm, so that whoever gave the order learns that it does nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from contracts_schema.alarms import AlarmCode
from contracts_schema.closing_orders import ClosingOrder, ClosingPolicy, DiscardOrder, ReleaseOrder
from services.domain.announcing import take_offering, without_kept
from services.domain.close_control import is_released
from services.domain.closing import Calendar, Reference
from services.domain.plausibility import Held, held, steps_held
from services.domain.refusing import Accepted, Refusal, final, too_far


def take_order(state: Reference, message: ClosingOrder, calendar: Calendar) -> Accepted | Refusal:
    """One order: the state with it in force, or why it does nothing."""
    order = message.root
    if isinstance(order, ClosingPolicy):
        return _take_policy(state, order, calendar)
    if isinstance(order, ReleaseOrder):
        return _release(state, order, calendar)
    if isinstance(order, DiscardOrder):
        return _discard(state, order, calendar)
    return _order_close(state, order.date, calendar)


def _take_policy(state: Reference, policy: ClosingPolicy, calendar: Calendar) -> Accepted | Refusal:
    """A policy for days that are not closed; another from the same day on replaces it."""
    known = state.control.policies
    if policy in known:
        return state, ()
    what = "a closing policy"
    refusal = final(state, policy.effective_from, what, "GEN-1")
    refusal = refusal or too_far(state, policy.effective_from, what, "GEN-1", calendar)
    others = (other for other in known if other.effective_from != policy.effective_from)
    return refusal or (replace(state, control=replace(state.control, policies=(*others, policy))), ())


def _order_close(state: Reference, day: date, calendar: Calendar) -> Accepted | Refusal:
    """Leave to close a day; of one that is closed the order is carried out already."""
    if day in state.control.ordered or (state.last_closed is not None and day <= state.last_closed):
        return state, ()
    refusal = too_far(state, day, "an order to close", "GEN-1", calendar)
    if refusal is None and not calendar.is_business_day(day):
        refusal = Refusal(
            AlarmCode.NOT_A_BUSINESS_DAY, ("GEN-1",), f"an order to close {day}, which is no business day"
        )
    return refusal or (replace(state, control=replace(state.control, ordered=(*state.control.ordered, day))), ())


def _release(state: Reference, order: ReleaseOrder, calendar: Calendar) -> Accepted | Refusal:
    """The value counts from now on; an offering none of whose rates is held any more is announced."""
    if is_released(state.control, order.item, order.value):
        return state, ()
    found = _judged(state, order, calendar)
    if isinstance(found, Refusal):
        return found
    state = replace(state, control=replace(state.control, released=(*state.control.released, order)))
    if found.place[0] != "guaranteed_rate":
        return state, ()
    (offer,) = (offer for offer in state.control.offerings if (offer.series, offer.offering_id) == found.place[1:3])
    if steps_held(state, offer, calendar):
        return state, ()
    return take_offering(without_kept(state, *found.place[1:3]), offer, calendar)


def _discard(state: Reference, order: DiscardOrder, calendar: Calendar) -> Accepted | Refusal:
    """The message that brought the value counts as not sent."""
    found = _judged(state, order, calendar)
    return found if isinstance(found, Refusal) else (_without(state, found.place), ())


def _judged(state: Reference, order: ReleaseOrder | DiscardOrder, calendar: Calendar) -> Held | Refusal:
    """What an order is about: the item is held, with just this value."""
    of_item = [one for one in held(state, calendar) if one.item == order.item]
    for one in of_item:
        if one.value == order.value:
            return one
    now = f"it is held with {of_item[0].value}, not {order.value}" if of_item else "nothing of that name is held"
    rules = (of_item[0].rule,) if of_item else ("GEN-1",)
    return Refusal(AlarmCode.NOTHING_HELD, rules, f"{order.kind} of {order.item} does nothing: {now}")


def _without(state: Reference, place: tuple[str, ...]) -> Reference:
    kind, *names = place
    if kind == "unit_value":
        return _without_unit_value(state, names[0], names[1], date.fromisoformat(names[2]))
    if kind == "yield":
        day = date.fromisoformat(names[1])
        others = {series: found for series, found in state.yields[day].items() if series != names[0]}
        return replace(state, yields={**state.yields, day: others})
    if kind == "declared_rate":
        rates = (r for r in state.declared if [r.contract_id, r.option, str(r.effective_from)] != names)
        return replace(state, declared=tuple(rates))
    if kind == "one_year_minimum":
        return replace(state, minimums={key: rate for key, rate in state.minimums.items() if key != "|".join(names)})
    return without_kept(state, names[0], names[1])


def _without_unit_value(state: Reference, fund: str, charge_class: str, day: date) -> Reference:
    """Without the value that was given for the class; else without the fund's price, for every class."""
    given, priced = state.fund_values.get(day, {}), state.fund_prices.get(day, {})
    left = {key: value for key, value in given.items() if key != f"{fund}|{charge_class}"}
    if len(left) < len(given):
        return replace(state, fund_values={**state.fund_values, day: left})
    others = {name: price for name, price in priced.items() if name != fund}
    return replace(state, fund_prices={**state.fund_prices, day: others})
