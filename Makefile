# `make demo` and `make test` do their own set-up, once, in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test stress fuzz lint docs constraints clean

demo: .venv/installed
	$(BIN)/rashomon demo

# A test a core; more threads in each would only wait for one another.
test: .venv/installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto

# A hundred runs killed at random moments; takes a quarter of an hour or more.
stress: .venv/installed-dev
	PYTHONPATH=tests $(BIN)/python tests/stress.py

# Each reader on wild bytes for so many seconds, up to the first that break a promise.
SECONDS ?= 60
fuzz: .venv/installed-dev
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[fuzz]'
	for target in $(notdir $(wildcard tests/corpus/*)); do \
	  OMP_NUM_THREADS=1 $(BIN)/python tests/fuzz.py $$target --seconds $(SECONDS) || exit; \
	done

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "rashomon needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch .venv/installed $@

# What docs/sql.md and the pictures of a report show of the sample coverage, made anew.
docs: .venv/installed-dev
	rm -f .venv/docs.duckdb
	$(BIN)/rashomon demo --warehouse .venv/docs.duckdb --report .venv/docs.html >.venv/docs.txt
	PYTHONPATH=. $(BIN)/python tests/sql_page.py .venv/docs.duckdb
	$(BIN)/python tests/screenshots.py .venv/docs.html

# The newest versions that the ranges in pyproject.toml allow, to be tested and then committed.
constraints:
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[dev]'
	$(BIN)/pip freeze --exclude-editable | sed 's/+cpu$$//' > constraints.txt

clean:
	rm -rf .venv .fuzz dist rashomon.duckdb rashomon.duckdb.lock rashomon-report.html
