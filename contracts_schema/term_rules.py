"""Which rules each contract term is of: for whoever has to mend a term, or wants to know what it decides.

Terms are named by their path from the top, without the numbers of lists; an option's have the option's kind in it.
What is not named itself is of the rules of the nearest term above it.
"""

from __future__ import annotations


def _fixed(kind: str, floor: str, limit: str) -> dict[str, tuple[str, ...]]:
    """What all fixed options have."""
    at = f"options.{kind}"
    return {
        at: (floor,),
        f"{at}.retained_minimum": ("FIX-6",),
        f"{at}.rate_basis": ("FIX-7",),
        f"{at}.applied_order": ("FIX-7",),
        f"{at}.anniversary": ("FIX-4",),
        f"{at}.opens_on": ("GEN-8",),
        f"{at}.closes_on": ("GEN-8", "DEP-3"),
        f"{at}.limit": (limit,),
        f"{at}.limit.destinations": ("TRF-1", limit),
        f"{at}.limit.limits_withdrawals": ("WDL-6",),
        f"{at}.limit.full_withdrawal": ("WDL-6",),
        f"{at}.limit.waivers_reach": ("LIM-4", "WDL-6"),
        f"{at}.limit.temporary": ("LIM-4",),
    }


RULES_OF_TERMS: dict[str, tuple[str, ...]] = {
    "contract_id": ("GEN-3",),
    "version": ("GEN-6",),
    "effective_from": ("GEN-6",),
    "applies_to": ("GEN-6",),
    "title": ("GEN-3",),
    "charge_class": ("FND-4",),
    "accounts": ("ACC-1",),
    "accounts_open_by_deposit": ("ACC-1",),
    "submitters": ("GEN-2", "GEN-3"),
    "premium_tax_percent": ("DEP-1",),
    "premium_tax_due": ("DEP-1",),
    "sales_charge_percent": ("DEP-1",),
    "scales": ("GEN-4",),
    "transfers": ("TRF-2",),
    "transfers.minimum_into_guaranteed": ("TRF-4",),
    "early_withdrawal_charge": ("WDL-4",),
    "early_withdrawal_charge.installment": ("WDL-4", "ACC-3"),
    "mva_waivers": ("LIM-4",),
    "maintenance_fee": ("WDL-5",),
    "additional_services": ("FND-6",),
    "additional_services.rate_reduction": ("FND-5",),
    "cycles": ("ACC-3",),
    "deferral_orders": ("WDL-7",),
    "installments": ("WDL-8",),
    "death_benefit": ("MVA-10",),
    "deferral_restores_mva": ("MVA-10",),
    "reinvestment": ("WDL-10",),
    "loans": ("WDL-9",),
    "income": ("INC-1",),
    "income.fixed_rate": ("FIX-3",),
    "income.minimum_fixed_rate": ("FIX-3",),
    "income.shortest_years": ("INC-3",),
    "income.longest_years": ("INC-3",),
    "income.transfers_after_election": ("LIM-6", "TRF-1"),
    "income.variable": ("INC-2", "INC-4"),
    "income.variable.notice_days": ("INC-2",),
    "statement_date": ("NTC-1",),
    "sources": ("DEP-6",),
    "contribution_limits": ("DEP-7",),
    "payments": ("DEP-8",),
    "aml": ("DEP-9",),
    "charge_review": ("FND-4",),
    "options": ("TRF-1", "DEP-2"),
    "options.fund": ("FND-1",),
    "options.fund.opens_on": ("GEN-8",),
    "options.fund.closes_on": ("GEN-8",),
    "options.fund.repurchase": ("TRF-5",),
    **_fixed("fixed_account", floor="FIX-1", limit="LIM-1"),
    **_fixed("fixed_plus_account", floor="FIX-2", limit="LIM-2"),
    **_fixed("fixed_plus_account_2", floor="FIX-2", limit="LIM-2"),
    "options.fixed_plus_account.limit.full_installments": ("WDL-6",),
    "options.fixed_plus_account_2.limit.full_installments": ("WDL-6",),
    **_fixed("fixed_account_2", floor="FIX-5", limit="LIM-3"),
    "options.guaranteed": ("GAA-1",),
    "options.guaranteed.lock_in_days": ("GAA-4",),
    "options.guaranteed.at_maturity": ("MAT-3",),
    "options.guaranteed.after_closing": ("GEN-8",),
    "options.guaranteed.maturity_notice_days": ("MAT-1",),
    "options.guaranteed.classified": ("GAA-3",),
    "options.guaranteed.rate_lock": ("GAA-7",),
    "options.guaranteed.rate_lock_days": ("GAA-7",),
    "options.guaranteed.opens_on": ("GEN-8",),
    "options.guaranteed.closes_on": ("GEN-8", "DEP-3"),
    "options.guaranteed.mva": ("MVA-1", "MVA-2"),
    "options.guaranteed.mva.yield_source": ("MVA-2",),
    "options.guaranteed.mva.yield_series": ("MVA-1", "MVA-2", "MVA-4"),
    "options.guaranteed.mva.spread_series": ("MVA-1",),
    "options.guaranteed.mva.yield_weekday": ("MVA-1", "MVA-3"),
    "options.guaranteed.mva.yield_weeks": ("MVA-1",),
    "options.guaranteed.mva.count_from_weekday": ("MVA-3",),
    "options.guaranteed.mva.factor_places": ("MVA-5", "GEN-4"),
    "options.guaranteed.mva.waived_for_systematic": ("MVA-8",),
    "options.guaranteed.mva.positive_only_death": ("MVA-7",),
    "options.guaranteed.mva.positive_only_disability": ("MVA-7",),
    "options.guaranteed.mva.equal_lots": ("MVA-9",),
}


def rules_of_term(at: tuple[int | str, ...]) -> tuple[str, ...]:
    """The rules of the term at that place, or of the nearest above it; none where there is none."""
    names = [part for part in at if isinstance(part, str)]
    while names:
        if rules := RULES_OF_TERMS.get(".".join(names)):
            return rules
        names.pop()
    return ()
