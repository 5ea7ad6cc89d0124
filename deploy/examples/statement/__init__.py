"""An example for users: statements in HTML, made from what annuity-ledger writes."""
