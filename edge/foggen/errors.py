"""The errors of the runtime: one base to catch, leaves to react to, each with its exit code.

    FogGenError                 70  a bug, or a leaf below
    ├── UsageError               2  an option or argument that cannot be used
    ├── QuestionError           65  the question cannot be understood or does not fit
    ├── ModelFileError          65  the file is there and is not a model that we can run
    ├── NoQuestionError         66  nothing was asked
    ├── CloudRequiredError      69  the mode needs the cloud, and it did not answer
    ├── PullError               69  a model could not be fetched: not there, out of reach, cut off
    ├── DeadlineError           75  the edge model did not finish in time
    ├── RoundRefusedError       76  a round of a chain lost too much; the chain keeps what was before
    ├── KeyRefusedError         77  the cloud refused the key, or the hub denied access
    ├── ConfigurationError      78  a setting or an installed file is missing or wrong
    └── CancelledError         130  the caller cancelled the call

The library raises these and never prints or exits; the CLI turns one into one line and its exit code.
A message holds the bad value; `hint` holds the remedy.
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
    """Base of everything that this package raises on purpose."""

    exit_code = 70

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UsageError(FogGenError):
    """An option or argument that cannot be used as given."""

    exit_code = 2


class QuestionError(FogGenError):
    """The question cannot be understood, or does not fit into the model's context."""

    exit_code = 65


class ModelFileError(FogGenError):
    """The file exists and is not a model that this runtime can run."""

    exit_code = 65


class NoQuestionError(FogGenError):
    """Nothing was asked: the text is empty."""

    exit_code = 66


class CloudRequiredError(FogGenError):
    """The mode needs the cloud's answer, and there is none."""

    exit_code = 69


class PullError(FogGenError):
    """A model could not be fetched: its source is not there, out of reach, cut off or lying."""

    exit_code = 69


class DeadlineError(FogGenError):
    """The edge model did not finish before its deadline."""

    exit_code = 75


class RoundRefusedError(FogGenError):
    """A round of a training chain lost more than its gate allows; what was before it is kept."""

    exit_code = 76


class KeyRefusedError(FogGenError):
    """The cloud refused the key, and its answer was required; or a model's source denied access."""

    exit_code = 77


class ConfigurationError(FogGenError):
    """A setting is missing or wrong, or a file that a setting names is not there."""

    exit_code = 78


class CancelledError(FogGenError):
    """The call was cancelled before it was done; nothing is sent after that."""

    exit_code = 130
