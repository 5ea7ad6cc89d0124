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
    transfer_fee,
    waiver,
)
from tests.scenarios.closed import close_held
from tests.scenarios.deposited import (
    account_closing,
    allocation,
    aml_order,
    contribution_limits,
    payment_forms,
    roth_account,
)
from tests.scenarios.fixed import (
    closing_date,
    fixed_account_floor,
    fixed_plus_anniversary,
    one_year_minimums,
    when_applied,
)
from tests.scenarios.kept import classified, lock_in, rate_lock, reinvestment_privilege
from tests.scenarios.kept_and_paid import (
    cycles,
    deferral_order,
    experience_credit,
    installments,
    maintenance_fee,
    roth_portion,
    service_cost,
)
from tests.scenarios.lent_and_paid import annuity_option, annuity_units, loan, loan_default
from tests.scenarios.limited import (
    fixed_account_2_limit,
    fixed_account_limit,
    fixed_plus_full,
    fixed_plus_limit,
    fixed_plus_withdrawals,
    minimum_into_guaranteed,
    repurchase_capped,
    supplement_limit,
    temporary_limit,
)
from tests.scenarios.matured import after_closing, maturity_elected, maturity_reinvested, nothing_on_offer, ten_years
from tests.scenarios.reviewed import charge_review
from tests.scenarios.stated import annual_statement
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
        transfer_fee,
        lock_in,
        classified,
        rate_lock,
        reinvestment_privilege,
        maturity_reinvested,
        maturity_elected,
        nothing_on_offer,
        after_closing,
        ten_years,
        fixed_account_floor,
        fixed_plus_anniversary,
        one_year_minimums,
        closing_date,
        when_applied,
        roth_account,
        contribution_limits,
        payment_forms,
        annual_statement,
        aml_order,
        account_closing,
        allocation,
        maintenance_fee,
        roth_portion,
        cycles,
        experience_credit,
        service_cost,
        deferral_order,
        installments,
        fixed_account_limit,
        fixed_plus_limit,
        fixed_account_2_limit,
        supplement_limit,
        temporary_limit,
        fixed_plus_withdrawals,
        fixed_plus_full,
        minimum_into_guaranteed,
        repurchase_capped,
        early_withdrawal_charge,
        premium_tax_at_withdrawal,
        withholding,
        several_accounts,
        loan,
        loan_default,
        annuity_option,
        annuity_units,
        charge_review,
        close_held,
    )
}
