"""An example for users: what the team of a statement generator tests."""
