# Every target sets up what it needs first: .venv, the pinned and hashed requirements, this package. Needs Python 3.11
# or newer with its venv module, and make; no root, no Docker, no server installed by hand.

SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?=
CLAIMS ?= 500
ONLY ?=
ARGS ?=
SEED ?=
UV ?= uv

PY := .venv/bin/python
CODE := edi transport pipeline tasks api sandbox local
# A set-up is good for these requirements in this folder; anything else is set up anew.
KEY := $(shell { cat requirements/dev.txt pyproject.toml; echo '$(CURDIR)'; } | cksum | tr ' ' '-')
READY := .venv/.ready-$(KEY)

.PHONY: help setup demo up test fuzz simulate chaos trials check bench requirements clean distclean

help:
	@echo 'make demo [CLAIMS=500]   the whole flow on this machine, claim to cash; ends with one JSON line'
	@echo 'make up                  the whole system, left running until Ctrl-C'
	@echo 'make test [ARGS=...]     the tests'
	@echo 'make fuzz [RUNS=...]     damaged files through every reader; ends with one JSON line (SEED=... to repeat)'
	@echo 'make simulate [RUNS=...] crossings of workers, messages, partners and their answers; ends with one JSON line (SEED=... to repeat)'
	@echo 'make chaos [RUNS=20]     everything breaks while claims travel; ends with one JSON line (SEED=... to repeat)'
	@echo 'make trials [RUNS=1000]  killed at every step at the bank edge; ends with one JSON line'
	@echo 'make check               lint, types, import rules, dead code, dependencies'
	@echo 'make bench [ONLY=name]   measurements; ends with one JSON line'
	@echo 'make requirements        pin the requirements anew (needs uv)'
	@echo 'make clean               remove local data and caches (distclean: the environment too)'

setup: $(READY)

$(READY):
	@set -eu; \
	say() { echo "$$*" >&2; }; \
	began=$$(date +%s); \
	if [ "$$(cat .venv/.folder 2>/dev/null)" != '$(CURDIR)' ] || ! $(PY) -c 'import pip' 2>/dev/null; then \
	  found=; \
	  for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    say 'Claimrail needs Python 3.11 or newer, and none is on PATH. Cure: install it, or say make PYTHON=/path/to/python3'; exit 1; \
	  fi; \
	  if ! "$$found" -c 'import venv, ensurepip' 2>/dev/null; then \
	    say "$$found lacks its venv module. Cure on Debian and Ubuntu: apt install python3-venv; or say make PYTHON=..."; exit 1; \
	  fi; \
	  say "Making .venv with $$("$$found" --version)"; \
	  rm -rf .venv; "$$found" -m venv .venv; printf %s '$(CURDIR)' > .venv/.folder; \
	fi; \
	say "Installing $$(grep -c '==' requirements/dev.txt) pinned packages; the first time takes a minute or two"; \
	$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/dev.txt; \
	$(PY) -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	rm -f .venv/.ready-*; touch $(READY); \
	say "Ready after $$(($$(date +%s) - began)) s"

demo: $(READY)
	@$(PY) -m local demo --claims $(CLAIMS)

up: $(READY)
	@$(PY) -m local up

test: $(READY)
	@$(PY) -m pytest $(ARGS)

fuzz: RUNS ?= 200000
fuzz: $(READY)
	@PYTHONPATH=tests/builders $(PY) -m tests.fuzz --runs $(RUNS) $(if $(SEED),--seed $(SEED))

simulate: RUNS ?= 200000
simulate: $(READY)
	@PYTHONPATH=tests/builders $(PY) -m tests.simulation --runs $(RUNS) $(if $(SEED),--seed $(SEED))

chaos: RUNS ?= 20
chaos: $(READY)
	@$(PY) -m tests.chaos --runs $(RUNS) $(if $(SEED),--seed $(SEED)) $(ARGS)

trials: RUNS ?= 1000
trials: $(READY)
	@PYTHONPATH=tests/builders $(PY) -m tests.bank_edge --runs $(RUNS) $(if $(SEED),--seed $(SEED))

check: $(READY)
	@echo 'ruff' && $(PY) -m ruff check -q . && $(PY) -m ruff format -q --check .
	@echo 'mypy' && $(PY) -m mypy --no-error-summary
	@echo 'import rules' && .venv/bin/lint-imports --no-logo > .venv/.lint-imports 2>&1 || { cat .venv/.lint-imports; exit 1; }
	@echo 'dead code' && ! { $(PY) -m vulture | grep -vE 'unused (variable|attribute) .*60% confidence'; } # fields are the tables of a format
	@echo 'dependencies' && .venv/bin/deptry . 2> .venv/.deptry || { cat .venv/.deptry; exit 1; }
	@echo 'unfinished work' && ! grep -rnwE 'TO''DO|FIX''ME|X''XX|NotImplemented''Error' --include='*.py' $(CODE) tests benchmarks

bench: $(READY)
	@$(PY) -m benchmarks $(ONLY)

# One resolution for all: what runs in production is a subset of what was tested.
PIN = $(UV) pip compile -q --generate-hashes --no-emit-index-url --no-header -p 3.11
requirements:
	@command -v $(UV) >/dev/null || { echo 'uv is not on PATH. Cure: install it, or say make requirements UV=/path/to/uv' >&2; exit 1; }
	$(PIN) requirements/base.in requirements/local.in requirements/dev.in -o requirements/dev.txt
	$(PIN) -c requirements/dev.txt requirements/base.in requirements/local.in -o requirements/local.txt
	$(PIN) -c requirements/dev.txt requirements/base.in -o requirements/base.txt
	@for one in requirements/bench-*.in; do $(PIN) "$$one" -o "$${one%.in}.txt"; done # each peer by itself

clean:
	rm -rf var build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find $(CODE) tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv
