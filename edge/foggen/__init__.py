"""FogGen: a small model on this machine answers first and says how sure it is.

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
    from .config import Settings
    from .engine.assessment import Assessment
    from .errors import (
        CancelledError,
        CloudRequiredError,
        ConfigurationError,
        DeadlineError,
        FogGenError,
        KeyRefusedError,
        ModelFileError,
        NoQuestionError,
        PullError,
        QuestionError,
        UsageError,
    )
    from .question.question import Question
    from .reply import Reply, Timings
    from .router import Router
    from .routing.cloud import Cloud
    from .routing.rule import Decision, Mode, Route, decide
    from .stages import AskingCloud, Assessed, Replied, Stage
    from .store.models import ModelInfo
    from .streaming import TextStream

__version__ = "0.1.0"
__all__ = [
    "AskingCloud",
    "Assessed",
    "Assessment",
    "CancelToken",
    "CancelledError",
    "Cloud",
    "CloudRequiredError",
    "ConfigurationError",
    "DeadlineError",
    "Decision",
    "FogGenError",
    "KeyRefusedError",
    "Mode",
    "ModelFileError",
    "ModelInfo",
    "NoQuestionError",
    "PullError",
    "Question",
    "QuestionError",
    "Replied",
    "Reply",
    "Route",
    "Router",
    "Settings",
    "Stage",
    "TextStream",
    "Timings",
    "UsageError",
    "decide",
    "route_query",
]

_HOMES = {
    "AskingCloud": "stages",
    "Assessed": "stages",
    "Assessment": "engine.assessment",
    "CancelToken": "calls.cancelling",
    "CancelledError": "errors",
    "Cloud": "routing.cloud",
    "CloudRequiredError": "errors",
    "ConfigurationError": "errors",
    "DeadlineError": "errors",
    "Decision": "routing.rule",
    "FogGenError": "errors",
    "KeyRefusedError": "errors",
    "Mode": "routing.rule",
    "ModelFileError": "errors",
    "ModelInfo": "store.models",
    "NoQuestionError": "errors",
    "PullError": "errors",
    "Question": "question.question",
    "QuestionError": "errors",
    "Replied": "stages",
    "Reply": "reply",
    "Route": "routing.rule",
    "Router": "router",
    "Settings": "config",
    "Stage": "stages",
    "TextStream": "streaming",
    "Timings": "reply",
    "UsageError": "errors",
    "decide": "routing.rule",
    "route_query": "as_published",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that `import foggen` stays cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
