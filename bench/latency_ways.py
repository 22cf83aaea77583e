"""The ways to answer a question that `latency.py` compares, and the rounds that time them.

A way is a function of a question. When it starts, the keys and values of the system prompt are in the
context and those of the question are not. All ways have the same prompt, threads, context and batch.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any
from unittest.mock import patch

from llama_cpp import llama_cpp as lib

from foggen.engine import native
from foggen.engine.contract import LETTERS_PREFIX, reply_text
from foggen.engine.engine import Engine
from foggen.engine.grammar import reply_grammar
from foggen.question.question import Question
from padded_question import OPTIONS
from random_model import Shape, progress

WARM_UP = 2  # rounds that are not counted
MOST_REPLY = 64  # tokens; the grammar ends a reply at 33 characters
DECISION, KEPT, FLOOR = "decision", "kept", "prefill"
CHAT, TRANSFORMERS = "chat_completion", "transformers"


@dataclass(frozen=True)
class Cost:
    """Tokens of one answer. new: tokens of the prompt beyond the kept prefix. further: speculative, forced
    or generated tokens after it."""

    new: int
    further: int


@dataclass
class Way:
    """One way and its measurements. rounds: most counted rounds, for slow ways."""

    answer: Callable[[Question], Cost]
    rounds: int
    milliseconds: list[float] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)


def measure(ways: Mapping[str, Way], questions: Sequence[Question]) -> None:
    """Ask every question in every way, one way after another; each question is a round."""
    with progress("measuring", len(questions)) as bar:
        for number, question in enumerate(questions):
            for way in ways.values():
                if number >= WARM_UP + way.rounds:
                    continue
                started = time.perf_counter()
                cost = way.answer(question)
                elapsed = 1000 * (time.perf_counter() - started)
                if number >= WARM_UP:
                    way.milliseconds.append(elapsed)
                    way.costs.append(cost)
            bar.advance(bar.task_ids[0])


def prefill_floor(engine: Engine) -> Callable[[Question], Cost]:
    """The same new tokens in one bare call with one row of logits; nothing can be faster."""
    plan, context = engine.plan, engine.context

    def answer(question: Question) -> Cost:
        tokens = [*engine.user_tokens(question.text()), *plan.opening]
        with engine.turn(None):
            context.cut(len(plan.prefix))
            context.decode(tokens, len(plan.prefix), [len(tokens) - 1])
        return Cost(len(tokens), 0)

    return answer


def letters(engine: Engine) -> Callable[[Question], Cost]:
    """The one pass of a model that was not trained to the contract."""

    def answer(question: Question) -> Cost:
        found = engine.assess(question)
        return Cost(found.prompt_tokens - len(engine.plan.prefix), 0)

    return answer


def decision(engine: Engine) -> Callable[[Question], Cost]:
    """The confidence alone: the cost of a question that goes to the cloud."""

    def answer(question: Question) -> Cost:
        found = engine.assess(question, wants_answer=lambda _: False)
        further = len(engine.token_plan.speculation)
        return Cost(found.prompt_tokens - len(engine.plan.prefix) - further, further)

    return answer


def kept_answer(engine: Engine) -> Callable[[Question], Cost]:
    """Confidence and answer: the cost of a question that stays on the edge."""
    plan = engine.token_plan

    def answer(question: Question) -> Cost:
        found = engine.assess(question)
        tail, guess = plan.tails[found.bucket], plan.speculation
        decoded = len(tail) if tail[: len(guess)] == guess else len(guess) + len(tail)
        return Cost(found.prompt_tokens - len(plan.prefix) - len(guess), decoded)

    return answer


@contextmanager
def chat_completion(engine: Engine) -> Iterator[Callable[[Question], Cost]]:
    """llama-cpp-python's own chat call under the same grammar; its prefix match keeps the prompt.

    A chat handler writes the contract's prompt exactly, so the tokens are the same as ours.
    """
    from llama_cpp import Llama, LlamaGrammar
    from llama_cpp.llama_chat_format import (
        ChatFormatterResponse,
        chat_formatter_to_chat_completion_handler,
    )

    def formatted(*, messages: Sequence[Mapping[str, str]], **_: object) -> ChatFormatterResponse:
        contract = engine.contract.with_system_prompt(messages[0]["content"])
        prompt = contract.prompt(messages[1]["content"])
        return ChatFormatterResponse(prompt, stop=contract.layout.stop, added_special=True)

    size, threads = engine.context.size, engine.context.threads
    with _same_kernels():
        llama = Llama(
            os.fspath(engine.model.path),
            n_ctx=size,
            n_batch=min(native.BATCH, size),
            n_gpu_layers=0,
            n_threads=threads,
            n_threads_batch=threads,
            flash_attn=True,
            logits_all=False,
            no_perf=True,
            chat_handler=chat_formatter_to_chat_completion_handler(formatted),
            verbose=False,
        )
    grammar = LlamaGrammar.from_string(reply_grammar(engine.contract, OPTIONS), verbose=False)

    def answer(question: Question) -> Cost:
        messages = [
            {"role": "system", "content": engine.contract.system_prompt},
            {"role": "user", "content": question.text()},
        ]
        reply: Any = llama.create_chat_completion(
            messages=messages, grammar=grammar, temperature=0.0, max_tokens=MOST_REPLY
        )
        used = reply["usage"]
        new = used["prompt_tokens"] - len(engine.plan.prefix)
        return Cost(new, used["completion_tokens"])

    try:
        yield answer
    finally:
        llama.close()


@contextmanager
def _same_kernels() -> Iterator[None]:
    """Load a model with the same kernels as `native.Model`, which avoids AMX where it would crash."""
    original = lib.llama_model_default_params

    def plain() -> Any:
        params = original()
        params.use_extra_bufts = not native.uses_amx()
        return params

    with patch.object(lib, "llama_model_default_params", plain):
        yield


def why_no_transformers() -> str:
    """The reason why transformers is left out; empty if it and torch are installed."""
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    return f"{' and '.join(missing)} not installed" if missing else ""


def transformers_generate(engine: Engine, shape: Shape) -> Callable[[Question], Cost]:
    """Greedy `generate` in bfloat16 over the whole prompt, like the published cards' demo.

    A model of random weights does not end its replies, so a usual reply length is generated.
    """
    import torch
    from transformers import AutoModelForCausalLM, Qwen3Config

    torch.set_num_threads(engine.context.threads)
    config = Qwen3Config(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        head_dim=shape.head_dim,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.context,
        rms_norm_eps=shape.rms_epsilon,
        tie_word_embeddings=True,
        rope_parameters={"rope_type": "default", "rope_theta": shape.rope_theta},
    )
    with progress("making transformers' model", None):
        model = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16).eval()
    model.generation_config.eos_token_id = None  # never ends early
    suffix = engine.model.tokenize(engine.contract.layout.suffix, scaffold=True)
    length = reply_length(engine)

    def answer(question: Question) -> Cost:
        ids = [*engine.plan.prefix, *engine.user_tokens(question.text()), *suffix]
        prompt = torch.tensor([ids])  # (1, T)
        with torch.inference_mode():
            out = model.generate(
                prompt,
                attention_mask=torch.ones_like(prompt),
                do_sample=False,
                max_new_tokens=length,
                pad_token_id=0,
            )
        return Cost(len(ids), out.shape[1] - len(ids))

    return answer


def reply_length(engine: Engine) -> int:
    """The number of tokens of the longest reply, stop token included."""
    says_confidence = engine.contract.says_confidence
    longest = reply_text(0.75, "A") if says_confidence else f"{LETTERS_PREFIX} A"
    suffix = engine.contract.layout.suffix
    whole = engine.model.tokenize(suffix + longest, scaffold=True)
    return len(whole) - len(engine.model.tokenize(suffix, scaffold=True)) + 1
