"""`examples/transformers_demo.py` on nano checkpoints of both architectures, as a user runs it."""

from __future__ import annotations

import runpy
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch

from foggen import route_query
from foggen.engine.contract import published, reply_text

from ..training.small_chain import ARCHITECTURES, one_thread, write_base

DEMO = Path(__file__).parents[2] / "examples" / "transformers_demo.py"
QUESTION = "What is 2 + 2?\nA. 3\nB. 4"
REPLY = reply_text(0.75, "B")
# What Qwen3's own template renders: only with thinking turned off is the thinking closed at once.
QWEN_CHAT = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>\n\n"
    "{% endif %}{% endif %}"
)
# What Gemma-3's own template renders: the system text opens the user's turn, and <bos> is written.
GEMMA_CHAT = (
    "{{ bos_token }}<start_of_turn>user\n{{ messages[0].content }}\n\n{{ messages[1].content }}"
    "<end_of_turn>\n{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)


@pytest.fixture(scope="module", params=ARCHITECTURES)
def layout(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def random_checkpoint(layout: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint that knows nothing, with the chat template of its family."""
    folder = write_base(tmp_path_factory.mktemp(layout) / "random", layout)
    with quiet():
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(folder)
        tokenizer.chat_template = QWEN_CHAT if layout == "qwen3" else GEMMA_CHAT
        tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def taught_checkpoint(random_checkpoint: Path, layout: str) -> Path:
    """The same one after it has learnt one reply to one question by heart."""
    folder = random_checkpoint.with_name("taught")
    with quiet(), one_thread():
        from transformers import AutoModelForCausalLM, AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(random_checkpoint)
        model = AutoModelForCausalLM.from_pretrained(random_checkpoint)
        learn(model, tokenizer, published(layout).prompt(QUESTION))
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return folder


def quiet() -> warnings.catch_warnings[None]:
    """The libraries warn at import."""
    return warnings.catch_warnings(action="ignore")


def learn(model: Any, tokenizer: Any, prompt: str) -> None:
    """Steps on one sequence until the reply is by far the likeliest."""
    start = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    reply = tokenizer(REPLY + tokenizer.eos_token, add_special_tokens=False)["input_ids"]
    ids = torch.tensor([start + reply])
    targets = torch.tensor([[-100] * len(start) + reply])
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(300):
        loss = model(ids, labels=targets).loss
        if loss < 0.02:
            return
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    raise AssertionError(f"not learnt: {loss}")


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[str, str]:
    """What the demo prints: the reply, and the line of its routing."""
    with pytest.MonkeyPatch.context() as patch, quiet():
        patch.setattr(sys, "argv", [str(DEMO), *map(str, arguments)])
        runpy.run_path(str(DEMO), run_name="__main__")
    reply, _, decision = capsys.readouterr().out.removesuffix("\n").rpartition("\n")
    return reply, decision


def test_it_prints_the_reply_and_that_it_is_kept(
    taught_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reply, decision = printed(capsys, taught_checkpoint, QUESTION)
    assert reply == REPLY
    assert decision == "keep_local (confidence 0.75, tau 0.5, answer B)"


def test_a_higher_tau_routes_the_same_reply(
    taught_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, decision = printed(capsys, taught_checkpoint, QUESTION, "--tau", 1)
    assert decision == "route_to_cloud (confidence 0.75, tau 1.0, answer B)"


def test_what_an_untrained_model_writes_is_routed(
    random_checkpoint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the card's question is asked if none is given."""
    reply, decision = printed(capsys, random_checkpoint)
    action, confidence, answer = route_query(reply)
    assert decision == f"{action} (confidence {confidence}, tau 0.5, answer {answer})"
    assert action == "route_to_cloud"


class Recorder:
    """A model that keeps what it is asked."""

    def __init__(self, model: Any) -> None:
        self.model, self.prompts = model, []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    def generate(self, **inputs: Any) -> Any:
        self.prompts.append(inputs["input_ids"][0])
        return self.model.generate(**inputs)


def test_the_prompt_is_the_published_one_and_the_same_reply_comes_again(
    random_checkpoint: Path, layout: str
) -> None:
    with quiet():
        from transformers import AutoModelForCausalLM, AutoTokenizer

        reply_to = runpy.run_path(str(DEMO))["reply_to"]
        tokenizer = AutoTokenizer.from_pretrained(random_checkpoint)
        model = Recorder(AutoModelForCausalLM.from_pretrained(random_checkpoint))
        replies = {reply_to(QUESTION, model, tokenizer) for _ in range(3)}
    assert len(replies) == 1
    assert tokenizer.decode(model.prompts[0]) == published(layout).prompt(QUESTION)
