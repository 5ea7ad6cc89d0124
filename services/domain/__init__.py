"""The contract's rules as pure functions: state and a message in, new state and outcomes out.

Nothing here reads a clock, a file or the network, makes a random id or uses a float. It imports the
standard library and `contracts_schema` only, so that the ledger, a replay in process and an actuary's
test run the very same code.
"""
