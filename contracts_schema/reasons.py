"""Reason codes: one member per cause of a rejection.

A code never changes its meaning and is never reused. `rules` names the contract rules a code stands
on; `meaning` is one sentence for the person who has to act on it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, Self


class Cause(NamedTuple):
    """What stands behind a code."""

    rules: tuple[str, ...]
    meaning: str


class Reason(StrEnum):
    """Why a request was rejected. Not in good order (NIGO) first, then the contract's rules."""

    rules: tuple[str, ...]
    meaning: str

    def __new__(cls, code: str, cause: Cause) -> Self:
        """A member is its code; the cause is beside it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.rules = cause.rules
        member.meaning = cause.meaning
        return member

    # Form: found at the door, before anything is looked up.
    MISSING_FIELD = "MISSING_FIELD", Cause(("GEN-3",), "a required field is missing")
    WRONG_TYPE = "WRONG_TYPE", Cause(("GEN-3",), "a field has the wrong type")
    INVALID_VALUE = "INVALID_VALUE", Cause(("GEN-3",), "a field has a value that is not allowed")
    TOO_LONG = "TOO_LONG", Cause(("GEN-3",), "a text, name, number or list is longer than any that means something")
    AMOUNT_NOT_A_STRING = (
        "AMOUNT_NOT_A_STRING",
        Cause(
            ("GEN-3", "GEN-4"),
            "amounts, units and percentages are written as strings, because a JSON number may lose cents",
        ),
    )
    AMOUNT_NOT_A_NUMBER = "AMOUNT_NOT_A_NUMBER", Cause(("GEN-3", "GEN-4"), "not a decimal number in plain notation")
    AMOUNT_NOT_POSITIVE = "AMOUNT_NOT_POSITIVE", Cause(("GEN-3",), "the number must be more than zero")
    AMOUNT_TOO_LARGE = "AMOUNT_TOO_LARGE", Cause(("GEN-3",), "the number is larger than any account")
    AMOUNT_TOO_PRECISE = "AMOUNT_TOO_PRECISE", Cause(("GEN-3", "GEN-4"), "the number has more places than its scale")
    PERCENT_OUT_OF_RANGE = "PERCENT_OUT_OF_RANGE", Cause(("GEN-3",), "a percentage is more than 0 and at most 100")
    PERCENTAGES_NOT_100 = "PERCENTAGES_NOT_100", Cause(("DEP-2",), "percentages must add to exactly 100")
    OPTION_NAMED_TWICE = "OPTION_NAMED_TWICE", Cause(("GEN-3",), "an option (and term) may be named once on a side")
    ONE_QUANTITY_NEEDED = (
        "ONE_QUANTITY_NEEDED",
        Cause(("GEN-3",), "exactly one of amount, percent, units or all (full) says how much"),
    )
    DATE_NOT_PLAUSIBLE = "DATE_NOT_PLAUSIBLE", Cause(("GEN-3",), "no such date, or too far from today")
    RECEIVED_IN_FUTURE = (
        "RECEIVED_IN_FUTURE",
        Cause(("GEN-2", "GEN-3"), "received_at lies after the moment the request arrived"),
    )
    AS_OF_NOT_AVAILABLE = "AS_OF_NOT_AVAILABLE", Cause(("GEN-2",), "as-of corrections are not available")
    NOT_AVAILABLE = "NOT_AVAILABLE", Cause((), "the rule that decides this field is not available in this version")

    # In good order needs the books too.
    UNKNOWN_CONTRACT = "UNKNOWN_CONTRACT", Cause(("GEN-3",), "no terms of this contract are in force on the trade date")
    UNKNOWN_PARTICIPANT = (
        "UNKNOWN_PARTICIPANT",
        Cause(("GEN-3", "ACC-1"), "the participant has no account in the contract"),
    )
    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT", Cause(("ACC-1",), "the participant has no Individual Account of this type")
    ACCOUNT_NOT_ALLOWED = (
        "ACCOUNT_NOT_ALLOWED",
        Cause(("ACC-1",), "the contract has no Individual Accounts of this type"),
    )
    ACCOUNT_ALREADY_OPEN = "ACCOUNT_ALREADY_OPEN", Cause(("ACC-1",), "the Individual Account is open already")
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED", Cause(("ACC-1",), "the Individual Account was closed, and is not open again")
    ACCOUNT_NOT_EMPTY = "ACCOUNT_NOT_EMPTY", Cause(("ACC-1",), "an account that holds anything cannot be closed")
    ACCOUNT_AWAITED = (
        "ACCOUNT_AWAITED",
        Cause(("ACC-1", "GEN-2"), "an account for which requests wait for a close cannot be closed"),
    )
    SUBMITTER_NOT_AUTHORISED = (
        "SUBMITTER_NOT_AUTHORISED",
        Cause(("GEN-3",), "the submitter may not act for this contract"),
    )
    UNKNOWN_OPTION = "UNKNOWN_OPTION", Cause(("GEN-3",), "the contract has no such option")
    NO_ALLOCATION = (
        "NO_ALLOCATION",
        Cause(("DEP-2",), "neither the request nor the account says how deposits are allocated"),
    )
    DUPLICATE_REQUEST_ID = (
        "DUPLICATE_REQUEST_ID",
        Cause(("GEN-3",), "another request of the participant, with other content, has this request id"),
    )
    STALE = (
        "STALE",
        Cause(
            ("GEN-3",), "received_at is older than request ids are kept; a repeat could not be told from a new request"
        ),
    )
    TOO_MANY_WAITING = (
        "TOO_MANY_WAITING",
        Cause(("GEN-2",), "too many requests of the participant wait for a close; send it with a new id after that"),
    )

    # Rules of the contract.
    SOURCE_NOT_FOR_ACCOUNT = (
        "SOURCE_NOT_FOR_ACCOUNT",
        Cause(("DEP-6",), "money of this source does not go to this type of Individual Account"),
    )
    CONTRIBUTION_LIMIT_EXCEEDED = (
        "CONTRIBUTION_LIMIT_EXCEEDED",
        Cause(("DEP-7",), "pre-tax and Roth salary reductions of the year would be more than its dollar limit"),
    )
    PAYMENT_FORM_REFUSED = "PAYMENT_FORM_REFUSED", Cause(("DEP-8",), "payments of this form are not accepted")
    PAYMENT_NOT_EXPLAINED = (
        "PAYMENT_NOT_EXPLAINED",
        Cause(("DEP-8",), "a payment of this form needs a reason and the source of its funds"),
    )
    MONEY_ORDERS_EXCEED = (
        "MONEY_ORDERS_EXCEED",
        Cause(("DEP-8",), "the participant's money orders would total more than is accepted in a period"),
    )
    HELD_BY_AML_ORDER = (
        "HELD_BY_AML_ORDER",
        Cause(
            ("DEP-9",), "an order blocks the participant; nothing of theirs is paid or given back until it is lifted"
        ),
    )
    AML_ORDER_IN_FORCE = "AML_ORDER_IN_FORCE", Cause(("DEP-9",), "an order of this name blocks the participant already")
    NO_SUCH_AML_ORDER = "NO_SUCH_AML_ORDER", Cause(("DEP-9",), "no order of this name blocks the participant")
    CANCELLED = "CANCELLED", Cause(("GEN-2",), "withdrawn by an instruction before its trade date's close")
    NOTHING_TO_CANCEL = "NOTHING_TO_CANCEL", Cause(("GEN-2",), "no request with this id waits")
    TOO_LATE_TO_CANCEL = (
        "TOO_LATE_TO_CANCEL",
        Cause(("GEN-2",), "the cancellation was received after the close at which the request trades"),
    )
    OPTION_NOT_OPEN = "OPTION_NOT_OPEN", Cause(("GEN-8",), "the option takes nothing before its opening date")
    OPTION_CLOSED = (
        "OPTION_CLOSED",
        Cause(("DEP-3", "TRF-1", "GEN-8"), "the option takes nothing from its closing date"),
    )
    TERM_NEEDED = "TERM_NEEDED", Cause(("DEP-5", "GAA-1"), "money into guaranteed terms names the term in years")
    TERM_NOT_EXPECTED = "TERM_NOT_EXPECTED", Cause(("GAA-1",), "only guaranteed options have terms")
    NO_DEPOSIT_PERIOD = "NO_DEPOSIT_PERIOD", Cause(("DEP-5",), "no deposit period is open on the trade date")
    TERM_NOT_OFFERED = "TERM_NOT_OFFERED", Cause(("DEP-5",), "the term is not offered in the open deposit period")
    NOTHING_TO_DEPOSIT = "NOTHING_TO_DEPOSIT", Cause(("DEP-1", "DEP-4"), "the net deposit is too small to buy anything")
    OPTION_NOT_HELD = "OPTION_NOT_HELD", Cause(("WDL-11",), "nothing is held in the option")
    TERM_NOT_HELD = "TERM_NOT_HELD", Cause(("GAA-6", "WDL-11"), "no guaranteed term of this length is held")
    CLASSIFICATION_NOT_EXPECTED = (
        "CLASSIFICATION_NOT_EXPECTED",
        Cause(("GAA-3", "GAA-6"), "only guaranteed options with classifications let one be chosen"),
    )
    TERM_NOT_CHOSEN = (
        "TERM_NOT_CHOSEN",
        Cause(("GAA-3", "GAA-6"), "of a classified option a classification may be chosen to draw on, not a term"),
    )
    CLASSIFICATION_NOT_HELD = (
        "CLASSIFICATION_NOT_HELD",
        Cause(("GAA-3", "GAA-6", "WDL-11"), "no guaranteed term of this classification is held"),
    )
    SAME_OPTION = "SAME_OPTION", Cause(("TRF-1",), "a transfer leads from one option to another")
    SAME_TERM = "SAME_TERM", Cause(("TRF-1", "GAA-5"), "a transfer may not lead from a guaranteed term into the same")
    SAME_CLASSIFICATION = (
        "SAME_CLASSIFICATION",
        Cause(("GAA-3", "GAA-5"), "an unmatured guaranteed term may not be left for another of its classification"),
    )
    LOCKED_IN = (
        "LOCKED_IN",
        Cause(("GAA-4",), "a guaranteed term may not be left in its deposit period nor in the 90 days after its close"),
    )
    SERVICE_COSTS_NOT_AGREED = (
        "SERVICE_COSTS_NOT_AGREED",
        Cause(("FND-6",), "the contract agrees on no additional services whose cost may be deducted"),
    )
    INSUFFICIENT_VALUE = "INSUFFICIENT_VALUE", Cause(("WDL-11",), "more was asked for than there is")
    NOTHING_TO_WITHDRAW = "NOTHING_TO_WITHDRAW", Cause(("WDL-1", "WDL-11"), "the account holds no value to take from")
    LOT_NOT_HELD = "LOT_NOT_HELD", Cause(("MAT-2",), "the account holds no guaranteed term of this name")
    ELECTION_TOO_LATE = (
        "ELECTION_TOO_LATE",
        Cause(("MAT-2", "MAT-6"), "an election counts if it is received by midnight, New York, of the maturity date"),
    )
    EVENT_DATE_NEEDED = (
        "EVENT_DATE_NEEDED",
        Cause(("GEN-3", "MVA-7"), "a withdrawal on death or disability says when that was"),
    )
    BIRTH_IN_FUTURE = "BIRTH_IN_FUTURE", Cause(("GEN-3", "WDL-12"), "the birth date lies after the trade date")
    WITHHOLDING_EXCEEDS = "WITHHOLDING_EXCEEDS", Cause(("WDL-12",), "more is to be withheld than is payable")
    EVENT_IN_FUTURE = "EVENT_IN_FUTURE", Cause(("GEN-3", "MVA-7"), "the event lies after the trade date")
    REINVESTMENT_NOT_GIVEN = "REINVESTMENT_NOT_GIVEN", Cause(("WDL-10",), "the contract has no reinvestment privilege")
    NOTHING_TO_REINVEST = (
        "NOTHING_TO_REINVEST",
        Cause(("WDL-10",), "there is no full withdrawal of the account, or its reinvestment was not elected"),
    )
    REINVESTMENT_TOO_LATE = (
        "REINVESTMENT_TOO_LATE",
        Cause(("WDL-10",), "the days in which a full withdrawal may be reinvested are over"),
    )
    REINVESTMENT_EXCEEDS = (
        "REINVESTMENT_EXCEEDS",
        Cause(("WDL-10",), "more was sent or elected than was withdrawn, or than was elected and has not come back"),
    )
    ALLOCATION_NOT_CHOSEN = (
        "ALLOCATION_NOT_CHOSEN",
        Cause(("WDL-10",), "what is reinvested goes where it was withdrawn from, in the same proportions"),
    )
    RATE_LOCK_NOT_GIVEN = "RATE_LOCK_NOT_GIVEN", Cause(("GAA-7",), "the contract gives no rate lock")
    RATE_LOCK_IN_FORCE = (
        "RATE_LOCK_IN_FORCE",
        Cause(("GAA-7",), "a rate lock is in force, and another may be elected only after it has ended"),
    )
    FEE_EXCEEDS_TRANSFER = (
        "FEE_EXCEEDS_TRANSFER",
        Cause(("TRF-2", "TRF-6"), "the transfer fee is more than what would arrive"),
    )
    LIMIT_EXCEEDED = (
        "LIMIT_EXCEEDED",
        Cause(("LIM-5", "LIM-7"), "more would leave the option than its limit allows on the trade date"),
    )
    DESTINATION_NOT_ALLOWED = (
        "DESTINATION_NOT_ALLOWED",
        Cause(("TRF-1",), "what is transferred out of this option may not go there"),
    )
    BELOW_MINIMUM_INTO_GUARANTEED = (
        "BELOW_MINIMUM_INTO_GUARANTEED",
        Cause(("TRF-4",), "less would arrive in the guaranteed option than a transfer from other options must bring"),
    )
    REPURCHASE_CAPPED = (
        "REPURCHASE_CAPPED",
        Cause(("TRF-5",), "more of the fund would be bought back than may be soon after it was sold"),
    )
    UNITS_ONLY_OF_FUNDS = "UNITS_ONLY_OF_FUNDS", Cause(("DEP-4",), "only funds are counted in accumulation units")
    LOANS_NOT_GIVEN = "LOANS_NOT_GIVEN", Cause(("WDL-9",), "the contract gives no loans")
    LOAN_NOT_FROM_ROTH = (
        "LOAN_NOT_FROM_ROTH",
        Cause(("WDL-9",), "a loan does not touch the Roth account unless the plan permits it"),
    )
    LOAN_NOT_FROM_GUARANTEED = (
        "LOAN_NOT_FROM_GUARANTEED",
        Cause(("WDL-9",), "no loan is taken of guaranteed terms; their money is transferred to another option first"),
    )
    LOAN_OUTSTANDING = (
        "LOAN_OUTSTANDING",
        Cause(("WDL-9", "WDL-11"), "a loan outstanding reduces what can be withdrawn"),
    )
    LOAN_BALANCE_BASIS = (
        "LOAN_BALANCE_BASIS",
        Cause(("WDL-9",), "the contract's loan balances are of the participant, or of accounts, and this one is not"),
    )
    LOAN_BALANCE_IN_FUTURE = "LOAN_BALANCE_IN_FUTURE", Cause(("WDL-9",), "the balance is of a day that is to come")
    LOAN_BALANCE_LATE = "LOAN_BALANCE_LATE", Cause(("WDL-9",), "a balance of a later day is known already")
    LOAN_DEFAULT_EXCEEDS = "LOAN_DEFAULT_EXCEEDS", Cause(("WDL-9",), "no loan, or less than that, is outstanding")
    INCOME_NOT_GIVEN = "INCOME_NOT_GIVEN", Cause(("INC-3",), "the contract has no terms of annuity options")
    VARIABLE_NOT_GIVEN = "VARIABLE_NOT_GIVEN", Cause(("INC-2", "INC-3"), "the contract makes no variable payments")
    FUND_NOT_FOR_INCOME = (
        "FUND_NOT_FOR_INCOME",
        Cause(("INC-2",), "the fund is not available for variable payments during the income phase"),
    )
    YEARS_OUT_OF_RANGE = "YEARS_OUT_OF_RANGE", Cause(("INC-3",), "option 3 pays for fewer, or for more, years")
    FIRST_PAYMENT_TOO_SOON = (
        "FIRST_PAYMENT_TOO_SOON",
        Cause(("INC-2", "INC-3"), "the first payment is too early for the notice that is needed, or already past"),
    )
    NOTHING_TO_APPLY = "NOTHING_TO_APPLY", Cause(("INC-3", "WDL-11"), "what would be applied does not pay a cent")
    INCOME_ELECTED = (
        "INCOME_ELECTED",
        Cause(("LIM-6", "INC-3"), "an annuity option was elected, after which nothing is transferred from this option"),
    )
    NOTHING_CLOSED = "NOTHING_CLOSED", Cause(("GEN-2",), "no day has closed yet whose values a quote could take")
    YIELD_NOT_KNOWN = (
        "YIELD_NOT_KNOWN",
        Cause(("MVA-2", "MVA-4"), "a Treasury yield the adjustment needs was never published"),
    )
