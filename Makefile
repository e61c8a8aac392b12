# The verbs of this house, the same on a laptop and in CI. Each does its own set-up.
.PHONY: help setup run test check soak load engines words audit clean
.DEFAULT_GOAL := help

PYTHON := .venv/bin/python
SHELL := /bin/sh

# A Python new enough, and able to start: a pyenv shim may be on the PATH and lead nowhere.
define FIND_PYTHON
for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
	python=; \
done; \
test -n "$$python" || { echo "Tap or Tarp needs Python 3.11 or newer, and none is on the PATH." >&2; exit 1; }
endef

help: ## say what the verbs are
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

setup: ## make .venv agree with uv.lock (nothing to do: no time taken)
	@cmp -s uv.lock .venv/installed.lock && $(PYTHON) -c '' 2>/dev/null || { \
		$(FIND_PYTHON); "$$python" -m app.ops.setup; }

# A .env beside this file is read first; what the environment already says wins over it.
run: setup ## serve on http://localhost:8000
	@if [ -f .env ]; then said=$$(export -p); set -a; . ./.env; set +a; eval "$$said"; fi; \
	exec $(PYTHON) -m gunicorn -c python:app.ops.gunicorn wsgi:app

# Three files at a time, for most of them wait (tests/conftest.py mixes them); then, one after the
# other, what measures how late something may be: servers killed or asked to go, phones coming back.
ALONE := tests/ops/test_kill.py tests/ops/test_drain.py tests/browser/test_line.py

test: setup ## every test but the soak, with what they need from the system
	@$(PYTHON) -m tests.house.machine
	@$(PYTHON) -m pytest -m "not soak" -n 3 --dist loadfile --no-loadscope-reorder \
		$(ALONE:%=--ignore=%)
	@$(PYTHON) -m pytest -m "not soak" $(ALONE)

check: setup ## lint, format, types, import floors
	@$(PYTHON) -m ruff check
	@$(PYTHON) -m ruff format --check
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports

soak: setup ## the tests that take minutes
	@$(PYTHON) -m tests.house.machine
	@$(PYTHON) -m pytest -m soak

load: setup ## measure many games of four phones: make load LOAD="--best-of 3"
	@$(PYTHON) -m tests.load $(LOAD)

engines: setup ## the same game in Chromium, WebKit and Firefox, whichever are here
	@$(PYTHON) -m tests.engines $(ENGINES)

words: setup ## bring the catalogs of every language up to date with the sources
	@$(PYTHON) -m app.words.gather

# It asks the advisories of PyPI; whoever cannot reach them gets its error.
audit: setup ## look every locked package up among the known vulnerabilities
	@$(PYTHON) -m app.ops.lock uv.lock > .venv/locked.txt
	@$(PYTHON) -m pip install -q --target .venv/pip-audit pip-audit
	@PYTHONPATH=.venv/pip-audit $(PYTHON) -m pip_audit --disable-pip --no-deps -r .venv/locked.txt

clean: ## remove what the other verbs made; games and secrets in instance/ stay
	rm -rf .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
