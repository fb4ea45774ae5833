# make run     install, prepare the language model, repair seeds/ into out/
# make test    run the tests (the slow ones, with real models, too)
# make check   format, lint, types, tests with warnings as errors
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test check format bench clean

run: $(STAMP)
	@echo "== preparing the language model (once)"
	$(BIN)/repair prepare
	@echo "== repairing seeds/"
	$(BIN)/repair run seeds/ -o out/
	$(BIN)/repair score out/ --references eval/passages/dev --html out/scores.html
	@echo "== done: open out/report.html (the ledger) and out/scores.html (against the hand-fixed reference)"

test: $(STAMP)
	@echo "== tests"
	$(BIN)/python -m pytest -q

check: $(STAMP)
	@echo "== format"; $(BIN)/ruff format --check .
	@echo "== lint"; $(BIN)/ruff check .
	@echo "== types"; $(BIN)/mypy repair
	@$(MAKE) --no-print-directory test

format: $(STAMP)
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: $(STAMP)
	$(BIN)/repair bench passages

$(STAMP): pyproject.toml requirements-lm.txt
	@echo "== installing into $(VENV)"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check "torch==2.13.0"
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[train,dev]"
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-lm.txt
	@touch $@

clean:
	rm -rf $(VENV) out build
