# Viskas, ko reikia, įsidiegia pirmą kartą paleidus; paleidus „make“ parodomas komandų sąrašas.

PYTHON ?= python3
BIN := .venv/bin
# Kad lietuviškos raidės būtų teisingos ir tada, kai sistemos lokalė nenustatyta.
export PYTHONIOENCODING := utf-8
# Testai neturi priklausyti nuo to, kokia duomenų bazė nustatyta kompiuteryje ar faile .env.
TEST_SQLITE := DATABASE_URL=sqlite:///data/test.sqlite3

.DEFAULT_GOAL := help
.PHONY: help run demo test lint format python runtime dev

help:
	@echo "make run                 paleisti programą: http://127.0.0.1:8000"
	@echo "make run PORT=8001       kitu prievadu (kitu adresu – HOST=…)"
	@echo "make demo                paleisti su pavyzdiniais duomenimis (atskira duomenų bazė)"
	@echo "make test                visi patikrinimai ir testai"
	@echo "make lint                tik greitieji patikrinimai"
	@echo "make format              sutvarkyti kodo išdėstymą"
	@echo "make PYTHON=python3.12 … kita Python versija (reikia 3.11 arba naujesnės)"

run: runtime
	@$(BIN)/python manage.py serve

demo: runtime
	@DATABASE_URL=sqlite:///data/demo.sqlite3 $(BIN)/python manage.py serve --demo

test: lint
	@$(BIN)/python tools/system_packages.py
	$(TEST_SQLITE) $(BIN)/pytest -n 2 --ignore=tests/browser
# Testai, kurie neliečia duomenų bazės, kitoje nekartojami.
	$(BIN)/python tools/temporary_postgres.py -- $(BIN)/pytest -n 2 --ignore=tests/browser --database-only
	$(TEST_SQLITE) $(BIN)/pytest -n 2 tests/browser
	@echo "Viskas gerai: patikrinimai, testai su SQLite ir PostgreSQL, testai naršyklėje."

lint: dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(TEST_SQLITE) $(BIN)/python manage.py check
	$(TEST_SQLITE) $(BIN)/python manage.py makemigrations --check --dry-run

format: dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

runtime dev: python
	@$(PYTHON) tools/environment.py $@

python:
	@command -v $(PYTHON) >/dev/null || { echo "Nerasta programa $(PYTHON); reikia Python 3.11 arba naujesnio." >&2; exit 1; }
