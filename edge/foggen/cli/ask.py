"""`foggen-edge ask`: answers one question, in at most four lines or as one JSON object."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NoQuestionError, QuestionError, UsageError
from ..question.question import MAX_QUESTION_BYTES, Question, clean
from ..routing.rule import BELOW, CONFIDENCE, KEPT, LETTER, P_RIGHT, parse_tau
from ..text_files import read_text
from .border import DOUBTFUL, interruptible, show, show_json

if TYPE_CHECKING:
    from ..calls.cancelling import CancelToken
    from ..reply import Reply
    from ..router import Router

NOTES_FOR_PEOPLE = {
    "out_of_training": "more than 4 options: the model was not trained on this, so tau is raised to 1",
    "duplicate_option_text": "two options have the same text",
    "mixed_scripts": "the labels mix scripts; they were read by position",
    "mixed_punctuation": "the labels are punctuated in different ways",
    "labels_with_gaps": "the labels have gaps; they were read by position",
    "labels_not_from_first": "the labels do not begin at the first letter; they were read by position",
    "control_characters_removed": "control characters were removed",
    "invalid_utf8_replaced": "invalid UTF-8 was replaced",
    "lone_surrogates_replaced": "invalid characters were replaced",
    "invisible_characters_removed": "invisible characters were removed",
    "given_answer_removed": "an answer in the text of the question was ignored",
    "text_after_options_removed": "the text below the options was ignored",
    "labels_in_options_removed": "labels within the options were removed",
    "options_reordered": "the options were put in another order, as theirs tells the answer",
    "stem_truncated": "the question was cut to fit the model's context",
    "not_calibrated": "this model was not trained to say how sure it is; 'foggen-edge calibrate' measures"
    " how often it is right, and until then --tau decides what is kept",
}


@dataclass(frozen=True)
class AskOptions:
    """The flags of `ask`, as given."""

    question: str | None
    file: Path | None
    model: str | None
    tau: str | None
    json: bool
    mode: str | None
    strict: bool
    score: str | None
    layout: str | None
    truncate: bool
    open_ended: bool
    limit: int | None
    verbose: bool

    def __post_init__(self) -> None:
        if self.open_ended and self.truncate:
            raise UsageError("--truncate is for questions with options", hint="leave it out")
        if self.limit is not None and not self.open_ended:
            raise UsageError("--limit is for --open questions", hint="leave it out, or add --open")


def run_ask(options: AskOptions) -> None:
    """Read and check the question, ask it, and print the reply. Exits with 75 under --strict if the
    answer is in doubt."""
    tau = None if options.tau is None else parse_tau(options.tau)
    text = read_question(options.question, options.file)
    question = None if options.open_ended else Question.parse(text)  # before the model is loaded
    if options.open_ended and not clean(text)[0].strip():
        raise NoQuestionError("no question", hint="the text is empty")
    from ..router import Router

    def answer(router: Router, cancel: CancelToken) -> Reply:
        if question is None:
            if options.limit is None:
                return router.ask_open(text, cancel=cancel)
            return router.ask_open(text, limit=options.limit, cancel=cancel)
        return router.ask(question, truncate=options.truncate, cancel=cancel)

    with Router.open(
        model=options.model,
        tau=tau,
        mode=options.mode,
        score=options.score,
        layout=options.layout,
    ) as router:
        reply = interruptible(lambda cancel: answer(router, cancel))
    for note in reply.notes:
        print(f"note: {NOTES_FOR_PEOPLE.get(note, note)}", file=sys.stderr)
    if options.json:
        show_json(reply.as_dict())
    else:
        show(for_people(reply, verbose=options.verbose))
    if reply.doubtful and options.strict:
        raise SystemExit(DOUBTFUL)


def read_question(argument: str | None, file: Path | None) -> str | bytes:
    """Read the question from the argument, a file or stdin. It may have at most 1 MiB."""
    if file is not None:
        if argument is not None:
            raise UsageError("both a question and -f FILE are given", hint="give only one of them")
        return read_text(file, MAX_QUESTION_BYTES)
    if argument is not None and argument != "-":
        return argument
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("no question given", hint='try: foggen-edge ask "2 + 2 = ? A) 3 B) 4"')
    return _capped(sys.stdin.buffer.read(MAX_QUESTION_BYTES + 1))


def _capped(data: bytes) -> bytes:
    if len(data) > MAX_QUESTION_BYTES:
        raise QuestionError(
            f"stdin is larger than {MAX_QUESTION_BYTES} bytes", hint="ask one question"
        )
    return data


def for_people(reply: Reply, *, verbose: bool = False) -> str:
    """The reply as text: the answer, how sure it is and why, and how to get a surer one. verbose:
    also the times and the model."""
    answer = reply.text  # the answer to an open question keeps its line breaks
    if reply.label is not None:
        answer = " ".join(f"{reply.label}. {reply.text}".split())
    lines = [answer or "no answer", f"{_standing(reply)}: {_why(reply)}"]
    if verbose:
        lines.append(_details(reply))
    if reply.degraded and reply.hint:
        lines.append(f"for a surer answer: {reply.hint}")
    return "\n".join(
        clean(" ".join(line.split()) if number else line)[0] for number, line in enumerate(lines)
    )


def _standing(reply: Reply) -> str:
    """Whether the answer can be relied on, in a word or two."""
    if reply.cloud is not None:
        return f"from the cloud, {reply.cloud['model']}"
    if not reply.sure:
        return "unsure"
    return "cut off" if reply.degraded else "sure"


def _why(reply: Reply) -> str:
    """The reason, with the compared numbers filled in."""
    tau, reason = f"tau {reply.tau:g}", reply.reason
    values = {CONFIDENCE: f"{reply.confidence}", LETTER: _decimal(reply.letter_probability)}
    if reply.calibrated_on is not None:
        tau, values = f"tau {_percent(reply.tau)}", {P_RIGHT: _percent(reply.p_right)}
    for measure, value in values.items():
        for rule, sign in ((KEPT, ">="), (BELOW, "<")):
            reason = reason.replace(rule.format(measure), f"{measure} {value} {sign} {tau}")
    if reply.calibrated_on is not None:
        reason += f", calibrated on {reply.calibrated_on:,} questions"
    return reason


def _decimal(share: float | None) -> str:
    """A probability with three digits, cut off: whatever is below a tau of 1 is shown below it."""
    return "" if share is None else f"{math.floor(share * 1000) / 1000:.3f}"


def _percent(share: float | None) -> str:
    """A share of one in per cent; "above 100%" for a tau that nothing reaches."""
    if share is None:
        return "not decoded"
    return f"{share:.0%}" if share <= 1 else "above 100%"


def _details(reply: Reply) -> str:
    times = reply.timings_ms
    cloud = f", cloud {times.cloud:.0f} ms" if times.cloud else ""
    expected = reply.expected_confidence
    mean = "" if expected is None else f"; mean of the buckets {expected:.2f}"
    model = f"; model {reply.model.name}" if reply.model else ""
    return (
        f"decision {times.decision:.0f} ms, edge {times.edge:.0f} ms{cloud},"
        f" total {times.total:.0f} ms{model}{mean}"
    )
