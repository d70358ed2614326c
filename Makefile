# Baztab: `make` prints what there is. Every target sets up what it needs, once.
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check
# The first of these that is Python 3.11 or newer makes the virtual environment; name another with PYTHON=.
PYTHON ?= python3.11 python3.12 python3.13 python3 python
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --no-strip-extras pyproject.toml

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo run test check lint types imports cover fuzz pictures soak format lock clean

help:  ## What there is
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

install: $(STAMP)  ## The virtual environment with everything in it, as pinned

$(STAMP): requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || for python in $(PYTHON); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		$$python -m venv $(VENV) || { echo "Can't make a virtual environment; on Debian: apt install python3-venv" >&2; exit 1; }; \
		break; \
	done
	@test -x $(BIN)/python || { echo "Baztab needs Python 3.11 or newer; name one: make PYTHON=…" >&2; exit 1; }
	@echo "Installing the pinned packages into $(VENV); this takes a minute, once"
	@$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP)  ## The whole bot in the browser, no token needed (ARGS=--live for real feeds)
	@$(BIN)/baztab demo $(ARGS)

run: $(STAMP)  ## The bot on Telegram: BAZTAB_TOKEN=… make run
	@$(BIN)/baztab run $(ARGS)

test: $(STAMP)  ## All tests; ARGS="-k feeds" chooses
	@$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadgroup $(ARGS)

fuzz: $(STAMP)  ## A minute of documents that are made to break the parser (ARGS="--seconds 600")
	@$(BIN)/python -m tests.fuzz.parse $(ARGS)

soak: $(STAMP)  ## Ten minutes in which everything fails at random (ARGS="--minutes 2")
	@$(BIN)/python -m benchmarks.soak $(ARGS)

check: lint types imports cover  ## Lint, types, imports and tests with coverage: what CI runs

lint: $(STAMP)  ## Lint and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(STAMP)  ## Types
	@$(BIN)/mypy

imports: $(STAMP)  ## Which module may import which
	@$(BIN)/lint-imports

cover: $(STAMP)  ## All tests, with the coverage of branches
	@$(MAKE) --no-print-directory test ARGS="--cov --cov-report=term --cov-fail-under=85 $(ARGS)"

format: $(STAMP)  ## Put the code into the one form
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

pictures: $(STAMP)  ## The pictures in docs/images, taken anew (needs Chromium)
	@$(BIN)/python -m tests.e2e.pictures

lock:  ## Pin the dependencies anew (needs uv)
	$(LOCK) -o requirements/base.txt
	$(LOCK) --group dev -o requirements/dev.txt

clean:  ## Remove the virtual environment and all caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov build *.egg-info
