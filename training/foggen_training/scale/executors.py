"""The choice of an executor for batches: this process, Ray workers, or an OpenAI-compatible server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from foggen.errors import UsageError

from ..labels.jobs import Executor, in_this_process

NAMES = ("local", "ray", "openai")


@dataclass(frozen=True)
class ExecutorOptions:
    """The command-line options of an engine. tell: called with a line when something is waited for."""

    engine: str = "local"
    workers: int = 2
    base_url: str = ""
    server_model: str = ""
    wait_for_server: bool = False
    tell: Callable[[str], None] = lambda _: None


def chosen(options: ExecutorOptions, rounds: int = 1) -> Executor:
    """The executor that the options name; raises UsageError if they do not fit together.

    rounds: number of rounds that the chain will run.
    """
    if options.engine not in NAMES:
        raise UsageError(f"unknown engine {options.engine!r}", hint=f"known: {', '.join(NAMES)}")
    if options.engine == "ray":
        from .ray_executor import RayExecutor

        return RayExecutor(options.workers)
    if options.engine == "openai":
        if not (options.base_url and options.server_model):
            raise UsageError(
                "--engine openai needs --base-url and --server-model",
                hint="for example --base-url http://localhost:8000/v1",
            )
        from .served import Server
        from .server_executor import ServerExecutor

        server = Server(
            options.base_url, options.server_model, options.wait_for_server, options.tell
        )
        return ServerExecutor(server, rounds)
    return in_this_process
