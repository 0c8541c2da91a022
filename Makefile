# Sunrelay. On a fresh machine python3 and make are enough: every target sets up what it needs, once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.stamp-$(shell cksum requirements.txt pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)
BROWSER := $(VENV)/.browser-$(shell cksum requirements-browser.txt 2>/dev/null | cut -d' ' -f1)
ONCE   ?=
JOBS   ?= 2
LOCKED := -q --generate-hashes --universal --python-version 3.11 --no-header
LETTERS := $(wildcard activities/words/templates/*/letters.po)
export PYTHONTZPATH :=
# Stores of the tests lie in memory where there is room: a disk that stalls for seconds is no fault of theirs.
MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 6000000 {print "/dev/shm"}')

.PHONY: run test check format lint types replay setup words rehearse-sample browser pictures lock clean

run: setup                  ## set up and run the desk (ONCE=1: show it once and stop)
	@$(BIN)/python -m starter run $(if $(ONCE),--once)

test: setup                 ## set up and run all tests
	@$(if $(MEMORY),PYTEST_DEBUG_TEMPROOT=$(MEMORY)) $(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal

check: setup lint types test   ## everything CI asks for

lint: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types: setup
	@$(BIN)/mypy

browser: setup $(BROWSER)   ## play a shift at the board in Chromium (on Debian: apt-get install chromium)
	@$(if $(MEMORY),PYTEST_DEBUG_TEMPROOT=$(MEMORY)) $(BIN)/python -m pytest -q tests/browser

pictures: setup $(BROWSER)  ## renew docs/pictures from a desk in Chromium
	@$(BIN)/python -m tests.browser.pictures

format: setup
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix-only -q .

words: setup                ## renew the catalogues of our letters from their templates; new sentences wait for a translator
	@$(BIN)/pybabel -q extract -F pyproject.toml --add-location=file -o $(VENV)/letters.pot activities/words/templates
	@for po in $(LETTERS); do \
	  $(BIN)/pybabel -q update -i $(VENV)/letters.pot -o $$po -l $$(basename $$(dirname $$po)) -w 1000 \
	    --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date; done

rehearse-sample: setup      ## rehearse a policy on the sample log (LOG=path: on that log)
	@$(BIN)/python -m starter rehearse $(or $(LOG),--sample) --policy rhipe-csp

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

$(BROWSER): $(STAMP) requirements-browser.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-browser.txt
	@rm -f $(VENV)/.browser-* && touch $@

lock:                       ## renew the locks from pyproject.toml (needs uv): everything, the image, what builds it, browsers
	uv pip compile $(LOCKED) --all-extras pyproject.toml -o requirements.txt
	uv pip compile $(LOCKED) --no-annotate -c requirements.txt pyproject.toml -o requirements-run.txt
	uv pip compile $(LOCKED) --no-annotate -c requirements.txt --group pyproject.toml:browser -o requirements-browser.txt
	echo hatchling | uv pip compile $(LOCKED) --no-annotate -c requirements.txt - -o requirements-build.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
