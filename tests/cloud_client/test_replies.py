"""Replies as servers give them, by the numbers of the public cases; each is read or named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foggen_cloud import CloudError, extract_label
from foggen_cloud.testing import FakeReply, completion, http_reply, replies

from .conftest import Ask
from .helpers import LABELS, OPTIONS, ask_fake, error_of, error_of_reply, fake_client, serving

CUT_ID = "<｜end▁of▁sentence｜>"


@pytest.mark.parametrize(
    "text",
    [
        "Final answer: <B>",
        "Final answer: < B >",
        "Final answer: ＜B＞",
        "Final answer: <B> (1.00)",
        "<letter>B</letter>",
        "Final answer: <letter>B</letter>",
        "<answer>B</answer>",
        "It is 1, so <answer>B</answer>",
        "<final_answer>\nB\n</final_answer>",
        "Final answer: 【B】",
        "Final answer: 「B」",
        "Final answer: [[B]]",
        r"Final answer: \(B\)",
        r"Final answer: $\boldsymbol{B}$",
        r"So $\boxed{\textbf{(B)}\ 1.00}$",
        r"So \boxed{\textbf{\text{B}}}",
        "<b>Final answer:</b> B",
        "<p>It is 1.</p><p>Final answer: <strong>B</strong></p>",
        "<b>B</b>",
        "Final answer: ✅ B",
        "Final answer → B",
        "So it is <|begin_of_box|>B<|end_of_box|>",
    ],
)
def test_case_15_brackets_and_tags_around_the_answer(text: str) -> None:
    assert extract_label(f"2 + 2 = 4.\n{text}", LABELS, OPTIONS) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Final answer: <letter>",
        "Final answer: <b>",
        "Final answer: <A> or <B>",
        "<answer>A or B</answer>",
        "<answer>A</answer> <answer>B</answer>",
        "the answer is <s>A</s> B",
        "Answer: ~~A~~ B",
        "The options are <A> and <B>",
        "Answer: <b>A</b> <b>B</b>",
    ],
)
def test_case_15_brackets_make_no_answer(text: str) -> None:
    assert extract_label(text, LABELS, OPTIONS) is None


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("Answer: <b>", 1),
        ("Answer: <i>", 2),
        ("Answer: B. <b>", 1),
        ("Answer: A. <b>", None),
        ("Answer: </s>", 3),
        ("Final answer: D", 3),
        ("The token </s> ends it.\nFinal answer: D", 3),
    ],
)
def test_case_15_where_options_are_tags_they_are_no_markup(text: str, index: int | None) -> None:
    assert extract_label(text, LABELS, ("<br>", "<b>", "<i>", "</s>")) == index


@pytest.mark.parametrize(
    "text",
    [
        "Final answer: B<|im_end|>",
        "Final answer: B</s>",
        "Final answer: B </s></s>",
        "<s> Final answer: B</s>",
        f"Final answer: B{CUT_ID}",
        "Final answer: B<end_of_turn>",
        "Final answer: B<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWhat about C?",
        "B<|endoftext|>Human: is it C?",
        "<|im_start|>assistant\nB<|im_end|>\n<|im_start|>user\nC",
        "<|assistant|>\nFinal answer: B<|end|>",
        "Final answer: B [/INST]",
    ],
)
def test_case_15_tokens_that_end_the_turn(text: str) -> None:
    assert extract_label(text, LABELS, OPTIONS) == 1
    assert ask_fake(text).text in ("B", "Final answer: B")


def test_case_15_a_turn_that_ended_is_not_cut_off() -> None:
    """The model went on after its turn until the limit."""
    text = "Final answer: B<|im_end|>\n<|im_start|>user\nAnd"
    assert ask_fake(FakeReply(body=completion(text, finish_reason="length"))).label_index == 1


def test_an_open_answer_may_be_about_a_token() -> None:
    for text in ("</s>", "The token </s> ends it."):
        with fake_client(text) as client:
            assert client.ask_open("Which token ends a text?").text == text
    with fake_client("42<|im_end|>") as client:
        assert client.ask_open("6 * 7?").text == "42"


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("<reasoning>Answer: C</reasoning><answer>B</answer>", 1),
        ("[THINK]Answer: C[/THINK]Answer: B", 1),
        ("◁think▷Answer: C◁/think▷Answer: B", 1),
        (
            "<|begin_of_thought|>Answer: C<|end_of_thought|>\n\n<|begin_of_solution|>B<|end_of_solution|>",
            1,
        ),
        ("<seed:think>Answer: C</seed:think>Answer: B", 1),
        (
            "<|channel|>analysis<|message|>Answer: C<|end|>"
            "<|start|>assistant<|channel|>final<|message|>Final answer: B<|return|>",
            1,
        ),
        ("<|channel|>analysis<|message|>Final answer: C", None),
        ("[THINK]Answer: C", None),
        ("<reasoning>Answer: C", None),
        ("<|begin_of_thought|>Answer: C", None),
    ],
)
def test_a03_thinking_in_other_notations(text: str, index: int | None) -> None:
    assert extract_label(text, LABELS, OPTIONS) == index


@pytest.mark.parametrize(
    "text",
    [
        "Svar: B",
        "Rätt svar är B",
        "Riktig svar: B",
        "Vastaus: B",
        "Õige vastus: B",
        "Pareizā atbilde: B",
        "Teisingas atsakymas: B",
        "Správná odpověď: B",
        "Správna odpoveď: B",
        "Točan odgovor: B",
        "Верният отговор: B",
        "Тачан одговор: B",
        "Правільны адказ: B",
        "Helyes válasz: B",
        "Răspuns final: B",
        "Răspunsul corect este B.",
        "Η σωστή απάντηση είναι B.",
        "Resposta correcta: B",
        "Düzgün cavab: B",
        "To'g'ri javob: B",
        "Туура жооп: B",
        "Дөрес җавап: B",
        "Зөв хариулт: B",
        "پاسخ صحیح: B",
        "درست جواب: B",
        "התשובה הנכונה היא B.",
        "תשובה סופית: \u200eB\u200f",
        "Ճիշտ պատասխան: B",
        "სწორი პასუხი: B",
        "ትክክለኛው መልስ: B",
        "সঠিক উত্তর: B",
        "अन्तिम जवाफ: B",
        "સાચો જવાબ: B",
        "ਸਹੀ ਜਵਾਬ: B",
        "சரியான பதில்: B",
        "సరైన సమాధానం: B",
        "ಸರಿಯಾದ ಉತ್ತರ: B",
        "ശരിയായ ഉത്തരം: B",
        "නිවැරදි පිළිතුර: B",
        "คำตอบที่ถูกต้องคือ B",
        "คำตอบ: B",
        "ຄຳຕອບ: B",
        "ចម្លើយត្រឹមត្រូវគឺ B",
        "အဖြေမှန်မှာ B",
        "Jawapan akhir: B",
        "Tamang sagot: B",
        "Jibu sahihi: B",
        "Idahun: B",
        "正确答案是【B】。",
        "答案：B。因为 2+2=4。",
        "最终答案：B、1.00",
        "الإجابة النهائية: \u200eB",
        "Réponse\u00a0: B",
    ],
)
def test_case_17_the_answers_word_in_more_languages(text: str) -> None:
    assert extract_label(f"2 + 2 = 4.\n{text}", LABELS, OPTIONS) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Falsch: B",
        "Wrong: B",
        "Step: A",
        "Vitamin: B",
        "Svar: A eller B",
        "Svar: Anna kom",
        "คำตอบไม่ใช่ B",
        "Vastaus ei ole B",
        "התשובה היא לא B",
        "La réponse n'est ni A ni B",
        "La risposta da A",
    ],
)
def test_case_17_words_that_do_not_state_an_answer(text: str) -> None:
    """`<any words>: B` is no statement: the words may say the contrary."""
    assert extract_label(text, LABELS, OPTIONS) is None


WORDS = ("stone", "река", "山", "نهر", "A", "B", "C", "<B>", "(C)", "**D**", "0.67", "is", "the")
SIGNS = (
    "<|im_end|>",
    "</s>",
    "\\boxed{",
    "}",
    "<b>",
    "【",
    ":",
    "-",
    "=",
    "→",
    "[THINK]",
    "</think>",
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS + SIGNS), max_size=6), min_size=1, max_size=5))
def test_random_text_names_no_letter(lines: list[list[str]]) -> None:
    """Every line has words of its own and none of them means "answer", so no rule applies."""
    text = "\n".join(" ".join(["grey", *line, "stones"]) for line in lines)
    index = extract_label(text, LABELS, OPTIONS)
    assert index is None or "\\boxed{" in text


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_random_characters_name_no_letter(text: str) -> None:
    assert extract_label(f"Dust {text} dust", LABELS, OPTIONS) is None


THINKS = {"type": "thinking", "thinking": [{"type": "text", "text": "Final answer: A"}]}
SAYS = {"type": "text", "text": "Final answer: B"}


@pytest.mark.parametrize(
    "content",
    [
        [SAYS],
        [THINKS, SAYS],
        [SAYS, {"type": "image_url", "image_url": {"url": "x"}}],
        [{"type": "text", "text": "2 + 2 = 4."}, {"type": "text", "text": "\nFinal answer: B"}],
        [{"type": "text", "text": "Final ans"}, {"type": "text", "text": "wer: B"}],
        [{"type": "output_text", "text": "Final answer: B", "annotations": []}],
        [{"text": "Final answer: B"}],
        [{"type": "reasoning", "text": "Final answer: A"}, SAYS],
    ],
)
def test_case_20_content_in_parts(content: list[Any]) -> None:
    assert ask_fake(FakeReply(body=says(content))).label_index == 1


@pytest.mark.parametrize("content", [[THINKS], [{"type": "refusal", "refusal": "no"}], [{}]])
def test_case_20_parts_without_a_text(content: list[Any]) -> None:
    error = error_of_reply(200, says(content))
    assert (error.kind, error.retryable) == ("bad_answer", False)


@pytest.mark.parametrize(
    "field", ["reasoning_content", "reasoning", "reasoning_details", "thinking"]
)
def test_case_20_reasoning_fields_are_no_answer(field: str) -> None:
    thought: dict[str, Any] = {field: "Final answer: A"}
    assert ask_fake(FakeReply(body=says("Final answer: B", **thought))).label_index == 1
    for content in (None, ""):
        error = error_of_reply(200, says(content, **thought))
        assert error.kind == "bad_answer"
        assert "thought" in str(error)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": "Unexpected endpoint or method. (POST /chat/completions)"}, "model"),
        ({"error": {"message": "Unknown endpoint"}}, "model"),
        ({"error": "No models loaded. Please load a model."}, "model"),
        ({"detail": "Not Found"}, "model"),
        ({"detail": "Method Not Allowed"}, "model"),
        ({"detail": "Not authenticated"}, "auth"),
        ({"detail": [{"loc": ["body", "messages"], "msg": "field required"}]}, "rejected"),
        ({"message": "Too many requests"}, "rate_limited"),
        ({"object": "error", "message": "The model `x` does not exist.", "code": 404}, "model"),
        ({"code": 503, "msg": "busy"}, "server"),
        ({"statusCode": 404, "error": "Not Found", "message": "Cannot POST /v1"}, "model"),
        ({"errors": [{"message": "Rate_limit reached"}]}, "rate_limited"),
        ({"error": "it is broken"}, "server"),
        ({"message": {"role": "assistant", "content": "B"}, "done": True}, "bad_response"),
        ({"type": "message", "content": [SAYS]}, "bad_response"),
    ],
)
def test_case_22_errors_inside_200(body: Any, kind: str) -> None:
    error = error_of_reply(200, body)
    assert error.kind == kind
    if kind == "model":
        assert "URL" in error.hint


STREAM = [
    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}], "model": "m"},
    {"choices": [{"index": 0, "delta": {"reasoning_content": "Final answer: A"}}]},
    {"choices": [{"index": 0, "delta": {"content": "Final answer:"}}]},
    {"choices": [{"index": 0, "delta": {"content": " B"}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2}},
]
WHOLE = json.dumps(completion("Final answer: B"), indent=1)


def events(pieces: list[Any], *ends: str, gap: str = "\n\n") -> str:
    return gap.join([*(f"data: {json.dumps(piece)}" for piece in pieces), *ends, ""])


@pytest.mark.parametrize(
    "body",
    [
        WHOLE + "\n\ndata: [DONE]\n\n",
        WHOLE + "\n[DONE]",
        "\ufeff" + WHOLE,
        events(STREAM, "data: [DONE]"),
        events(STREAM),
        events(STREAM[:4], "data: [DONE]"),
        events(STREAM, "data: [DONE]", gap="\r\n\r\n"),
        events(STREAM, "data: [DONE]", gap="\n"),
        ": PROCESSING\n\nevent: message\n" + events(STREAM, "data:[DONE]"),
        events([completion("Final answer: B")], "data: [DONE]"),
    ],
)
def test_case_24_events_in_spite_of_stream_false(ask: Ask, body: str) -> None:
    with serving(replies(http_reply(body.encode()))) as (_, client):
        answer = ask(client)
    assert (answer.label_index, answer.text) == (1, "Final answer: B")


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (events(STREAM[:3]), "bad_response", "was streamed"),
        (events(STREAM[:4]), "bad_response", "was streamed"),
        (events(STREAM)[:-40], "bad_response", ""),
        (events([{"error": {"code": 429, "message": "slow"}}]), "rate_limited", ""),
        (events([*STREAM[:3], {"error": {"message": "overloaded"}}]), "server", ""),
        ("data: [DONE]\n\n", "bad_response", ""),
        ("data: B\n\ndata: [DONE]\n\n", "bad_response", ""),
        (WHOLE[:-9] + "\n\ndata: [DONE]\n\n", "bad_response", ""),
        (events(STREAM[:2], "data: [DONE]"), "bad_answer", "thought"),
    ],
)
def test_case_24_streams_that_are_not_whole(ask: Ask, body: str, kind: str, said: str) -> None:
    with serving(replies(http_reply(body.encode()))) as (_, client):
        error = error_of(lambda: ask(client))
    assert error.kind == kind
    assert said in str(error)


@pytest.mark.parametrize(
    "body",
    [
        completion(None, finish_reason="length"),
        completion("", finish_reason="length"),
        completion("<think>So", finish_reason="length"),
        completion("The first option", finish_reason="length"),
        {"choices": [{"finish_reason": "length", "index": 0, "message": {"role": "assistant"}}]},
        {"choices": [{"finish_reason": "length", "index": 0}]},
        completion(None, finish_reason="length", message={"content": None, "reasoning": "hm"}),
    ],
)
def test_case_25_a_reply_that_was_cut_off_names_the_setting(body: Any) -> None:
    error = error_of_reply(200, body)
    assert (error.kind, error.setting) == ("bad_answer", "max_tokens")
    assert "raise max_tokens" in str(error)
    assert "raise cloud_max_tokens," in error.hint_naming("cloud_max_tokens")


def says(content: Any, **fields: Any) -> dict[str, Any]:
    return completion(None, message={"role": "assistant", "content": content, **fields})


def test_an_error_without_a_setting_keeps_its_hint() -> None:
    assert CloudError("x", kind="server").hint_naming("y") == CloudError("x", kind="server").hint
