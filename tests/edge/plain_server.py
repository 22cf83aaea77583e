"""`python -m llama_cpp.server` without the AMX kernels of llama.cpp, which crash on some machines.

The server has no setting for it; see `foggen.engine.native.Model` for the same choice.
"""

import runpy
from typing import Any

from llama_cpp import llama_cpp as lib

from foggen.engine import native

default_params = lib.llama_model_default_params


def plain_params() -> Any:
    params = default_params()
    params.use_extra_bufts = not native.uses_amx()
    return params


lib.llama_model_default_params = plain_params
runpy.run_module("llama_cpp.server", run_name="__main__")
