# Two commands for a newcomer: make demo, make test. Everything they need is set up in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
# Every worker, and every process that the tests start, reads what another has compiled.
export PYTHONDONTWRITEBYTECODE :=

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(VENV)/ready  ## the virtual environment with all dependencies of the lock file

demo: setup  ## the whole bot with a made-up county and a chat page: open the address it prints
	$(BIN)/kongchuo demo

test: setup  ## the whole suite, the import rule and the style
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -n auto --dist worksteal -q

test-postgres: setup  ## the suite with its stores on PostgreSQL (TEST_POSTGRES_URL) instead of SQLite
	KONGCHUO_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n auto --dist worksteal -q -m "not browser"

ROOMS := casework handlers understanding storage reminders reports rosters wecom
quick: setup  ## the inner loop: what a change of one place breaks, room by room; under thirty seconds
	$(BIN)/python -m pytest -n $(shell nproc) -q -m "not slow and not broad and not browser and not postgres" $(ROOMS:%=tests/%)

check: setup  ## style, types and the import rule: under a minute
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

audit: setup  ## the pinned dependencies against the advisories; says so where no source of them can be reached
	$(BIN)/python deploy/audit_dependencies.py

bench: setup  ## the benchmarks, beside their baselines (about ten minutes)
	$(BIN)/python -m bench

image: setup  ## build the image without a registry and try it, from init to SIGTERM (root, buildah, debootstrap; some minutes)
	$(BIN)/python -m tests.operation.image

soak: setup  ## every long timeline, two hundred made-up ones, then ten minutes of load, kills and faults together
	KONGCHUO_TEST_ALL=1 $(BIN)/python -m pytest -n auto -q tests/test_replay.py tests/casework/test_oracle.py tests/understanding/test_properties.py
	$(BIN)/python -m bench.soak

mutants: setup  ## small faults in rules and understanding, one at a time: the tests must notice 85 of 100
	$(BIN)/python -m bench.mutants

coverage: setup  ## which lines of the product the tests run: at least 95 of 100
	$(BIN)/python -m pytest -n auto -q --cov --cov-report=term-missing:skip-covered --cov-fail-under=95

mechanisms: setup  ## docs/coverage.md: which mechanism of the documents is carried by what
	$(BIN)/python -m tests.mechanisms

COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --no-strip-extras --no-header --no-emit-index-url --no-emit-find-links
lock: setup  ## pin the newest versions again: of everything, and of these what a server needs and no more
	$(BIN)/python -m pip install --quiet pip-tools
	$(COMPILE) --upgrade --extra dev --output-file requirements-dev.lock pyproject.toml
	cp requirements-dev.lock requirements.lock
	$(COMPILE) --build-deps-for wheel --output-file requirements.lock pyproject.toml

clean:  ## remove the virtual environment
	rm -rf $(VENV) build *.egg-info

.PHONY: help setup demo test test-postgres quick check bench image soak mutants coverage mechanisms lock clean audit
