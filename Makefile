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

.PHONY: help setup setup-dev run test lint types format bench migration new-channel clean openapi web web-api web-lint web-test chromium screenshots

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(BIN)/uv:
	@echo "Creating $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet "uv==0.13.8"

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/uv
	@echo "Installing what running needs (about 650 MB, one to two minutes the first time)"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what tests need"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.runtime ## install all that running needs, models included
	@$(BIN)/python -m compileall -q src/shopwright # a start is a second faster, also where Python may not write
	@$(BIN)/shopwright fetch-models --quiet

setup-dev: setup $(VENV)/.dev ## install what tests and checks need as well

run: setup web ## run everything on http://localhost:8000 (PORT= changes it)
	@exec $(BIN)/shopwright serve --port $(PORT) --data-dir $(DATA_DIR)

# Many tests wait for other processes: one more than the two cores of a small machine keeps both busy.
WORKERS ?= -n 3 --dist worksteal

test: setup-dev ## lint, types, import rules and all tests (T=path for some of them)
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory web web-test chromium
	@$(BIN)/python -m pytest $(WORKERS) $(T)
	@$(if $(T),,$(BIN)/python -m pytest $(WORKERS) tests/e2e/console)

lint: setup-dev ## style, types, import rules, spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/codespell docs bench Makefile *.md $(addprefix src/shopwright/,bots channels contacts conversations deployments engine entrypoints evaluation gateway identity kit knowledge lab llm notifications sdk tenants widget)
	@$(MAKE) --no-print-directory web-lint

# ---- console and widget: npm workspaces in web/, built into the package ----
WEB := web
WEB_OUT := src/shopwright/web
NPM := npm --prefix $(WEB) --loglevel=error
WEB_SOURCES = $(shell find $(WEB) -type f -not -path '*/node_modules/*' -not -path '*/tests/*' -not -name '.*')

$(WEB)/node_modules/.installed: $(WEB)/package-lock.json
	@echo "Installing what building the console needs"
	@cd $(WEB) && npm ci --loglevel=error
	@touch $@

$(WEB_OUT)/.built: $(WEB)/node_modules/.installed $(WEB_SOURCES)
	@echo "Building the console"
	@$(NPM) run build --silent >/dev/null
	@touch $@

web: $(WEB_OUT)/.built ## build the console and the widget into the package, when their sources changed

web-api: setup $(WEB)/node_modules/.installed ## write the types of the API from its description (web/api/src/schema.ts)
	@$(BIN)/shopwright openapi > $(WEB)/api/.openapi.json
	@$(WEB)/api/generate.sh .openapi.json src/schema.ts

web-lint: setup $(WEB)/node_modules/.installed
	@$(BIN)/shopwright openapi > $(WEB)/api/.openapi.json
	@$(WEB)/api/generate.sh .openapi.json .schema.ts
	@cmp --silent $(WEB)/api/.schema.ts $(WEB)/api/src/schema.ts || { echo "web/api/src/schema.ts is stale: run 'make web-api'"; exit 1; }
	@$(NPM) run lint --silent

chromium: ## install the browser that tests use, when there is none
	@command -v chromium chromium-browser google-chrome >/dev/null || { echo "Installing Chromium"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; }

web-test: $(WEB)/node_modules/.installed
	@$(NPM) run test --silent

screenshots: setup-dev web chromium ## write a picture of every screen to docs/screenshots
	@SHOPWRIGHT_SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -n 0 tests/e2e/console/test_screens.py
	@$(BIN)/python -m pytest -n 0 tests/e2e/widget/pictures.py
# ----

format: setup-dev ## mend style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup-dev ## measure quality and speed; a table, and JSON in bench/results
	@$(BIN)/python bench/run.py $(B)

migration: setup-dev ## new migration from the models (M="what it does")
	@$(BIN)/python tools/new_migration.py "$(M)"

new-channel: setup-dev ## begin an adapter for a platform (NAME=line)
	@$(BIN)/python tools/new_channel.py "$(NAME)"
	@$(BIN)/ruff format -q src/shopwright/channels src/shopwright/lab tests/channels tests/lab

openapi: setup ## print the API description
	@$(BIN)/shopwright openapi

clean: ## remove what was built and installed here (not the data)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
