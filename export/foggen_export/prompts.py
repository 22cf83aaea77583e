"""Built-in inputs for checking an export: texts for the tokens, questions for the logits."""

from __future__ import annotations

from foggen.question.question import Question

# Kinds of text that tokenizers split differently, in NFC like the runtime's input.
TEXTS = (
    "The quick brown fox jumps over the lazy dog.",
    "I'll say we've won; they'd've LOST, wouldn't they?",
    "Қазақстанның астанасы қай қала? Ә, Ғ, Қ, Ң, Ө, Ұ, Ү, Һ, І.",
    "Какой город столица Казахстана?",
    "def gcd(a, b):\n    while b:\n        a, b = b, a % b\n    return a\n",
    "for (int i = 0; i < n; ++i) { sum += x[i] * 0x1F; }",
    "0 1 2 10 123 4567 1234567890 3.14159 -2.5e-10 $400M 50%",
    "Confidence: 0.75\nFinal answer: B",
    "Confidence: 1.0\nFinal answer: D",
    "A. 0.67\nB. 1.00\nC. 1.50\nD. 2.00",
    "  two  spaces   three    four\ttab\t\ttabs",
    "\n\nlines\n\n\nof\r\nall\rkinds \n ",
    "😀 👩‍🚀 🇰🇿 ✓ → ∑ √ ½ x² H₂O",
    "中文 日本語 한국어 العربية עברית ไทย",
    "café naïve Ångström ﬁ ǆ",
    "<|im_start|>system<|im_end|> <think> </think> <bos> <start_of_turn>user <eos> [INST]",
    "\\frac{a}{b} = \\sqrt{x^2 + y^2} \\leq \\int_0^1 f(t)\\,dt",
    "a_b-c/d\\e|f~g`h@i#j%k^l&m*n(o)p{q}r[s]t",
    "ALL CAPS and camelCase and snake_case and kebab-case",
    "\u200b zero width \u00a0 no-break \u3000 wide",
)
_TEXTS = (
    "What is 2 + 2?\nA. 3\nB. 4\nC. 5\nD. 22",
    "A firm reports $400M in total liabilities and $600M in shareholders' equity.\n"
    "What is the firm's debt-to-equity ratio?\nA. 0.67\nB. 1.00\nC. 1.50\nD. 2.00",
    "Which gas do plants take in?\nA. Oxygen\nB. Carbon dioxide\nC. Nitrogen\nD. Helium",
    "What does this code print?\nx = [3, 1, 2]\nprint(sorted(x)[0])\nA. 1\nB. 2\nC. 3\nD. None",
    "A contract needs an offer and what else?\nA. Acceptance\nB. A seal\nC. A judge\nD. A stamp",
    "Қазақстанның астанасы қай қала?\nA. Алматы\nB. Астана\nC. Шымкент\nD. Ақтау",
    "The dose is 5 mg/kg. A child weighs 12 kg. How much is given?\nA. 17 mg\nB. 60 mg\nC. 2.4 mg\nD. 50 mg",
    "Which is larger?\nA. 0.9\nB. 0.11",
)


def _turned(text: str, places: int) -> Question:
    """The question with its options rotated, so that all letters are equally often right."""
    question = Question.parse(text)
    options = question.options
    return Question.from_options(question.stem, [*options[places:], *options[:places]])


def _sum(a: int, b: int) -> Question:
    options = [str(a + b), str(a + b + 1), str(a * b), str(abs(a - b))]
    turn = (a + b) % 4
    return Question.from_options(f"What is {a} + {b}?", [*options[turn:], *options[:turn]])


QUESTIONS = (
    *(_turned(text, turn) for turn in (0, 1) for text in _TEXTS),
    *(_sum(a, b) for a in (3, 58) for b in (5, 29, 310, 941)),
)
# Other questions, so that the importance matrix is not judged on those that it was made from.
IMPORTANCE_QUESTIONS = (
    *(
        Question.from_options(text, ["Yes", "No", "Only the first", "None of these"])
        for text in TEXTS
    ),
    *(_sum(a, b) for a in (7, 46, 158) for b in (2, 38, 614)),
)
