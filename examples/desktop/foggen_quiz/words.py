"""What the window says, in plain words. Nothing here knows tkinter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from foggen import AskingCloud, Assessed, FogGenError, Replied, Reply, Stage

READY = "Ready. Nothing leaves this computer unless it needs help with an answer."
LOADING = "Loading the model …"
THINKING = "This computer is thinking …"
THEN = "  ›  "  # between the stages
CANCELLING = "Cancelling …"


class Tone(StrEnum):
    """How far an answer can be trusted; the window gives each a colour."""

    SURE = "sure"
    CLOUD = "cloud"
    GUESS = "guess"
    QUIET = "quiet"
    ERROR = "error"


@dataclass(frozen=True)
class Card:
    """What is shown at the end of a question: a headline, and what it means below."""

    tone: Tone
    headline: str
    meaning: str


CANCELLED = Card(Tone.QUIET, "Cancelled", "Nothing more is sent. You can ask again.")


def of_stage(stage: Stage) -> str:
    """A few words on what has just happened."""
    match stage:
        case Assessed():
            return "Thought on this computer"
        case AskingCloud():
            return "asking the cloud …"
        case Replied(reply=reply):
            return f"answered in {reply.timings_ms.total / 1000:.2g} s"


def of_reply(reply: Reply) -> Card:
    """The answer. One that is not sure never looks like one that is."""
    answer = f"{reply.label}. {reply.text}"
    if reply.route == "cloud":
        return Card(Tone.CLOUD, answer, _by_the_cloud(reply))
    if reply.degraded:
        return Card(Tone.GUESS, f"Perhaps {answer}", f"This is only a guess. {_no_help(reply)}")
    if not reply.sure:
        return Card(
            Tone.GUESS,
            f"Perhaps {answer}",
            f"This computer is {_chance(reply)}, less than the {reply.tau:.0%} that it should be.",
        )
    meaning = f"Answered on this computer, which is {_chance(reply)}. Nothing was sent."
    return Card(Tone.SURE, answer, meaning)


def of_error(error: Exception) -> Card:
    """What went wrong, and the remedy if there is one."""
    if isinstance(error, FogGenError):
        return Card(Tone.ERROR, _sentence(error.message), _sentence(error.hint))
    return Card(Tone.ERROR, "Something went wrong", f"{type(error).__name__}: {error}")


def _by_the_cloud(reply: Reply) -> str:
    model = (reply.cloud or {}).get("model") or "a cloud model"
    if reply.model is None:
        return f"Answered by {model} in the cloud."
    return f"Answered by {model} in the cloud, because this computer was not sure enough."


def _no_help(reply: Reply) -> str:
    """Why the cloud did not answer a question that needed it."""
    wanted = f"This computer is {_chance(reply)}; below {reply.tau:.0%} it asks the cloud"
    if reply.cloud_error is not None:
        return f"{wanted}, which did not answer. To change that: {reply.hint}."
    if reply.reason.endswith("offline"):
        return f"{wanted}, but it is set to stay offline."
    return f"{wanted}, but none is set up."


def _chance(reply: Reply) -> str:
    """How sure the edge model is, measured on other questions if its calibration says so."""
    chance = reply.confidence if reply.p_right is None else reply.p_right
    return "unable to say how sure it is" if chance is None else f"{chance:.0%} sure"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""
