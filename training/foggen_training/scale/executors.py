"""Which engine labels the batches: this process, Ray's workers, or an OpenAI-compatible server."""

from __future__ import annotations

from dataclasses import dataclass

from foggen.errors import UsageError

from ..labels.labelling import Executor, in_this_process

NAMES = ("local", "ray", "openai")


@dataclass(frozen=True)
class ExecutorOptions:
    """The flags of an engine, as given."""

    engine: str = "local"
    workers: int = 2
    base_url: str = ""
    server_model: str = ""


def chosen(options: ExecutorOptions) -> Executor:
    """The engine that the flags name; UsageError if they do not fit together."""
    if options.engine not in NAMES:
        raise UsageError(f"engine {options.engine!r}", hint=f"known: {', '.join(NAMES)}")
    if options.engine == "ray":
        from .ray_executor import RayExecutor

        return RayExecutor(options.workers)
    if options.engine == "openai":
        if not (options.base_url and options.server_model):
            raise UsageError(
                "--engine openai needs --base-url and --server-model",
                hint="such as --base-url http://localhost:8000/v1",
            )
        from .server_executor import ServerExecutor

        return ServerExecutor(options.base_url, options.server_model)
    return in_this_process
