# Every command of the project; `make` lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
DATA_DIR ?= data
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup setup-dev run test lint types format bench migration clean openapi

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(BIN)/uv:
	@echo "Creating $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet "uv==0.13.8"

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/uv
	@echo "Installing what running needs (about 650 MB, one to two minutes the first time)"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what tests need"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.runtime ## install all that running needs, models included
	@$(BIN)/shopwright fetch-models --quiet

setup-dev: setup $(VENV)/.dev ## install what tests and checks need as well

run: setup ## run everything on http://localhost:8000 (PORT= changes it)
	@exec $(BIN)/shopwright serve --port $(PORT) --data-dir $(DATA_DIR)

test: setup-dev ## lint, types, import rules and all tests (T=path for some of them)
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -n 2 $(T)

lint: setup-dev ## style, types, import rules, spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/codespell docs bench Makefile *.md $(addprefix src/shopwright/,bots conversations engine entrypoints evaluation identity kit knowledge llm notifications sdk tenants widget)

format: setup-dev ## mend style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup-dev ## measure quality and speed; a table, and JSON in bench/results
	@$(BIN)/python bench/run.py $(B)

migration: setup-dev ## new migration from the models (M="what it does")
	@$(BIN)/python tools/new_migration.py "$(M)"

openapi: setup ## print the API description
	@$(BIN)/shopwright openapi

clean: ## remove what was built and installed here (not the data)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
