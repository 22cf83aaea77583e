r"""Questions in formats that mark their options themselves: GIFT, LaTeX, HTML, tables, checkboxes, bullets.

`READERS` is the table of them, each a function from the text to its `Parts`, or to None where the text is
not of its format. What none of them reads is left to the labels (`runs.py`). A right option that the
format marks (`=`, `[x]`, `\correctchoice`) is told as `given` and never as a part of a text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .line_lists import asks
from .own_labels import are_a_list, own_labels

_BOX = r"\[[ xX*✓✔]?\]|\([ xX*✓✔]?\)|[☐☑☒□■○●◯◉✓✔✗✘✅❌]\ufe0f?"
_TICK = re.compile(r"[xX*✓✔✗✘✅❌☑☒]\ufe0f?|correct|true|yes", re.I)


@dataclass(frozen=True)
class Parts:
    """What a reader found. labels: as written, or none. given: the right option was marked."""

    stem: str
    options: Sequence[str]
    labels: Sequence[str] = ()
    given: bool = False
    notes: tuple[str, ...] = ()


_GIFT = re.compile(
    r"(?:\s*(?://|\$CATEGORY:)[^\n]*\n)*\s*(?:::(?:\\.|[^\\\n]){0,200}?::)?\s*(?:\[(?:html|markdown|plain|moodle)\])?"
    r"(?P<stem>(?:\\.|[^\\{}])+)\{\s*(?P<answers>(?:[=~]|T\b|F\b|TRUE\b|FALSE\b)(?:\\.|[^\\{}])*)\}"
    r"(?P<after>[^\n]*)\s*",
    re.S,
)
_GIFT_SIGN = re.compile(r"(?<!\\)([=~])")
_GIFT_WEIGHT = re.compile(r"\A\s*%-?[\d.]+%")
_GIFT_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_GIFT_FEEDBACK = re.compile(r"(?<!\\)#.*", re.S)


def gift(text: str) -> Parts | None:
    """`::title::Which is a fruit? {~Leek #no =Plum}`, Moodle's GIFT: one of several, true or false."""
    found = _GIFT.fullmatch(text.strip()) if "{" in text else None
    if found is None:
        return None
    _, *answers = _GIFT_SIGN.split(found["answers"])
    signs, options = answers[::2], [_answer_in_gift(option) for option in answers[1::2]]
    if found["answers"][0] in "TF":
        signs, options = ["~"], ["True", "False"]
    after = _from_gift(found["after"])
    stem = _from_gift(found["stem"]) + (f" _____ {after}" if after else "")
    return Parts(stem, options, given=True) if "~" in signs else None


def _answer_in_gift(text: str) -> str:
    """Without its weight and its feedback: `%50%Neon #yes`."""
    return _from_gift(_GIFT_FEEDBACK.sub("", _GIFT_WEIGHT.sub("", text)))


def _from_gift(text: str) -> str:
    return _GIFT_ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text).strip()


_TEX_LABEL = re.compile(
    r"\\(?:text|textbf|textrm|mathrm|mathbf)\s*\{\s*\(?([A-Z])(?:\)|\.)\s*\}|\{\\bf\s*\(([A-Z])\)\s*\}"
)
_TEX_SPACE = r"(?:\\[ ,;:!>]|\\q?quad\b|\\hspace\*?\{[^}]*\}|\\hfill\b|\\\\|~|\s){1,40}"
_TEX_BELOW = re.compile(r"\$[^\S\n]*\n\s*[^\s$\\]")
_TEX_EDGES = re.compile(rf"\A{_TEX_SPACE}|{_TEX_SPACE}\Z")


def bold_labels_in_latex(text: str) -> Parts | None:
    r"""`$\textbf{(A)}\ 6\qquad\textbf{(B)}\ 9$`, as mathematics competitions are typeset."""
    labels = list(_TEX_LABEL.finditer(text)) if "\\" in text or "{" in text else []
    glyphs = [label[1] or label[2] for label in labels]
    if not are_a_list(glyphs):
        return None
    stops = [*(label.start() for label in labels[1:]), len(text)]
    pieces = [text[label.end() : stop] for label, stop in zip(labels, stops, strict=True)]
    if any("\n\n" in piece.strip() for piece in pieces) or _TEX_BELOW.search(pieces[-1]):
        return None  # a text below the options
    stem, inside = text[: labels[0].start()].rstrip(), 0
    if stem.endswith("$"):  # which opens the formula of the labels: other dollars may be prices
        stem, inside = stem[:-1], 1
    options = []
    for piece in pieces:
        options.append(_from_math(piece, inside))
        inside = (inside + piece.count("$")) % 2
    return Parts(stem, options, glyphs)


def _from_math(piece: str, inside: int) -> str:
    r"""Without spacing at its ends. inside: 1 where it begins within `$...$`."""
    piece = _TEX_EDGES.sub("", "$" * inside + piece)
    if piece.count("$") % 2:
        piece = piece[:-1] if piece.endswith("$") else piece + "$"
    whole = re.fullmatch(r"\s*\$([^$]*)\$\s*", piece)
    bare = _TEX_EDGES.sub("", whole[1] if whole else piece)
    return f"${bare}$" if whole and "\\" in bare else bare


_TEX_LIST = re.compile(
    r"\\begin\{(?P<kind>\w*(?:choices|choiceshoriz|checkboxes|reponses|enumerate|itemize|tasks))\}(?:\[[^\]\n]*\])*"
    r"(?P<items>(?:(?!\\begin\{).)*?)\\end\{(?P=kind)\}(?:\s|\\end\{\w{1,20}\}|\}){0,40}\Z",
    re.S,
)
_TEX_ITEM = re.compile(
    r"\\(wrongchoice|correctchoice|CorrectChoice|choice|item|task|bonne|mauvaise)\b\s*(?:\[[^\]\n]*\])?"
)
_TEX_FRAME = re.compile(
    r"\\(?:begin\{question\w*\}(?:\{[^}]*\})?|begin\{(?P<open>\w+)\}|question\b(?:\[[^\]]*\])?|element\{[^}]*\}\{)\s*"
)


def choices_in_latex(text: str) -> Parts | None:
    r"""`\begin{choices}\wrongchoice{Leek}\correctchoice{Plum}\end{choices}` and the like."""
    found = _TEX_LIST.search(text) if "\\begin" in text else None
    if found is None:
        return None
    _, *items = _TEX_ITEM.split(found["items"])
    options = [re.sub(r"\A\{(.*)\}\Z", r"\1", item.strip(), flags=re.S) for item in items[1::2]]
    right = any(name in ("correctchoice", "CorrectChoice", "bonne") for name in items[::2])
    return Parts(_without_frame(text[: found.start()]), options, given=right)


def _without_frame(stem: str) -> str:
    """Without what opens the question. What the stem closes itself, such as a table, is its own."""
    closed = set(re.findall(r"\\end\{(\w+)\}", stem))
    return _TEX_FRAME.sub(lambda found: found[0] if found["open"] in closed else "", stem)


_HTML_LIST = re.compile(
    r"<(?P<kind>[ou]l)\b[^>]*>(?P<items>(?:(?!<[ou]l\b).)*?)</(?P=kind)>(?:\s|</\w{1,9}>){0,40}\Z",
    re.S | re.I,
)
_HTML_ITEM = re.compile(r"<li\b(?P<how>[^>]*)>(?P<text>.*?)(?=</li>|<li\b|\Z)", re.S | re.I)
_HTML_DRESS = re.compile(
    r"</?(?:p|div|br|span|b|i|em|strong|mark|u|form|label|h\d|body|html)\b[^>]*>", re.I
)

_IN_AN_OPTION = re.compile(r"<li|^\W*\w{1,2}[).:]\s*\Z", re.I | re.M)


def list_in_html(text: str) -> Parts | None:
    """`<ol><li>Leek</li><li>Plum</li></ol>` at the end."""
    found = _HTML_LIST.search(text) if "<li" in text.lower() else None
    items = list(_HTML_ITEM.finditer(found["items"])) if found else []
    if found is None or len(items) < 2 or _IN_AN_OPTION.search(text, 0, found.start()):
        return None
    texts = [item["text"].strip() for item in items]
    dressed = {(item["how"], _HTML_DRESS.search(item["text"]) is not None) for item in items}
    return Parts(
        _from_html(text[: found.start()]), list(map(_from_html, texts)), given=len(dressed) > 1
    )


def _from_html(text: str) -> str:
    return html.unescape(_HTML_DRESS.sub("", re.sub(r"<br\s*/?>", "\n", text))).strip()


_TABLE_ROW = re.compile(r"[ \t]*\|(.*)\|[ \t]*")
_RULE = re.compile(r":?-+:?")


def table(text: str) -> Parts | None:
    """A Markdown table at the end: its rows, its columns or its cells begin with the labels."""
    lines = text.rstrip().split("\n")
    rows: list[list[str]] = []
    while lines and (row := _TABLE_ROW.fullmatch(lines[-1])):
        cells = [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", row[1])]
        rows += [] if all(map(_RULE.fullmatch, cells)) else [cells]
        lines.pop()
    rows.reverse()
    stem, cells = "\n".join(lines), [cell for row in rows for cell in row if cell]
    if len(rows) == 2 and len(rows[0]) == len(rows[1]) and are_a_list(rows[0]):
        return Parts(stem, rows[1], rows[0])
    if found := own_labels(cells):
        return Parts(stem, found[1], found[0])
    return _labelled_rows(stem, rows[1:], rows[0]) or _labelled_rows(stem, rows) if rows else None


def _labelled_rows(
    stem: str, rows: Sequence[Sequence[str]], header: Sequence[str] = ()
) -> Parts | None:
    """A label in the first cell of each row. A column of ticks is left out, as it tells the answer."""
    labels = [row[0].strip("*_ ().:") for row in rows]
    if not are_a_list(labels) or len({len(row) for row in rows}) > 1 or len(rows[0]) < 2:
        return None
    columns = list(zip(*rows, strict=True))[1:]
    ticks = [any(column) and all(not c or _TICK.fullmatch(c) for c in column) for column in columns]
    given = any(ticks) and len(columns) > 1
    kept = [column for column, tick in zip(columns, ticks, strict=True) if not (given and tick)]
    options = [" | ".join(cells) for cells in zip(*kept, strict=True)]
    head = "\n" + " | ".join(filter(None, header)) if header and len(kept) > 1 else ""
    return Parts(stem + head, options, labels, given)


_ITEM = re.compile(
    rf"[ \t]*(?:(?P<bullet>[-*+•▪◦])[ \t]+)?(?:(?P<box>{_BOX})[ \t]+)?(?P<text>\S.*)"
)


def checkboxes(text: str) -> Parts | None:
    """Two or more lines `- [ ] text`, `( ) text` or `☐ text` at the end."""
    stem, items = _items(text, "box")
    options = [item["text"].strip() for item in items]
    if not items or not stem.strip():
        return None
    labels, options = own_labels(options) or ((), options)
    ticked = {item["box"].strip("()[] \ufe0f") for item in items}
    return Parts(stem, options, labels, given=len(ticked) > 1)


# The first word of a last sentence that orders instead of asking: "Find the area of the square."
_ORDER = re.compile(
    r"(?:calculate|choose|complete|compute|determine|estimate|evaluate|find|give|identify|name|pick|select"
    r"|simplify|solve|state|найдите|вычислите|выберите|укажите|определите|назовите|решите|табыңыз"
    r"|есептеңіз|таңдаңыз|анықтаңыз|көрсетіңіз|berechne\w*|bestimm\w*|wähl\w*|calcul\w*|trouve\w*"
    r"|choisi\w*|encuentr\w*|elij\w*)\b",
    re.I,
)
# The last word of a sentence that the options complete: "The square of 3 is".
_OPEN_END = re.compile(
    r"(?:\b(?:is|are|was|were|be|by|to|of|the|an?|that|than|for|with|in|on|at|as|from|because|это|бұл)"
    r"|[-–—])\Z",
    re.I,
)
_SENTENCE_ENDS = re.compile(r"[.!?]\s+")


def _leads_on(stem: str) -> bool:
    """Whether the words before a list ask, order, or stop within a sentence."""
    last = _SENTENCE_ENDS.split(stem.strip())[-1]
    return asks(stem) or bool(_ORDER.match(last) or _OPEN_END.search(last))


def bullets(text: str, list_at: int | None = None) -> Parts | None:
    """Two or more lines `- text` at the end, after words that lead on to them.

    list_at: where a list of statements begins, if one may stand between the words and the lines.
    """
    stem, items = _items(text, "bullet")
    options = [item["text"].strip() for item in items]
    if not items or not (_leads_on(stem) or _leads_on(text[:list_at] if list_at else "")):
        return None
    return Parts(stem, options, notes=("bullets_without_labels",))


def _items(text: str, sign: str) -> tuple[str, list[re.Match[str]]]:
    """The stem, and the lines at the end that have such a sign, all with the same bullet."""
    lines, items = text.rstrip().split("\n"), list[re.Match[str]]()
    while lines:
        item = _ITEM.fullmatch(lines[-1])
        if lines[-1].strip():
            if not item or not item[sign] or (items and item["bullet"] != items[-1]["bullet"]):
                break
            items.append(item)
        lines.pop()
    return "\n".join(lines), items[::-1] if len(items) > 1 else []


READERS: tuple[Callable[[str], Parts | None], ...] = (
    gift,
    bold_labels_in_latex,
    choices_in_latex,
    list_in_html,
    table,
    checkboxes,
)


def read(text: str) -> Parts | None:
    """The parts of a text in one of the formats of `READERS`."""
    return next((parts for parts in (reader(text) for reader in READERS) if parts), None)
