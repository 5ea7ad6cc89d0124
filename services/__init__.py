"""The rooms of annuity-ledger: the pure domain, one thin shell per service, and the runtime they stand on."""
