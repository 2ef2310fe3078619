# The front door. Everything works on a fresh Debian 12 or Ubuntu 24.04 machine: what is missing is installed first.

PYTHON := .venv/bin/python
SIZE   ?= 1080x1920
CHECKED := kiosk hardware central

.DEFAULT_GOAL := help
.PHONY: help run test tour pictures bench soak lint types imports format lock clean setup-run setup-test

help:   ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: setup-run   ## the kiosk with an embedded centre and simulated devices; SIZE=1920x1080 ARGS='--language en'
	@$(PYTHON) -m scripts.display --size $(SIZE) --browser \
	    $(PYTHON) run_kiosk.py --demo --a4 --size $(SIZE) $(ARGS)

test: setup-test lint types imports   ## lint, types, import rules and all tests, on two cores
	$(PYTHON) -m pytest -n 2 --dist loadfile

tour: setup-test   ## a scripted citizen touches the real window, then a gallery; build/tour and build/gallery, index.html
	$(PYTHON) -m tour $(ARGS)
	$(PYTHON) -m tour.gallery

pictures:   ## the README's pictures, from the last tour
	for picture in idle=chinese-portrait-000-balance-idle compare=english-portrait-*-shorter-term-or-smaller-instalment; do \
	    convert build/tour/$${picture#*=}.png -resize 540x -colors 192 -strip PNG8:docs/pictures/$${picture%%=*}.png; done

bench: setup-test   ## every figure of the README, into build/bench.jsonl and a table
	$(PYTHON) -m tests.bench.run $(ARGS)

soak: setup-test   ## the long versions of the tests
	HYPOTHESIS_PROFILE=new $(PYTHON) -m pytest -m soak

lint: setup-test   ## ruff
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types: setup-test   ## mypy --strict
	$(PYTHON) -m mypy --strict $(CHECKED)

imports: setup-test   ## who may import whom
	.venv/bin/lint-imports

format: setup-test   ## put the code into shape
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

lock: setup-test   ## compile requirements*.in; the result names no package index
	for name in requirements requirements-dev; do $(PYTHON) -m piptools compile --quiet --strip-extras \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file=$$name.txt $$name.in || exit 1; done

clean:   ## what was built; .venv stays
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

setup-run:
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test
