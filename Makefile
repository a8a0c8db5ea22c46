# Everything a person types here. `make help` lists it. Python 3.11+ and make are enough for demo, journey and test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COMPOSE = $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)
export PYTHONDONTWRITEBYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help demo journey dry-run test thorough sim planted live mutation bench packages sbom lint fmt words freeze events up down lock clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Carepath needs Python 3.11 or newer; run 'make PYTHON=/path/to/python3.11 ...'"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run ## Start everything in one process with a seeded clinic (RESET=1 starts anew, PORT=8080)
	@$(BIN)/python -m deploy.demo --port $(or $(PORT),8080) $(if $(RESET),--reset)

journey: $(VENV)/.run ## Drive one referral from draft to closed loop (BASE_URL=... for a running system)
	@$(BIN)/python -m deploy.journey $(if $(BASE_URL),--base-url $(BASE_URL))

dry-run: $(VENV)/.run ## What other triage rules would have recommended (RULES=file, BASE_URL=..., REFERRALS=...)
	@$(BIN)/python -m deploy.dry_run "$(RULES)" $(if $(BASE_URL),--base-url $(BASE_URL)) $(if $(REFERRALS),--referrals $(REFERRALS))

test: $(VENV)/.dev ## Run every test that this machine can run; says what to install for the rest
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

thorough: export THOROUGH = 1
thorough: test ## The same tests, each with all that it can try: a large clinic's year, a thousand stories (an hour or two)

sim: $(VENV)/.dev ## Simulate the whole system (SEEDS=1-100, FRESH=20, CRASH_POINTS=1000, SIZE=3, STORY=file)
	@$(BIN)/python -m tests.simulation.run $(if $(STORY),--story $(STORY)) $(if $(SEEDS),--seeds $(SEEDS)) $(if $(FRESH),--fresh $(FRESH)) $(if $(CRASH_POINTS),--crash-points $(CRASH_POINTS)) $(if $(SIZE),--size $(SIZE))

planted: $(VENV)/.dev ## Plant one fault after the other, and see whether the simulation finds it (NAME=...)
	@$(BIN)/python -m tests.simulation.planted.hunt $(NAME)

live: $(VENV)/.dev ## Only the tests on a real Kafka and a real MongoDB-wire server
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "kafka or mongo" $(ARGS)

mutation: $(VENV)/.dev ## Change the rules in thousands of small ways, and see whether a test notices each (docs/mutation.md)
	rm -rf mutants
	$(BIN)/mutmut run
	@$(BIN)/mutmut results --all true | sed 's/ *\([a-z_.]*\)\.x.*: /\1 /' | sort | uniq -c
	@$(BIN)/mutmut results

bench: $(VENV)/.dev ## Measure speed beside a hand-written floor and a plain outbox (QUICK=1; only worklists: LISTS=1; only pages: PAGES=1; only what guarantees cost: COSTS=1; a storm of messages: STORM=1)
	@$(BIN)/python -m tests.bench$(if $(STORM),.storm --messages $(STORM),$(if $(COSTS),.costs,$(if $(LISTS),.worklists,$(if $(PAGES),.pages,$(if $(QUICK), --size quick)))))

packages: $(VENV)/.dev ## Look for known faults in the packages that are locked (needs the package index)
	@$(BIN)/python -m deploy.packages

sbom: $(VENV)/.dev ## Write var/sbom.json: all packages that run, as a CycloneDX bill of materials
	@mkdir -p var
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o var/sbom.json

lint: $(VENV)/.dev ## Style, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fmt: $(VENV)/.dev ## Mend style and layout
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

words: $(VENV)/.run ## Look for words that the clinic does not want in any text for people (CLINIC=deploy/clinic.yaml)
	@$(BIN)/python -m deploy.words --clinic $(or $(CLINIC),deploy/clinic.yaml)

freeze: $(VENV)/.run ## When a release is made: keep the schemas of all that it says and stores (docs/releasing.md)
	@$(BIN)/python -m deploy.freeze

events: $(VENV)/.run ## Print every event: who says it, on which topic, who reacts with which command
	@$(BIN)/python -m deploy.events

up: ## Start the whole system with docker compose
	@sh deploy/compose/make-secrets.sh
	$(COMPOSE) up --build --detach $(if $(findstring docker-compose,$(COMPOSE)),,--wait)
	@echo "Carepath is at http://127.0.0.1:8080, the mail catcher at http://127.0.0.1:8025"

down: ## Stop it; the data stays
	$(COMPOSE) down

lock: ## Write the locks anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove the environment and all data of the demo
	rm -rf $(VENV) var mutants
