"""Sampling on an OpenAI-compatible server, such as vLLM.

    foggen-train run RECIPE -o OUT --engine openai --base-url http://localhost:8000/v1 --server-model NAME

The server must serve the checkpoint that a round starts from. This is checked before the first label if the
server reports it (`served.py`). Requests ask for free replies with the contract's system prompt, a seed for
each sample and no thinking, drawn from the whole distribution, whatever the server's defaults. A request
that fails is repeated; if the server stays unreachable, the round stops with a one-line error and finished
batches are kept. Text has no probabilities, so a server can only give `sampled` labels, and an evaluation
only has the stated confidence.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from foggen.confidence.labelled import Keyed
from foggen.engine.contract import Contract, parse
from foggen.errors import UsageError
from foggen.question.question import MODEL_LABELS

from ..evaluation.clouds import AT_CHANCE
from ..evaluation.outcomes import UNKNOWN, Outcome
from ..labels.jobs import Batch, Job, LabelJob
from ..labels.label import REPLY_LIMIT, Label, Replies, sampled_label, seed_of
from .served import Server, answered, unanswered

# Qwen3's chat template thinks by default; other templates ignore this.
NO_THINKING = {"chat_template_kwargs": {"enable_thinking": False}}
# Fields that make a kind of server (`owned_by` of its list) draw from the whole distribution. vLLM and
# SGLang take their defaults from the checkpoint's generation_config.json (Qwen3: top_k 20); the servers
# of llama.cpp have their own (top_k 40, min_p 0.05; llama-cpp-python: repeat_penalty 1.1).
_VLLM = {"top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0}
_LLAMA_CPP = {"top_k": 0, "min_p": 0.0, "repeat_penalty": 1.0}
WHOLE_DISTRIBUTION = {"vllm": _VLLM, "sglang": _VLLM, "llamacpp": _LLAMA_CPP, "me": _LLAMA_CPP}


class Refused(Exception):
    """The server refused the request; the text has its status and message."""


class Fields:
    """The fields of a request beyond OpenAI's, except those that the server refused.

    They are shared by all threads, so a field that was refused is not sent again.
    """

    def __init__(self, server: Server, owner: str) -> None:
        self.server = server
        self.values: dict[str, Any] = {**NO_THINKING, **WHOLE_DISTRIBUTION.get(owner, {})}

    def drop(self, sent: dict[str, Any], refusal: str) -> bool:
        """Drop the sent fields that a refusal names; returns whether there were any."""
        refused = [name for name in sent if name in refusal]
        for name in refused:
            if self.values.pop(name, None) is not None:
                self.server.tell(f"{self.server.base_url} refuses {name}; asking without it")
        return bool(refused)


@dataclass(frozen=True)
class ServerExecutor:
    """An executor over HTTP; see `jobs.Executor`.

    rounds: number of rounds that the chain will run. requests: most requests at the same time. timeout_s:
    timeout of one request. key: bearer token; by default FOGGEN_SERVER_KEY.
    """

    server: Server
    rounds: int = 1
    requests: int = 16
    timeout_s: float = 120.0
    key: str = field(default_factory=lambda: os.environ.get("FOGGEN_SERVER_KEY", ""), repr=False)

    def __call__(self, job: Job, batches: Sequence[Batch]) -> Iterator[list[Any]]:
        import httpx2

        if isinstance(job, LabelJob) and (job.plan.mode != "sampled" or job.unaided):
            raise UsageError(
                'a server gives no probabilities, which labels.mode = "exact" and buffer.unaided need',
                hint='set labels.mode = "sampled" and buffer.unaided = 0 in the recipe',
            )
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        with (
            httpx2.Client(headers=headers, timeout=self.timeout_s) as client,
            ThreadPoolExecutor(self.requests) as pool,
        ):
            served = self.server.serving(client, job.model.place, self.rounds)
            asking = Asking(self.server, client, Fields(self.server, served.owner))
            for batch in batches:
                yield list(
                    pool.map(lambda item, b=batch: asking.result(job, item, b.seed), batch.items)
                )


@dataclass(frozen=True)
class Asking:
    """Asks a server the questions of one job, from several threads."""

    server: Server
    client: Any
    fields: Fields

    def result(self, job: Job, item: Keyed, seed: int) -> Label | Outcome:
        if isinstance(job, LabelJob):
            return self._label(job, item, seed)
        text, _ = self.ask(self.body(job.model.plan.contract(), item, 0.0, seed))
        return outcome_of_text(item, text)

    def _label(self, job: LabelJob, item: Keyed, seed: int) -> Label:
        model = job.model.plan
        contract = model.raw_contract() if job.raw else model.contract()
        bodies = [
            self.body(contract, item, job.plan.temperature, seed_of(seed, item.id, number))
            for number in range(job.plan.samples)
        ]
        replies = [self.ask(body) for body in bodies]
        texts, tokens = zip(*replies, strict=True)
        return sampled_label(item, Replies(texts, sum(tokens)), job.raw)

    def body(
        self, contract: Contract, item: Keyed, temperature: float, seed: int
    ) -> dict[str, Any]:
        messages = [
            {"role": "system", "content": contract.system_prompt},
            {"role": "user", "content": item.question.text()},
        ]
        return {
            "model": self.server.name,
            "messages": messages,
            "temperature": temperature,
            "top_p": 1.0,
            "max_tokens": REPLY_LIMIT,
            "seed": seed % 2**31,
        }

    def ask(self, body: dict[str, Any]) -> tuple[str, int]:
        """The text of one reply, and the number of tokens processed, prompt included."""
        base_url = self.server.base_url
        address = f"{base_url.rstrip('/')}/chat/completions"
        while True:
            extra = dict(self.fields.values)
            try:
                post = partial(self.client.post, address, json=body | extra)
                return answered(post, _read, base_url)
            except Refused as refusal:
                if not self.fields.drop(extra, str(refusal)):
                    raise unanswered(base_url, str(refusal)) from None


def _read(response: Any) -> tuple[str, int]:
    if response.status_code != 200:
        raise Refused(f"HTTP {response.status_code} {response.text[:500]}".strip())
    reply = response.json()
    usage = reply.get("usage") or {}
    text = reply["choices"][0]["message"]["content"] or ""
    return str(text), int(usage.get("total_tokens", 0))


def outcome_of_text(item: Keyed, text: str) -> Outcome:
    """The outcome of a greedy reply; without probabilities, the stated confidence is also the expected
    one."""
    labels = MODEL_LABELS[: len(item.question.options)]
    reply = parse(text, labels, item.question.options)
    routable = reply.routable_confidence
    confidence = UNKNOWN if routable is None else routable
    return Outcome(
        id=item.id,
        domain=item.domain,
        tier=item.tier,
        confidence=confidence,
        expected=confidence,
        edge=int(reply.answer == item.answer),
        cloud=AT_CHANCE.is_right(item),
        answer=UNKNOWN if reply.answer is None else reply.answer,
        options=len(labels),
    )
