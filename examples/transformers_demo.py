"""The published cards' demo on today's transformers: ask a FogGen checkpoint, then route its reply.

    python examples/transformers_demo.py                                  # issai/foggen, the card's question
    python examples/transformers_demo.py issai/foggen-gemma3-270m --tau 0.75
    python examples/transformers_demo.py build/qwen3/R14/checkpoint "2 + 2 = ? A) 3 B) 4"

It needs transformers 5 and torch (`pip install 'foggen[export]'`). Two things differ from the cards:
`dtype` has replaced `torch_dtype`, and `apply_chat_template` returns a dictionary of tensors, which is
unpacked into `generate`. To use a checkpoint in an application, export it and open a `foggen.Router`: that
is several times as fast, and text such as `<|im_end|>` in a question stays text.
"""

from __future__ import annotations

import argparse
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from foggen import route_query
from foggen.engine.contract import DEFAULT_TAU, published

CARD_QUESTION = """A firm reports $400M in total liabilities and $600M in shareholders' equity.
What is the firm's debt-to-equity ratio?
A. 0.67
B. 1.00
C. 1.50
D. 2.00"""


def system_prompt(model: Any) -> str:
    """The system prompt that the published checkpoints of the model's family were trained with."""
    family = "gemma3" if model.config.model_type.startswith("gemma3") else "qwen3"
    return published(family).system_prompt


def reply_to(question: str, model: Any, tokenizer: Any) -> str:
    """The model's reply, decoded greedily."""
    messages = [
        {"role": "system", "content": system_prompt(model)},
        {"role": "user", "content": question},
    ]
    inputs = tokenizer.apply_chat_template(
        messages,
        add_generation_prompt=True,
        enable_thinking=False,
        return_tensors="pt",
        return_dict=True,
    ).to(model.device)
    outputs = model.generate(**inputs, max_new_tokens=64, do_sample=False)  # (1, T)
    prompt_length = inputs["input_ids"].shape[-1]
    return str(tokenizer.decode(outputs[0, prompt_length:], skip_special_tokens=True))


def main() -> None:
    parser = argparse.ArgumentParser(description="Ask a FogGen checkpoint and route its reply.")
    parser.add_argument("checkpoint", nargs="?", default="issai/foggen", help="folder or hub id")
    parser.add_argument("question", nargs="?", default=CARD_QUESTION)
    parser.add_argument("--tau", type=float, default=DEFAULT_TAU, help="lowest confidence to keep")
    arguments = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = AutoTokenizer.from_pretrained(arguments.checkpoint)
    model = AutoModelForCausalLM.from_pretrained(arguments.checkpoint, dtype="auto").to(device)
    reply = reply_to(arguments.question, model.eval(), tokenizer)
    print(reply)
    action, confidence, answer = route_query(reply, arguments.tau)
    print(f"{action} (confidence {confidence}, tau {arguments.tau}, answer {answer})")


if __name__ == "__main__":
    main()
