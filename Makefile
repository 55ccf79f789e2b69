# make run    land, build, check, publish, and print the funnel and the channel ROI
# make test   lint and the whole test suite
# make explain LEAD=L000123   why records are one person; or PERSON=<key>, or A=<record> B=<record>
# make preview RULES=<file or folder>   what other rules would change, before they are applied
# make dev    the Dagster UI on 127.0.0.1:3000 (PORT=… for another port)
# make lint   formatting, conventions, layering; no warehouse needed
# make bench  benchmarks; minutes, on an otherwise idle machine
# make lock   resolve pyproject.toml again into the lock files
# make clean  remove the virtual environment, caches and dbt's target; never your data
#
# Each target sets up what it needs: .venv, uv inside it, the locked dependencies. Nothing but Python
# >= 3.11 and make has to be there. PYTHON=/path/to/python3.12 names another interpreter, ARGS=… is
# handed on to `make run`, `make explain`, `make preview` and pytest.

SHELL := /bin/sh
.DEFAULT_GOAL := help
PORT ?= 3000
PYTHON ?=

# As Dagster's own commands do: what .env says wins over the shell.
-include .env
export $(filter LEADHOUSE_%,$(.VARIABLES))

# What an activated environment would do: Dagster finds `dbt` on the PATH. uv must not follow
# another environment that happens to be active.
PATH := $(CURDIR)/.venv/bin:$(PATH)
unexport VIRTUAL_ENV CONDA_PREFIX PYTHONHOME PYTHONPATH
export PATH

# A stamp names the checksum of all that its environment depends on, the folder included: console
# scripts carry absolute paths. A changed lock file or a moved clone asks for another stamp.
stamp = .venv/.$(1)-$(shell { pwd; cat requirements-bootstrap.lock $(2); } | cksum | tr ' ' '-')
DEV_ENV := $(call stamp,dev,requirements-dev.lock)
# The development environment contains the other one and is not taken down for it.
RUN_ENV := $(or $(wildcard $(DEV_ENV)),$(call stamp,run,requirements.lock))

UV = .venv/bin/uv --quiet --no-progress
PY = .venv/bin/python

.PHONY: help run explain preview test dev lint bench lock clean

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

run: $(RUN_ENV)
	@exec $(PY) -m dagster_project.run $(ARGS)

explain: $(RUN_ENV)
	@exec $(PY) -m dagster_project.identity explain $(if $(LEAD),--lead '$(LEAD)') \
	  $(if $(PERSON),--person '$(PERSON)') $(if $(A)$(B),--pair '$(A)' '$(B)') $(ARGS)

preview: $(RUN_ENV)
	@exec $(PY) -m dagster_project.identity preview $(if $(RULES),'$(RULES)') $(ARGS)

dev: $(RUN_ENV)
	@home=$${LEADHOUSE_HOME:-.leadhouse}; \
	mkdir -p "$$home/dagster" && home=$$(cd "$$home" && pwd) || exit 1; \
	folder=$${LEADHOUSE_EXTRACTS:-seeds/extracts}; \
	extracts=$$(cd "$$folder" 2>/dev/null && pwd) || { \
	  echo "No folder $$folder: set LEADHOUSE_EXTRACTS to where the extracts are." >&2; exit 1; }; \
	sed "s|\.leadhouse/dagster|$$home/dagster|" dagster.yaml > "$$home/dagster/dagster.yaml"; \
	export LEADHOUSE_HOME="$$home" LEADHOUSE_EXTRACTS="$$extracts" DAGSTER_HOME="$$home/dagster"; \
	echo "Dagster UI: http://127.0.0.1:$(PORT)  (Ctrl-C stops it; state in $$home)"; \
	exec .venv/bin/dg dev -w workspace.yaml --host 127.0.0.1 --port $(PORT)

lint: $(DEV_ENV)
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/sqlfluff lint --processes 0 dbt/models
	cd dbt && $(CURDIR)/.venv/bin/dbt --quiet --warn-error-options '{"error": ["Deprecations"]}' parse
	.venv/bin/dbt-bouncer run --config-file dbt-bouncer.yml
	$(PY) -m pytest tests/project

test: $(DEV_ENV) lint
	$(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder tests/pipeline tests/unit $(ARGS)

bench: $(DEV_ENV)
	$(PY) -m pytest benchmarks $(ARGS)

# The run-time lock constrains the other one, so that both environments run the same versions.
COMPILE = $(UV) pip compile --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate
lock: $(RUN_ENV)
	echo uv | $(COMPILE) --upgrade - -o requirements-bootstrap.lock >/dev/null
	$(COMPILE) --upgrade pyproject.toml -o requirements.lock >/dev/null
	$(COMPILE) --upgrade --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock >/dev/null

clean:
	rm -rf .venv .pytest_cache .ruff_cache dbt/target dbt/logs .tmp_dagster_home_*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN_ENV): LOCK = requirements.lock
$(DEV_ENV): LOCK = requirements-dev.lock
$(sort $(DEV_ENV) $(RUN_ENV)):
	@python=; for name in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    python=$$name; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "leadhouse needs Python 3.11 or newer; $(or $(PYTHON),python3) is" \
	    "$$(command -v $(or $(PYTHON),python3) >/dev/null && $(or $(PYTHON),python3) --version 2>&1 || echo missing)." \
	    "Install one, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; exit 1; fi; \
	rm -f .venv/.run-* .venv/.dev-*; \
	if [ "$$(cat .venv/.folder 2>/dev/null)" != "$$(pwd)" ] || ! $(PY) -c '' 2>/dev/null; then \
	  echo "Setting up .venv with $$("$$python" --version) …"; \
	  "$$python" -m venv --clear .venv || { \
	    echo "Could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; \
	    exit 1; }; \
	  pwd > .venv/.folder; fi; \
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements-bootstrap.lock || exit 1; \
	echo "Installing $(LOCK) …"; \
	[ -w "$${HOME:-/nonexistent}" ] || export UV_NO_CACHE=1; \
	: uv trusts only the authorities it brings along, pip and this machine may know more; \
	[ -z "$$(ls /etc/ssl/certs /etc/pki/tls/certs 2>/dev/null)" ] || export UV_SYSTEM_CERTS=1; \
	$(UV) pip sync --python $(PY) --require-hashes $(LOCK) || exit 1; \
	: dg reads its telemetry switch from no file of the project, so every Python of this one sets it; \
	printf '[cli.telemetry]\nenabled = false\n' > .venv/dg.toml; \
	echo 'import os, sys; os.environ.setdefault("DO_NOT_TRACK", "1");' \
	  'os.environ.setdefault("DG_CLI_CONFIG", os.path.join(sys.prefix, "dg.toml"))' \
	  > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/leadhouse.pth"; \
	: plain dbt opens the warehouse and makes no folder for it; \
	mkdir -p "$${LEADHOUSE_HOME:-.leadhouse}"; \
	touch $@
