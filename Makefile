# Two commands matter: `make run` and `make test`. Each sets up what it needs.

PORT ?= 8000
export PORT

IN_PYTHON = @python=$$(sh tools/python.sh) && exec "$$python" -m

STAGES = lint unit integration markup javascript browser

.PHONY: run test $(STAGES) bench screenshots

run:
	$(IN_PYTHON) tools.run

test:
	$(IN_PYTHON) tools.testing $(STAGES)

$(STAGES):
	$(IN_PYTHON) tools.testing $@

bench:
	$(IN_PYTHON) tools.benchmarking

screenshots:
	$(IN_PYTHON) tools.environment
	@exec .venv/bin/python -m tools.screenshots
