# Every task has one name; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
LESSON ?=
SEEDS ?= 20
WHICH ?= oldest

.PHONY: help book serve test execute sweep bench links \
	pretend colab versions repo lab clean

help:  ## list the tasks
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*## /\t/' \
		| sort | awk -F '\t' '{printf "make %-9s %s\n", $$1, $$2}'

# The environment: made once, and again when the requirements change. The
# stamp comes last, so that an install which broke off is begun again.
.venv/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is" \
		"$$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.11"; exit 1; }
	@echo "Making .venv: about 6 GB, once."
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		-r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps -e .
	@touch $@

book: .venv/.installed  ## render the site from the stored outputs
	$(BIN)/jupyter-book build --all -W -n --keep-going --quiet .
	@echo "The site is in _build/html; open _build/html/index.html"

serve: book  ## render the site and serve it on 127.0.0.1:8000
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

test: .venv/.installed  ## run every test, and every lesson again
	$(BIN)/python -m pytest -n 2 $(PYTEST)

execute: .venv/.installed  ## run lessons, store their outputs (LESSON=10: one)
	$(BIN)/python tools/execute.py $(LESSON)

sweep: .venv/.installed  ## hold every claim against SEEDS=20 seeds (LESSON=10: one)
	$(BIN)/python tools/sweep.py --seeds $(SEEDS) $(LESSON)

bench: book  ## measure speed as ratios, and weigh the pages
	$(BIN)/python tools/bench.py

links: .venv/.installed  ## try every link to other sites (needs a network)
	$(BIN)/jupyter-book build --builder custom \
		--custom-builder linkcheck --quiet .

pretend: .venv/.installed  ## run lessons on a pretended GPU (LESSON=10: one)
	$(BIN)/python tools/pretend.py $(LESSON)

colab: .venv/.installed  ## run lessons as on a fresh Colab machine (LESSON=10: one)
	$(BIN)/python tools/colab.py $(LESSON)

versions:  ## run everything with WHICH=oldest or newest packages (6 GB)
	$(PYTHON) tools/versions.py $(WHICH)

repo: .venv/.installed  ## stamp the address URL=https://github.com/… everywhere
	$(BIN)/python tools/repo.py $(URL)

lab: .venv/.installed  ## open the lessons in JupyterLab
	$(BIN)/jupyter lab --notebook-dir book

clean:  ## remove what was made: the site, the environment, caches
	rm -rf .venv .versions _build *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
