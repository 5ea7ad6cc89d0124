"""An example for users: a payroll system that sends deposits, and the tests of its team."""
