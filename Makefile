# Sunrelay. On a fresh machine python3 and make are enough: every target sets up what it needs, once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.stamp-$(shell cksum requirements.txt pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)
ONCE   ?=
JOBS   ?= 2
export PYTHONTZPATH :=

.PHONY: run test check format lint types replay setup rehearse-sample lock clean

run: setup                  ## set up and run the desk (ONCE=1: show it once and stop)
	@$(BIN)/python -m starter run $(if $(ONCE),--once)

test: setup                 ## set up and run all tests
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile

check: setup lint types test   ## everything CI asks for

lint: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types: setup
	@$(BIN)/mypy

format: setup
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix-only -q .

rehearse-sample: setup
	@$(BIN)/python -m starter rehearse $(or $(LOG),../shared/data/uci_servicenow_incidents_sample.csv.gz) --policy rhipe-csp

setup: $(STAMP)

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Sunrelay needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "python3 cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 2; }
	@echo "setting up (once; about a minute)" >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/.stamp-* && touch $@

lock:                       ## renew requirements.txt from pyproject.toml (needs uv)
	uv pip compile -q --generate-hashes --universal --python-version 3.11 --all-extras --no-header pyproject.toml -o requirements.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
