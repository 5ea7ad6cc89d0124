"""FND-4: charges that a review cannot set, and totals that contradict one another."""

from contracts_schema.contract_notices import ContractTotal
from services.domain.charge_reviews import Told
from tests.domain.books import Book, Json, fund, only, terms
from tests.domain.books_reviews import deposit, notices, review, reviewed, schedule
from tests.domain.test_charge_review import begun, charges, closed, through_friday
