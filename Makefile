# Every task has one name; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
SITE := .venv-site/bin
LESSON ?=
SEEDS ?= 20
BUDGET ?= 10
WHICH ?= oldest

.PHONY: help book serve epub pdf test execute sweep again mutants bench links \
	pretend colab versions repo lab clean all-packages site-packages

help:  ## list the tasks
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*## /\t/' \
		| sort | awk -F '\t' '{printf "make %-9s %s\n", $$1, $$2}'

# The two environments: .venv for everything, and .venv-site for the site
# alone, without PyTorch. One that is as it should be is left at once.
all-packages site-packages: %-packages:
	@$(PYTHON) -m tools.environment $*

book: site-packages  ## render the site from the stored outputs
	$(SITE)/jupyter-book build --all -W -n --keep-going --quiet .
	@echo "The site is in _build/html; open _build/html/index.html"

serve: book  ## render the site and serve it on 127.0.0.1:8000
	$(SITE)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

epub: book all-packages  ## make an EPUB of the whole book, beside the site
	$(BIN)/python -m web.forms epub

pdf: book all-packages  ## print the whole book to a PDF, beside the site
	$(BIN)/python -m web.forms pdf

test: all-packages  ## run every test, and every lesson again
	$(BIN)/python -m pytest -n auto $(PYTEST)

execute: all-packages  ## run lessons, store their outputs (LESSON=10: one)
	$(BIN)/python -m tools.execute $(LESSON)

sweep: all-packages  ## hold every claim against SEEDS=20 seeds (LESSON=10: one)
	$(BIN)/python -m tools.sweep --seeds $(SEEDS) $(LESSON)

again: all-packages  ## run each cell of the lessons twice, and again at the end
	$(BIN)/python -m tools.again $(LESSON)

mutants: all-packages  ## change the lessons' code, BUDGET=10 minutes each: claims fail?
	$(BIN)/python -m tools.mutants --minutes $(BUDGET) $(LESSON)

bench: book all-packages  ## measure speed as ratios, and weigh the pages
	$(BIN)/python -m tools.bench

links: site-packages  ## try every link to other sites (needs a network)
	$(SITE)/jupyter-book build --builder custom \
		--custom-builder linkcheck --quiet .

pretend: all-packages  ## run lessons on a pretended GPU (LESSON=10: one)
	$(BIN)/python -m tools.pretend $(LESSON)

colab: all-packages  ## run lessons as on a fresh Colab machine (LESSON=10: one)
	$(BIN)/python -m tools.colab $(LESSON)

versions:  ## run everything with WHICH=oldest, newest or prerelease packages
	$(PYTHON) -m tools.versions $(WHICH)

repo:  ## stamp the address URL=https://github.com/… everywhere
	$(PYTHON) -m tools.repo $(URL)

lab: all-packages  ## open the lessons in JupyterLab
	$(BIN)/jupyter lab --notebook-dir book

clean:  ## remove what was made: the site, the environments, caches
	rm -rf .venv .venv-site .versions _build *.egg-info \
		.pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
