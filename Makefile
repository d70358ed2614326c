# Baztab: `make` prints what there is. Every target sets up what it needs, once.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help install demo run test check lint types imports cover fuzz lock clean

help:  ## What there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-10s %s\n' "$$name" "$$what"; done

install: $(STAMP)  ## The virtual environment with everything in it
$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Baztab needs Python 3.11 or newer; name one with make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: $(STAMP)  ## The whole bot in the browser, no token needed (ARGS="--live" for real feeds)
	@$(BIN)/baztab demo $(ARGS)

run: $(STAMP)  ## The bot on Telegram: BAZTAB_TOKEN=… make run
	@$(BIN)/baztab run $(ARGS)

test: $(STAMP)  ## All tests
	@$(BIN)/python -m pytest --numprocesses=2 --dist=loadgroup $(ARGS)

check: lint types imports cover  ## Lint, types, imports and tests: what CI runs

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(STAMP)
	@$(BIN)/mypy

imports: $(STAMP)
	@$(BIN)/lint-imports

cover: $(STAMP)  ## All tests, with the coverage of branches
	@$(MAKE) --no-print-directory test ARGS="--cov --cov-report=term --cov-fail-under=85 $(ARGS)"

lock:  ## Pin the dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements/base.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group dev -o requirements/dev.txt

clean:  ## Remove the virtual environment and all caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov build *.egg-info
