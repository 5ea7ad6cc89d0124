"""Every story, by the folder that holds it."""

from collections.abc import Callable

from tests.scenarios.adjusted import (
    aggregate,
    appendix_one,
    death_benefit,
    equal_terms,
    income,
    method_one,
    net_over_several_lots,
    not_published,
    positive_only,
    systematic,
    waiver,
)
from tests.scenarios.deposited import account_closing, aml_order, contribution_limits, payment_forms, roth_account
from tests.scenarios.kept import classified, lock_in, rate_lock, reinvestment_privilege
from tests.scenarios.kept_and_paid import (
    cycles,
    deferral_order,
    experience_credit,
    installments,
    maintenance_fee,
    roth_portion,
)
from tests.scenarios.matured import after_closing, maturity_elected, maturity_reinvested, nothing_on_offer, ten_years
from tests.scenarios.story import Story
from tests.scenarios.withdrawn import early_withdrawal_charge, premium_tax_at_withdrawal, several_accounts, withholding

STORIES: dict[str, Callable[[], Story]] = {
    story.__name__: story
    for story in (
        appendix_one,
        aggregate,
        net_over_several_lots,
        positive_only,
        equal_terms,
        method_one,
        death_benefit,
        waiver,
        systematic,
        not_published,
        income,
        lock_in,
        classified,
        rate_lock,
        reinvestment_privilege,
        maturity_reinvested,
        maturity_elected,
        nothing_on_offer,
        after_closing,
        ten_years,
        roth_account,
        contribution_limits,
        payment_forms,
        aml_order,
        account_closing,
        maintenance_fee,
        roth_portion,
        cycles,
        experience_credit,
        deferral_order,
        installments,
        early_withdrawal_charge,
        premium_tax_at_withdrawal,
        withholding,
        several_accounts,
    )
}
