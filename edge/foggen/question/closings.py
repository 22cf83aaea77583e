"""What people write below the options: thanks, an instruction, what they think themselves.

A paragraph of prose after the options is cut off. Where it may as well belong to the last option, or
ask about the list above it, the question is refused with both lines.
"""

from __future__ import annotations

import re

from ..errors import QuestionError
from . import formats
from .labels import Label, Run, scan
from .refusals import refusal
from .runs import options_of

# What sites and exams print below a question: "Points: 2", "Posted by anna", "[Next question]".
_PRINTED = re.compile(
    r"(?:points?|marks?|score|difficulty|level|tags?|topics?|categor(?:y|ies)|subject|source|reference|ref|hint|page"
    r"|time left|see also|балл\w*|источник|тема|сложность|ұпай\w*|тақырып)\s*:.*"
    r"|(?:posted|asked|edited|answered|viewed|sent) (?:by|from|on|in|at)\b.*|(?:©|copyright\b).*"
    r"|\d+ (?:comments?|answers?|replies|votes?|views?|likes?|points?|marks?)|--+ \w+"
    r"|\[(?:submit|next|previous|reply|share|report)(?: \w+)?\]|(?:submit|next|previous) (?:question|answer|page|quiz)",
    re.I,
)
_OPINION = re.compile(
    r"(?:i(?:['’]m| (?:think|guess|believe|chose))|my (?:guess|answer|choice)|am i|я думаю|мен\b.* ойлаймын|ich (?:denke|glaube))\b.*",
    re.I,
)
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_BULLET = re.compile(r"^[^\S\n]*[-*+•▪◦|☐☑○●][^\S\n]", re.M)
_INSTRUCTION = re.compile(
    r"(?i:please|thanks?|thx|thank you|explain|justify|спасибо|пожалуйста|рақмет|danke|merci|gracias|obrigad[oa])\b.*"
    r"|(?i:(?:only )?(?:choose|select|pick|mark|circle|tick|reply|respond|answer|give|write)\b.*"
    r"\b(?:one|answer|letter|option|correct|best|two|all|that apply)\b.*)"
)
_POINTS_BACK = re.compile(r"\b(?:which|these|those|above|statements?)\b|以上|上述", re.I)
_JUDGES = re.compile(r"\b(?:correct|true|false)\b|верн|дұрыс", re.I)
# What the writer thinks, or asks of the reader: "I think it is B, am I right?", "Can anyone help me?"
_OF_THE_WRITER = re.compile(
    r"\bi(?:['’]m|['’]d| (?:think|thought|guess|believe|got|get|chose|say|said|would|have|need|feel|know|do|was|am)\b)"
    r"|\b(?:am i|my|me|anyone|anybody|someone|help)\b|\bis (?:it|that) (?:really )?[(\"'“]?\w[)\"'”]?\s*\?"
    r"|\b(?:я|мне|мой|мо[её]|помогите|мен|менің|маған|көмектес\w*|ich|mir|je|moi|mon|yo|mi|me|eu|meu)\b",
    re.I,
)
_CODE = re.compile(r"[={}\[\];<>`]|\w\(|^[ \t]", re.M)
# The beginning of a sentence, which may go on with a formula: "Find the area of $x=1$", not "String name = 3".
_WORDS = re.compile(
    r"[^\W\d_a-z](?:[^\W\d_A-Z]* (?:[^\W\d_A-Z]{2,}\b(?! ?[=;(\[{:<])|an? |\$)"
    r"|.*(?: [^\W\d_A-Z]{2,}){3}|.*[.?!]\Z)",
    re.S,
)
_LABEL = re.compile(r"\W*\w{1,2}[.):\]](?!\d)")
_OPENS = "\"'“„«¿¡*_"  # before the first letter of a sentence
_GO_ON = (":", ",", "-", "–", "—", " and", " or", " of", " the", " a", " to", " in", " и", " және")
MOST = 4  # paragraphs below the options


def without_closing(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` up to the prose below its options, and a note if there was some."""
    kept = whole = text
    if formats.read(text):
        return text, ()
    for _ in range(MOST):
        start, before = _last_part(text)
        closes = _closes(text, before, start) if before else False
        if closes:
            kept = before
        elif closes is not None:
            break
        text = before
    _refuse_line_below(kept)
    return kept, ("text_after_options_removed",) if kept != whole else ()


def _last_part(text: str) -> tuple[int, str]:
    """Where the last paragraph, or an instruction on the last line, begins, and what is before."""
    end = len(text.rstrip())
    line = text.rfind("\n", 0, end) + 1
    if any(form.fullmatch(text[line:end].strip()) for form in (_INSTRUCTION, _PRINTED, _OPINION)):
        return line, text[:line].rstrip()
    breaks = list(_BLANK_LINE.finditer(text, max(0, end - 4000), end))
    start = breaks[-1].end() if breaks else 0
    last = text[start:end]
    if not start or _BULLET.search(last) or _has_labels(last):
        return 0, ""
    return start, text[: breaks[-1].start()]


def _has_labels(text: str) -> bool:
    labels = scan(text, marked_lists=True)
    return len(labels) > 1 or any(label.line_start for label in labels)


def _closes(text: str, before: str, start: int) -> bool | None:
    """Is the text from `start` on below the options, and no part of them? Raises if in doubt.

    None if no list ends above it: a paragraph of the same kind may stand between.
    """
    run = options_of(before)
    if run is None:
        return True if formats.read(before) or formats.bullets(before) else None
    tail, *others = text[start:].strip(), *run.texts(before)
    if _PRINTED.fullmatch(tail) or _OPINION.fullmatch(tail):
        last_lines = [option.rpartition("\n")[2] for option in others[:-1] if "\n" in option]
        if last_lines and not any(map(_PRINTED.fullmatch, last_lines)):
            raise _part_or_below(text, run, start, "on one line")
        return not last_lines
    if any("\n\n" in option for option in others[:-1]):
        return False
    if _is_code(tail, text[start - 1]):
        if _WORDS.match(tail) and not any("\n" in option for option in others):
            raise _part_or_below(text, run, start, "without an empty line")
        return False
    asked = before[: run.start].rstrip().endswith(("?", "？", "؟", "_"))
    asks = tail.endswith(("?", "？", "؟"))
    own_view = _OF_THE_WRITER.search(tail) is not None
    doubt = (not asked or _JUDGES.search(tail)) and not own_view
    if asks and (_POINTS_BACK.search(tail) or doubt):
        what = "no options found: a question stands below the list, which may be its statements"
        hint = "write the question above its options, and leave out what is below them"
        raise refusal(text, what, run.labels[0].at, start, hint)
    if not _is_prose(tail) or others[-1].endswith(":"):
        raise _part_or_below(text, run, start, "without an empty line")
    return True


def _refuse_line_below(text: str) -> None:
    """Raise if the end of the text alone has a second line, which begins like a sentence of its own."""
    run = options_of(text)
    if run is None or len(run.labels) < 3:
        return
    lowest = max(
        run.labels, key=lambda label: label.at
    )  # not the last one in columns read downwards
    first, _, below = text[lowest.end :].strip().partition("\n")
    if _several_lines(text, run, lowest):
        return
    if first.endswith(_GO_ON) or _LABEL.match(below) or _is_only_code(below, first):
        return
    begins = below.lstrip(_OPENS)[:1]
    if below[:1] == "_" or (begins.isalnum() and not begins.islower()):
        raise _part_or_below(text, run, len(text) - len(below), "on one line")


def _several_lines(text: str, run: Run, lowest: Label) -> bool:
    """Whether an option above the lowest one has several lines."""
    texts = zip(run.labels, run.texts(text), strict=True)
    return any("\n" in option for label, option in texts if label is not lowest)


def _is_only_code(text: str, above: str) -> bool:
    """With signs of code and without words that begin a sentence, or in capitals below code, as SQL is."""
    if _CODE.search(text):
        return _WORDS.match(text) is None
    return text[:2].isalpha() and text[:2].isupper() and _CODE.search(above) is not None


def _part_or_below(text: str, run: Run, start: int, how: str) -> QuestionError:
    what = f"the last lines may be a part of option {run.last.glyph} or stand below the options"
    return refusal(text, what, run.last.at, start, f"leave them out, or write the option {how}")


def _is_code(text: str, before: str) -> bool:
    """Indented, or with signs that prose lacks: so it goes on what stands above."""
    return before in " \t" or _CODE.search(text) is not None


def _is_prose(text: str) -> bool:
    """With a capital at its beginning or a full stop at its end."""
    first = text.lstrip(_OPENS + "([>#")[:1]
    return first.isalpha() and (not first.islower() or text.endswith((".", "!", "?", "…", ")")))
