"""Measure time, tokens and memory of an answer, compared with the lower bound and with other ways.

    python bench/latency.py --shape qwen3-0.6b --quant q4_k_m

writes a GGUF of random weights in that exact shape (nothing is downloaded; `--tokenizer DIR` uses a real
vocabulary with random weights). `--model` measures a real model instead: 'starter', a name in the store, or a
GGUF file. All ways are measured in one process, one after another in every round, with a new question of the
same length for each round:

    prefill           the question's new tokens in one bare call: the lower bound
    decision          the confidence (a question that goes to the cloud ends here)
    kept              confidence and answer; the one pass of a model that was not trained to the contract,
                      which has no decision apart from it
    chat_completion   llama-cpp-python's `create_chat_completion` under the same grammar, prefix warm
    transformers      `generate` in bfloat16, if torch is installed; at most 3 rounds, since it is slow

The 0.6B file needs 1.7 GB on the disk while it is made, 0.4 GB afterwards. Exit codes: 0 measured (whether
or not targets were missed), 2 invalid option.

A table for people comes first. The last line on stdout is one JSON object:

    benchmark "latency", schema 1, rounds, warm_up_rounds
    model      {shape, quant, seed, vocabulary, file, bytes, reused}: reused if the cache had it; of
               --model, the shape is its name, the seed null
    tokens     {prefix, new, user, opening, speculative, reply}: new = user + opening
    ways       name -> {rounds, p50_ms, p95_ms, to_prefill, to_kept, new_tokens, further_tokens,
               milliseconds: [...]}; to_*: the median of the ratios within a round; further: tokens
               that were speculative, forced or generated after the new ones
    left_out   way -> the reason why it was not measured
    beside_load  {load, threads, libraries: {name -> {idle_ms, busy_ms, to_first}}}: kept answers of a
               fresh process beside busy ones, by what it imported first (`latency_load.py` has more);
               null with --no-load
    memory     {peak_anonymous_bytes, peak_file_bytes, anonymous_before_bytes, model_bytes,
               anonymous_to_model} of a process with nothing but our engine; null where unknown
    targets    [{name, value, limit, least, met}], null for another shape, length or thread count
    machine    {processor, processors_usable, cpu_quota, threads, load_average_at_start, system,
               python, library, features, amx_avoided, openmp, omp_wait_policy}
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from platformdirs import user_cache_path

from foggen.config import load_settings
from foggen.engine import machine
from foggen.engine.engine import Engine
from foggen.engine.plan import TokenPlan
from foggen.errors import FogGenError, UsageError
from foggen.store.models import describe, layout_for, quant_of
from latency_load import beside_load
from latency_memory import memory_of_engine
from latency_report import TARGET_SHAPE, TARGET_TOKENS, machine_facts, summary, table, targets
from latency_ways import (
    CHAT,
    DECISION,
    FLOOR,
    KEPT,
    TRANSFORMERS,
    WARM_UP,
    Way,
    chat_completion,
    decision,
    kept_answer,
    letters,
    measure,
    prefill_floor,
    reply_length,
    transformers_generate,
    why_no_transformers,
)
from padded_question import padded_question
from random_model import QUANTS, SHAPES, find_or_write

TRANSFORMERS_ROUNDS = 3
LOAD_ROUNDS = 8


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message, hint="--help lists the options")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parse the options; raises UsageError for an invalid one."""
    parser = _Parser(description="What an answer costs: time, tokens, memory.")
    parser.add_argument("--shape", choices=SHAPES, default=TARGET_SHAPE)
    parser.add_argument("--model", help="'starter', a name in the store, or a GGUF file")
    parser.add_argument("--quant", choices=QUANTS, default="q4_k_m")
    parser.add_argument("--new-tokens", type=whole_number, default=TARGET_TOKENS)
    parser.add_argument("--runs", type=whole_number, default=15, help="counted rounds")
    parser.add_argument("--threads", type=whole_number, help="default: one for each big core")
    parser.add_argument("--seed", type=int, default=0, help="of the weights")
    parser.add_argument(
        "--tokenizer",
        type=Path,
        metavar="DIR",
        help="vocab.json, merges.txt and added tokens of a real vocabulary",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        help="folder of the written models",
        default=user_cache_path("foggen", appauthor=False) / "bench",
    )
    parser.add_argument("--no-transformers", action="store_true")
    parser.add_argument("--no-load", action="store_true", help="nothing beside busy processes")
    options = parser.parse_args(arguments)
    if options.seed < 0:
        raise UsageError(f"--seed {options.seed}", hint="0 or more")
    options.threads = options.threads or machine.thread_count()
    return options


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure everything; returns the JSON object."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else None
    path, model = _real(options.model) if options.model else _random(options)
    with ExitStack() as stack:
        opened = Engine(path, threads=options.threads, layout=layout_for(path))
        engine = stack.enter_context(opened)
        count = WARM_UP + options.runs
        questions = [padded_question(engine, options.new_tokens, n) for n in range(count)]
        memory = memory_of_engine(path, new_tokens=options.new_tokens, threads=options.threads)
        ways, left_out = _ways(engine, options, stack)
        measure(ways, questions)
        measured = summary(ways)
        tokens = _tokens(engine, options.new_tokens)
    load_report = (
        None
        if options.no_load
        else beside_load(
            path,
            new_tokens=options.new_tokens,
            threads=options.threads,
            rounds=min(LOAD_ROUNDS, options.runs),
            wanted=("foggen", "torch"),
            passes=1,
        )
    )
    return {
        "benchmark": "latency",
        "schema": 1,
        "rounds": options.runs,
        "warm_up_rounds": WARM_UP,
        "model": {**model, "file": path.name, "bytes": path.stat().st_size},
        "tokens": tokens,
        "ways": measured,
        "left_out": left_out,
        "beside_load": load_report,
        "memory": memory,
        "targets": _targets(options, measured, memory),
        "machine": machine_facts(options.threads, load),
    }


def _random(options: argparse.Namespace) -> tuple[Path, dict[str, Any]]:
    """The file of random weights, and what the report says of it."""
    path, reused = find_or_write(
        options.shape,
        options.quant,
        options.cache,
        seed=options.seed,
        tokenizer=options.tokenizer,
        threads=options.threads,
    )
    vocabulary = options.tokenizer.resolve().name if options.tokenizer else "synthetic"
    named = {name: getattr(options, name) for name in ("shape", "quant", "seed")}
    return path, {**named, "vocabulary": vocabulary, "reused": reused}


def _real(model: str) -> tuple[Path, dict[str, Any]]:
    """The file of a real model, and what the report says of it."""
    found = describe(model, load_settings().home)
    named = {"shape": found.name, "quant": quant_of(found.header), "seed": None}
    return found.path, {**named, "vocabulary": "its own", "reused": True}


def _ways(
    engine: Engine, options: argparse.Namespace, stack: ExitStack
) -> tuple[dict[str, Way], dict[str, str]]:
    """The ways in the order of a round, and the reasons why others are left out."""
    answers, left_out = {FLOOR: prefill_floor(engine)}, dict[str, str]()
    if engine.contract.says_confidence:
        answers |= {DECISION: decision(engine), KEPT: kept_answer(engine)}
    else:
        answers[KEPT] = letters(engine)
        left_out[DECISION] = "the model says no confidence: one pass gives its letter"
    answers[CHAT] = stack.enter_context(chat_completion(engine))
    ways = {name: Way(answer, options.runs) for name, answer in answers.items()}
    if why := _why_no_transformers(options):
        return ways, {**left_out, TRANSFORMERS: why}
    generate = transformers_generate(engine, SHAPES[options.shape])
    ways[TRANSFORMERS] = Way(generate, min(TRANSFORMERS_ROUNDS, options.runs))
    return ways, left_out


def _why_no_transformers(options: argparse.Namespace) -> str:
    if options.no_transformers:
        return "--no-transformers"
    if options.model or SHAPES[options.shape].architecture != "qwen3":
        return "measured in the shapes of Qwen3 only"
    return why_no_transformers()


def _tokens(engine: Engine, new_tokens: int) -> dict[str, int]:
    plan = engine.plan
    return {
        "prefix": len(plan.prefix),
        "new": new_tokens,
        "user": new_tokens - len(plan.opening),
        "opening": len(plan.opening),
        "speculative": len(plan.speculation) if isinstance(plan, TokenPlan) else 0,
        "reply": reply_length(engine),
    }


def _targets(
    options: argparse.Namespace, ways: dict[str, Any], memory: dict[str, float | None]
) -> list[dict[str, Any]] | None:
    asked = (options.shape, options.new_tokens, options.threads)
    if options.model or asked != (TARGET_SHAPE, TARGET_TOKENS, machine.thread_count()):
        return None
    return [{**asdict(target), "met": target.met} for target in targets(ways, memory)]


def whole_number(text: str) -> int:
    """A number of at least 1; argparse shows the name of this function in its message."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value}, and it must be 1 or more")
    return value


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    try:
        report = run(parse(arguments))
    except FogGenError as error:
        print(f"latency: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    print(table(report))
    print(json.dumps(report))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
