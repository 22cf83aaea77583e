"""The templates of a card's sections; `card.py` fills them in."""

from __future__ import annotations

# A backslash continues a line.
FILE = "File: `{name}` ({round}), {parameters:,} parameters, {megabytes:.2f} MB, sha256 `{sha256}`."

ROUNDS = """\
## The rounds

`foggen-train run` with the recipe `{recipe}` on {machine}; {minutes:.0f} min. {primer}{labels} {tuning} \
Figures below are of the {validation:,} validation questions, the fp32 weights.

{table}{plot}"""

MEASURED = """\
## Measured on questions never seen

{n:,} test questions, {round} as {quant}, tau {tau:g}. Random is random routing at the same share. \
Lift is in points; AUROC is of the expected confidence, "in tier" its mean inside the tiers of a \
domain; a mean is the mean of the domains. {notes}

{clouds}

![accuracy over cloud share](accuracy.png)

![reliability](reliability.png)"""

CLOUD = """\
### {title}

The cloud is {cloud}. The lift over random routing is {lift:+z.1f} points, {each_way} \
(95%: {low:+z.1f} to {high:+z.1f}).

{table}

95% intervals of the means (2,000 bootstrap draws within domains): {intervals}.

{figures}."""

COMPARED = """\
## What it is compared with

{notes}

{clouds}"""

COMPARED_CLOUD = """\
### {title}: who wins

{winner}

{table}"""

CHANGED = """\
## What the rounds changed

On the same questions. Base: asked for the answer alone, before it could say a confidence, unquantized. \
{beside_base}

| Domain | Base | Edge R0 | Edge {round} | AUROC R0 | AUROC {round} | ECE R0 | ECE {round} |
|---|---:|---:|---:|---:|---:|---:|---:|
{rows}"""

CHANGED_ROW = (
    "| {name} | {base:.1%} | {first[edge]:.1%} | {last[edge]:.1%} | {first[auroc]:.3f} | "
    "{last[auroc]:.3f} | {first[ece]:.3f} | {last[ece]:.3f} |"
)

BUCKETS = """\
## What a bucket is worth

On {n:,} questions kept apart for it; the table is in the file's metadata.

{table}"""

P_RIGHT = """\
## What P(right) is worth

The file also holds the probability that an answer is right, which the product shows and routes by: the \
score `{score}` and a map of the kind `{kind}`, fitted on {data}{prior}. On the {n:,} test questions, on which \
nothing was fitted: AUROC {auroc:.3f} over all domains, calibration error {error:.3f}. At its tau of {tau:.2f} it keeps \
{kept:.1%} of the answers, right in {kept_right}. `--score bucket` routes by the cards' rule instead.

![P(right)](p_right.png)"""

OPEN = """\
## Open-ended tasks

Greedy replies to the tasks' test questions, before the round and after it. The lift is beside an assumed \
cloud, right on {cloud:.1%} of the questions.

| Task | Questions | Right before | Right after | F1 before | F1 after | Routed before | Routed after | \
Lift before | Lift after |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
{rows}"""

QUANTS = """\
## What a quantization costs

On the same questions, means of the domains, lift beside the first cloud. {quant} is shipped.

{table}"""

EXAMS = """\
## Real exam questions, none of them trained on

Share below tau of {n:,} questions of public exams. Tau is {tau:g}, and 1.0 above four options, as the \
product uses it.

{table}"""

COLUMNS = """## On and off its own templates

P(right) routes. The cloud is at chance where nothing can be known, and has the rates of the published card
elsewhere. "Own templates" are the test questions of the tables below; "other wordings" ask the known skills in the words of
another hand; "unseen families" ask what no training asked; "everyday" is 200 questions written by hand, of
which the base has met the like of some. A chance answer is right as often as one option in all.

{table}"""

HISTORY = """

![the rounds](history.png)"""
