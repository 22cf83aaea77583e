"""The errors of the runtime, each with its exit code.

    FogGenError                 70  base class; by itself, an impossible call or a bug
    ├── UsageError               2  an option or argument cannot be used
    ├── QuestionError           65  the question cannot be understood or does not fit
    ├── ModelFileError          65  the file is not a model that we can run
    ├── NoQuestionError         66  there is no question
    ├── CloudRequiredError      69  the cloud's answer is required, and there is none
    ├── PullError               69  a model could not be pulled: not found, unreachable, cut off
    ├── DeadlineError           75  the edge model did not finish in time
    ├── RoundRefusedError       76  a training round lost too much; the previous one is kept
    ├── KeyRefusedError         77  the cloud refused the key, or the hub denied access
    ├── ConfigurationError      78  a setting or an installed file is missing or wrong
    └── CancelledError         130  the caller cancelled the call

The library raises these errors; it never prints or exits. The command line turns an error into one
line and its exit code. The message names the bad value, and `hint` is the remedy.
"""

from __future__ import annotations

__all__ = [
    "CancelledError",
    "CloudRequiredError",
    "ConfigurationError",
    "DeadlineError",
    "FogGenError",
    "KeyRefusedError",
    "ModelFileError",
    "NoQuestionError",
    "PullError",
    "QuestionError",
    "RoundRefusedError",
    "UsageError",
]


class FogGenError(Exception):
    """Base class of all errors that this package raises on purpose."""

    exit_code = 70

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UsageError(FogGenError):
    """An option or argument cannot be used as given."""

    exit_code = 2


class QuestionError(FogGenError):
    """The question cannot be understood, or does not fit into the model's context."""

    exit_code = 65


class ModelFileError(FogGenError):
    """The file exists but is not a model that this runtime can run."""

    exit_code = 65


class NoQuestionError(FogGenError):
    """There is no question: the text is empty, or its file does not exist."""

    exit_code = 66


class CloudRequiredError(FogGenError):
    """The cloud's answer is required, and there is none."""

    exit_code = 69


class PullError(FogGenError):
    """A model could not be pulled: its source is missing, unreachable, cut off or inconsistent."""

    exit_code = 69


class DeadlineError(FogGenError):
    """The edge model did not finish before its deadline."""

    exit_code = 75


class RoundRefusedError(FogGenError):
    """A training round lost more than its gate allows. The previous round is kept."""

    exit_code = 76


class KeyRefusedError(FogGenError):
    """The cloud refused the key and its answer was required, or a model's source denied access."""

    exit_code = 77


class ConfigurationError(FogGenError):
    """A setting is missing or wrong, or a file that a setting names does not exist."""

    exit_code = 78


class CancelledError(FogGenError):
    """The call was cancelled before it was done. Nothing is sent afterwards."""

    exit_code = 130
