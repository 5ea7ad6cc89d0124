"""The public messages of annuity-ledger: what is read, what is written, and on which topic.

Everything a sender or a consumer needs to know is in this package; it imports nothing of `services`.
"""
