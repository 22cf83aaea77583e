# make demo    set up the light runtime, ask the model in the box one question, show the command
# make test    set up everything; ruff, mypy --strict on the shipped packages, the tests
# make bench   latency against the prefill floor and against other ways
# make setup   .venv with everything, from pinned versions; with NATIVE=1, llama.cpp for this processor alone
# make wheelhouse   build/wheelhouse: wheels that install on another machine without a compiler

PACKAGES = edge/foggen cloud_client/foggen_cloud export/foggen_export training/foggen_training
PINNED = pyproject.toml constraints.txt tools/setup tools/build_llama_cpp.py
export NATIVE
ifeq ($(NATIVE),1)
BUILD = -native
endif
RUN = .venv/bin

.PHONY: setup demo test bench wheelhouse
setup: .venv/installed-dev$(BUILD)

.venv/installed-base$(BUILD): $(PINNED)
	tools/setup base

.venv/installed-dev$(BUILD): $(PINNED)
	tools/setup dev

# Nothing in it that a shell would change between double quotes: it can be pasted as it is shown.
QUESTION = A firm reports 400M in total liabilities and 600M in equity. What is its debt-to-equity ratio? A) 0.67 B) 1.00 C) 1.50 D) 2.00

# The light environment is enough, and the full one contains it.
demo:
	@test -e .venv/installed-dev || $(MAKE) --no-print-directory .venv/installed-base$(BUILD)
	$(RUN)/foggen-edge ask "$(QUESTION)"

test: setup
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy $(PACKAGES)
	$(RUN)/python -m pytest

# Another Python's wheels: PYTHON=python3.13 make wheelhouse
wheelhouse:
	$(or $(PYTHON),python3) tools/wheelhouse.py

bench: setup
	$(RUN)/python bench/latency.py --shape qwen3-0.6b --quant q4_k_m
