PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: demo test test-fast lint format bench proof compare up down lock docs

demo: $(READY)
	$(VENV)/bin/analytics demo

# in as many processes, each with services of its own
JOBS ?= 2

test: $(READY)
	$(VENV)/bin/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

test-fast: $(READY)
	$(VENV)/bin/pytest -n $(JOBS) -m "not services and not slow"

lint: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(READY)
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(READY)
	$(VENV)/bin/python -m tests.bench.pipeline
	$(VENV)/bin/python -m tests.bench.safety
	$(VENV)/bin/python -m tests.bench.clickhouse
	$(VENV)/bin/python -m tests.bench.rebuild

proof: $(READY)
	$(VENV)/bin/python -m tests.proof.safety
	$(VENV)/bin/python -m tests.proof.rebuild
	$(VENV)/bin/python -m tests.proof.shop
	$(VENV)/bin/python -m tests.proof.generated
	$(VENV)/bin/python -m tests.proof.connectors
	$(VENV)/bin/python -m tests.proof.lease
	MAJORS=15,16,17,18 $(VENV)/bin/pytest tests/postgres/test_privileges.py
	$(VENV)/bin/pytest tests/foreign tests/pipeline/test_topic_again.py

compare: $(READY) .venv-compare
	$(VENV)/bin/python -m tests.compare
	$(VENV)/bin/python -m tests.compare.live

# two tools that need other versions of the same packages, so each has an environment of its own
.venv-compare: tests/compare/chkit.txt tests/compare/ch-migrate.txt
	for tool in chkit ch-migrate; do $(PYTHON) -m venv $@/$$tool && \
	  $@/$$tool/bin/pip install --quiet --disable-pip-version-check -r tests/compare/$$tool.txt || exit 1; done
	@touch $@

up: $(READY)
	$(VENV)/bin/analytics local up

down: $(READY)
	$(VENV)/bin/analytics local down

docs: $(READY)
	$(VENV)/bin/python docs/generate

# pins every package, names no registry
lock: $(READY)
	$(VENV)/bin/pip-compile --quiet --upgrade --all-extras --strip-extras --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml
	sed -i '/^pipeline-revisions/d' requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: install it, or name it with make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' \
	  || { echo "Python's venv module is missing: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@
