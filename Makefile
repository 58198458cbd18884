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

.PHONY: help chromium web-widget web-widget-check screenshots-widget setup setup-dev run test lint types format bench migration clean openapi

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

# --- widget: built into the package by Node, which only builds and tests need ---
WIDGET := src/shopwright/web/widget/manifest.json

web/node_modules/.installed: web/package-lock.json $(wildcard web/*/package.json)
	@echo "Installing what building the web parts needs"
	@cd web && npm ci --silent
	@touch $@

$(WIDGET): web/node_modules/.installed web/widget/build.mjs $(shell find web/widget/src web/ui/src -type f)
	@cd web && npm run --silent build -w widget

web-widget: $(WIDGET) ## build the widget

web-widget-check: web/node_modules/.installed ## types and tests of the widget
	@cd web && npm run --silent lint -w widget && npm run --silent test -w widget

chromium: # the browser of the end-to-end tests
	@command -v chromium >/dev/null || { echo "Installing Chromium"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }

screenshots-widget: setup-dev web-widget chromium ## take the pictures of the widget in docs/screenshots
	@$(BIN)/python -m pytest -n 0 tests/e2e/widget/pictures.py
# --- end of widget ---

run: setup web-widget ## run everything on http://localhost:8000 (PORT= changes it)
	@exec $(BIN)/shopwright serve --port $(PORT) --data-dir $(DATA_DIR)

test: setup-dev web-widget web-widget-check chromium ## lint, types, import rules and all tests (T=path for some of them)
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
