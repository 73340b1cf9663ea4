# Portal's commands; `make help` lists them. Needs python3 with venv, and make.
PORT ?=
HOST ?=
DEMO ?= 1
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
AUDIT := tests/audit
export PORT HOST DEMO

.DEFAULT_GOAL := help
.PHONY: help run test audit bench soak relevance pictures lint messages lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/run.stamp ## Install what is needed, prepare the site and run it (PORT=, HOST=, DEMO=0)
	@exec $(PY) deploy/run.py

test: $(VENV)/dev.stamp $(if $(shell command -v npm),$(AUDIT)/node_modules) ## Run every test on SQLite, then those of the database on PostgreSQL
	@$(PY) tests/run.py

audit: $(VENV)/dev.stamp $(AUDIT)/node_modules ## Look at the whole demo from outside: Lighthouse, axe, the Nu validator, a crawl
	@$(PY) -m pytest tests/test_crawl.py tests/test_markup.py tests/browser/test_accessibility.py tests/browser/test_adaptations.py -n 2
	@$(PY) -m tests.audit

bench: $(VENV)/dev.stamp ## Measure Portal beside plain Wagtail, Django and nginx, and as the archive grows (PEERS=1, SIZE=50000, SEARCHED=20000)
	@$(PY) -m tests.bench

soak: $(VENV)/dev.stamp ## Do 10,000 random editing acts and look for stale bytes (ACTS=, SEED=; goes on where it stood)
	@$(PY) -m tests.soak

relevance: $(VENV)/dev.stamp ## Compare what readers find with bm25s, in three languages on both databases (needs Debian's apt)
	@$(PY) -m tests.relevance

pictures: $(VENV)/dev.stamp ## Take the pictures in docs/look.md (needs Chromium)
	@$(PY) -m tests.audit.pictures

lint: $(VENV)/dev.stamp ## Check style, imports, templates, migrations and Django's checks
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet . || { echo "Run: $(VENV)/bin/ruff format ."; exit 1; }
	@$(VENV)/bin/djhtml --check --tabwidth 4 templates >/dev/null 2>&1 || { echo "Run: $(VENV)/bin/djhtml --tabwidth 4 templates"; exit 1; }
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py makemigrations --check --dry-run
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py check --fail-level WARNING

messages: $(VENV)/dev.stamp ## Bring the gettext catalogues up to date (needs gettext)
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py catalogues

lock: ## Compile requirements.in and requirements-dev.in to their locks
	@test -x $(VENV)/bin/uv || $(VENV)/bin/pip install --quiet uv
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.txt

clean: ## Remove what was installed here; the site's own data in var/ stays
	rm -rf $(VENV) .pytest_cache .ruff_cache

$(VENV)/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Portal needs Python 3.11 or newer as $(PYTHON). On Debian: apt-get install python3"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Portal needs Python's venv module. On Debian: apt-get install python3-venv"; exit 1; }
	@test -x $(VENV)/bin/pip || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing Portal's requirements ..."
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.txt
	@echo "Installing the test tools ..."
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(AUDIT)/node_modules: $(AUDIT)/package-lock.json
	@echo "Installing Lighthouse and the Nu validator ..."
	@npm ci --ignore-scripts --no-audit --no-fund --silent --prefix $(AUDIT)
	@touch $@
