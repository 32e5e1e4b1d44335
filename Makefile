# Everything a developer types; `make` alone lists it. Works with GNU make 3.81, which is what a Mac has.
# Each target does its own set-up: uv in .tools, the packages in .venv, both made from the hashes in requirements/.

PORT ?= 8000
SITE ?=
ENGINE ?= chromium
PYTHON ?=

UV := .tools/bin/uv
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
VENV_UV := VIRTUAL_ENV=.venv UV_PYTHON_DOWNLOADS=never $(UV)

export PYTHONPATH := $(CURDIR)
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/var/cache/hypothesis

.DEFAULT_GOAL := help
.PHONY: help demo test check unit e2e build serve bench lock clean browser validate snapshot lighthouse portraits

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.run ## build the demo region and serve it (PORT=8000)
	$(PY) -m demo
	$(PY) build.py build --url 'http://{site}.localhost:$(PORT)'
	$(PY) -m demo.uitpas $(PY) build.py serve --port $(PORT)

build: .venv/.run ## build all sites, or one (SITE=name)
	$(PY) build.py build $(if $(SITE),--site $(SITE))

serve: .venv/.run ## serve what was built, with the functions (PORT=8000)
	$(PY) build.py serve --port $(PORT) $(if $(SITE),--site $(SITE))

test: browser ## run every test, the browser's beside the others
	$(PYTEST) -n 2 --durations=20

unit: .venv/.dev ## run the tests that need no browser and no server
	$(PYTEST) -m 'not browser and not server'

e2e: .venv/.dev ## run the browser tests (ENGINE=chromium or firefox)
	$(PY) -m tools.browser $(ENGINE)
	$(PYTEST) -m browser --browser $(ENGINE)

check: .venv/.dev ## run every static check: style, types, arrows, templates, scripts, locks
	$(PY) -m tools.check

validate: .venv/.dev ## hold the built pages in output/ against the HTML standard (needs Java and npm)
	$(PY) -m tools.nu output

lighthouse: .venv/.dev ## hold the demo's main pages against Lighthouse, five runs each (needs npm; RUNS=1 for a quick look)
	$(PY) -m tools.lighthouse

portraits: .venv/.dev ## photograph the demo for the README: phone and desktop, light and dark
	$(PY) -m tools.portrait

snapshot: .venv/.dev ## write the golden region's snapshots anew; read the diff like code
	ETALAGE_SNAPSHOT=1 $(PYTEST) -q tests/region

bench: .venv/.dev ## measure how fast we build and sell
	bench/run

browser: .venv/.dev ## find a browser for the tests, or install one
	$(PY) -m tools.browser

lock: $(UV) ## write the lock files anew from pyproject.toml; add UPGRADE=--upgrade for newer versions
	$(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11 $(UPGRADE) \
	  --group dev --all-extras pyproject.toml -o requirements/dev.lock
	$(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11 $(UPGRADE) \
	  -c requirements/dev.lock pyproject.toml -o requirements/run.lock
	$(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11 $(UPGRADE) \
	  -c requirements/dev.lock --extra aws pyproject.toml -o requirements/aws.lock
	$(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11 $(UPGRADE) \
	  -c requirements/dev.lock --extra payments pyproject.toml -o requirements/payments.lock
	$(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11 $(UPGRADE) \
	  -c requirements/dev.lock --extra wallet pyproject.toml -o requirements/wallet.lock

clean: ## remove everything that was made, and nothing that staff wrote
	rm -rf .venv .tools var output node_modules .hypothesis .pytest_cache .ruff_cache .mypy_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up -----------------------------------------------------------------------------------------------------

# Debian splits `venv` off (ensurepip is missing then), and a Mac may have an older python3 of its own in front.
$(UV): requirements/uv.txt
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	  if $$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Setting up with $$($$python --version) …"; \
	    $$python -m venv --clear .tools \
	      && .tools/bin/python -m pip install -q --disable-pip-version-check -r requirements/uv.txt \
	      && touch $@; \
	    exit; \
	  fi; \
	done; \
	echo "Etalage needs Python 3.11 or newer with its venv module: install it (Debian: apt-get install python3-venv; Mac: brew install python@3.13), or name one with PYTHON=." >&2; \
	exit 1

.venv/.run: $(UV) requirements/run.lock
	@$(VENV_UV) venv -q --allow-existing --python .tools/bin/python .venv
	@$(VENV_UV) pip install -q --compile-bytecode --require-hashes -r requirements/run.lock
	@touch $@

.venv/.dev: .venv/.run requirements/dev.lock
	@$(VENV_UV) pip sync -q --compile-bytecode --require-hashes requirements/dev.lock
	@touch $@
