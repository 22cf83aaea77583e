"""Which engine labels the batches: this process, Ray's workers, or an OpenAI-compatible server."""

from __future__ import annotations

from dataclasses import dataclass

from foggen.errors import UsageError

from .labelling import Engine, in_this_process

NAMES = ("local", "ray", "openai")


@dataclass(frozen=True)
class EngineOptions:
    """The flags of an engine, as given."""

    engine: str = "local"
    workers: int = 2
    base_url: str = ""
    server_model: str = ""


def chosen(options: EngineOptions) -> Engine:
    """The engine that the flags name; UsageError if they do not fit together."""
    if options.engine not in NAMES:
        raise UsageError(f"engine {options.engine!r}", hint=f"known: {', '.join(NAMES)}")
    if options.engine == "ray":
        from .ray_engine import RayEngine

        return RayEngine(options.workers)
    if options.engine == "openai":
        if not (options.base_url and options.server_model):
            raise UsageError(
                "--engine openai needs --base-url and --server-model",
                hint="such as --base-url http://localhost:8000/v1",
            )
        from .server_engine import ServerEngine

        return ServerEngine(options.base_url, options.server_model)
    return in_this_process
