"""The rules of the contract documents that are built, or refused by name, each with the clause it comes from.

Documents: GAA = Guaranteed Accumulation Account prospectus of 30 April 2012 (PRO.GAA-12); E-FA2 =
endorsement E-FA2(CT)-13; SUP = supplement of 24 January 2014; ROTH = endorsement E-RO457-11; DAC =
endorsement EMM-DAC-10. Where the documents are silent the clause says "house decision" beside the
nearest text.
"""

from __future__ import annotations

RULES: dict[str, str] = {
    "GEN-1": "GAA, Maturity Value Transfer Provision (sidebar, Business Day)",
    "GEN-2": "E-FA2 §8, Valuation Period following receipt in good order",
    "GEN-3": "E-FA2 §8, receipt in good order",
    "GEN-4": "GAA Appendix I (factor to 4 places); house decision on the other scales",
    "GEN-5": "GAA, Guaranteed Interest Rates; SUP, Interest Rates (annual effective yield)",
    "GEN-6": "E-FA2 §4, Change of Contract by the Company",
    "GEN-7": "E-FA2 §7, Individual Account Reserve",
    "GEN-8": "E-FA2 §3(1); SUP, Important Information (Fixed Account 2 opens)",
    "ACC-1": "E-FA2 §5, Individual Accounts",
    "ACC-2": "E-FA2 §7(d), Experience Credits",
    "ACC-3": "ROTH, Withdrawal Charges (cycles)",
    "DEP-1": "GAA, Contract Charges (premium tax, front-end sales charge)",
    "DEP-2": "E-FA2 §5, percentages chosen by the Owner",
    "DEP-3": "E-FA2 §§1, 3, 5, closing date",
    "DEP-4": "E-FA2 §8 and §6, values of the Valuation Period; interest added daily",
    "DEP-5": "GAA, Contributions to GAA; Deposit Period",
    "DEP-6": "ROTH, Participant Roth Account",
    "DEP-7": "ROTH, Contribution Limits",
    "DEP-8": "GAA, Anti-Money Laundering (forms of payment)",
    "DEP-9": "GAA, Anti-Money Laundering (blocked transactions)",
    "FND-1": "DAC §3.06, Net Investment Factor",
    "FND-4": "DAC §1.18, Charges Subject to Change",
    "FIX-1": "E-FA2 §6(a)",
    "FIX-2": "E-FA2 §6(b)",
    "FIX-5": "E-FA2 §6(d), one-year minimum guaranteed interest rate",
    "FIX-6": "E-FA2 §6, rates no less than the minimum; SUP, Interest Rates",
    "FIX-7": "SUP, Interest Rates (house decision: one rate for all money)",
    "TRF-1": "E-FA2 §8, transfer of Individual Account Reserves",
    "TRF-2": "E-FA2 §8; GAA, Transfer Fees",
    "TRF-4": "GAA, Contributions to GAA (minimum for transfers)",
    "TRF-5": "GAA, Transfers (frequent or disruptive)",
    "TRF-6": "GAA, Transfers (specific dollar amount)",
    "LIM-3": "E-FA2 §8, Fixed Account 2 50%; SUP, Transfers",
    "LIM-4": "E-FA2 §3; SUP, Transfers (temporary larger percentages and waivers)",
    "WDL-1": "GAA, Withdrawals (pro rata from funding options)",
    "WDL-2": "GAA, Withdrawals and Transfers from GAA (order)",
    "WDL-3": "GAA, Withdrawals; Appendix I (specific dollar amount)",
    "WDL-4": "DAC §6.04, Withdrawal Charge",
    "WDL-5": "GAA, Contract Charges (maintenance fee)",
    "WDL-8": "E-FA2 §10; SUP, Withdrawals (installments)",
    "WDL-9": "ROTH, Loans",
    "WDL-10": "GAA, Reinvestment Privilege",
    "WDL-11": "E-FA2 §7 (house decision: rejected whole)",
    "WDL-12": "GAA, Tax Penalties and Tax Withholding",
    "WDL-13": "DAC §6.04, withdrawal by the Contract Holder",
    "WDL-14": "GAA, Contract Charges; Appendix I (house decision on the order)",
    "GAA-1": "GAA, Deposit Period; Guaranteed Interest Rates",
    "GAA-2": "GAA, Guaranteed Interest Rates (from deposit to the last day)",
    "GAA-3": "GAA, Guaranteed Term Classifications",
    "GAA-4": "GAA, Transfers (deposit period and 90 days after)",
    "GAA-5": "GAA, Transfers between Guaranteed Term Classifications",
    "GAA-6": "GAA, Transfers from GAA (choice of term)",
    "GAA-7": "GAA, Interest Rate Lock",
    "MAT-2": "GAA, Maturity of a Guaranteed Term (instructions)",
    "MAT-3": "GAA, Maturity of a Guaranteed Term (no instructions)",
    "MAT-5": "GAA, Maturity of a Guaranteed Term (house decision: no business day)",
    "MAT-6": "GAA, Maturity of a Guaranteed Term (house decision on the order of a day)",
    "MVA-1": "GAA, MVA Formulas (Method One)",
    "MVA-2": "GAA, MVA Formulas (Method Two); Deposit Period Yield; Current Yield",
    "MVA-3": "GAA, MVA Formulas (x from the Wednesday of the week)",
    "MVA-4": "GAA, Deposit Period Yield (house decision on holidays and interpolation)",
    "MVA-5": "GAA Appendix I",
    "MVA-6": "GAA, Calculation of the Aggregate MVA",
    "MVA-7": "GAA, Market Value Adjustment (only if positive)",
    "MVA-8": "GAA, Maturity of a Guaranteed Term; Market Value Adjustment (systematic distribution)",
    "MVA-9": "GAA, Market Value Adjustment (two or more consecutive terms)",
    "MVA-10": "GAA, Market Value Adjustment (guaranteed death benefit); house decision on the adjusted purchase total",
    "MVA-11": "GAA Appendix II, Table A",
    "INC-1": "GAA, Income Phase",
    "NTC-1": "E-FA2 §9, Notice of the Owner",
}


def clauses(rules: tuple[str, ...]) -> str:
    """The clauses behind rule ids, for a reader: "GEN-2: E-FA2 §8 …; GEN-3: …"."""
    return "; ".join(f"{rule}: {RULES[rule]}" for rule in rules)
