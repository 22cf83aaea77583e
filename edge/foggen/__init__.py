"""FogGen: a small model on this machine answers first, and says how sure it is.

    from foggen import Router
    with Router.open() as router:
        reply = router.ask("2 + 2 = ?\\nA. 3\\nB. 4")
        print(reply.label, reply.confidence, reply.route)

Importing this package loads no model and no HTTP client; opening a router does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .as_published import route_query
    from .calls.cancelling import CancelToken
    from .engine.engine import Assessment
    from .errors import FogGenError
    from .question.question import Question
    from .reply import Reply
    from .router import Router
    from .routing.rule import Mode, Route, decide

__version__ = "0.1.0"
__all__ = [
    "Assessment",
    "CancelToken",
    "FogGenError",
    "Mode",
    "Question",
    "Reply",
    "Route",
    "Router",
    "decide",
    "route_query",
]

_HOMES = {
    "Assessment": "engine.engine",
    "CancelToken": "calls.cancelling",
    "FogGenError": "errors",
    "Mode": "routing.rule",
    "Question": "question.question",
    "Reply": "reply",
    "Route": "routing.rule",
    "Router": "router",
    "decide": "routing.rule",
    "route_query": "as_published",
}


def __getattr__(name: str) -> Any:
    """Public names are loaded at their first use, so that `import foggen` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
