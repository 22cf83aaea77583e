"""Sampling on an OpenAI-compatible server, such as vLLM: the same labels from somebody else's engine.

    foggen-train run RECIPE -o OUT --engine openai --base-url http://localhost:8000/v1 --server-model NAME

The server must serve the checkpoint that a round starts with. It is asked for free replies, with the
contract's system prompt and a seed for each sample. A request that fails is sent again; a server that
stays away ends the round with one line, and the batches so far are kept. Text has no probabilities:
only `sampled` labels can be had from it, and in an evaluation the confidence said.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from foggen.contract import Contract, parse
from foggen.errors import CloudRequiredError, KeyRefusedError, UsageError
from foggen.labelled import Keyed
from foggen.plan import MODEL_LABELS

from ..evaluation.clouds import AT_CHANCE
from ..evaluation.outcomes import UNKNOWN, Outcome
from ..labels.label import REPLY_LIMIT, Label, Replies, sampled_label, seed_of
from ..labels.labelling import Batch, Job, LabelJob

PAUSES_S = (0.5, 2.0, 8.0)  # before a request is sent again
TRANSIENT = (408, 409, 429, 500, 502, 503, 504)


@dataclass(frozen=True)
class ServerExecutor:
    """An executor over HTTP; see `labelling.Executor`. requests: under way at once. timeout_s: of one
    request. key: sent as a bearer token, FOGGEN_SERVER_KEY if not given."""

    base_url: str
    model: str
    requests: int = 16
    timeout_s: float = 120.0
    key: str = field(default_factory=lambda: os.environ.get("FOGGEN_SERVER_KEY", ""), repr=False)

    def __call__(self, job: Job, batches: Sequence[Batch]) -> Iterator[list[Any]]:
        import httpx2

        if isinstance(job, LabelJob) and (job.plan.mode != "sampled" or job.unaided):
            raise UsageError(
                "a server's text has no probabilities, and labels.mode is exact or buffer.unaided above 0",
                hint='set labels.mode = "sampled" and buffer.unaided = 0 in the recipe',
            )
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        with (
            httpx2.Client(headers=headers, timeout=self.timeout_s) as client,
            ThreadPoolExecutor(self.requests) as pool,
        ):
            for batch in batches:
                yield list(pool.map(lambda item, b=batch: self._result(client, job, item, b.seed),
                                    batch.items))  # fmt: skip

    def _result(self, client: Any, job: Job, item: Keyed, seed: int) -> Label | Outcome:
        if isinstance(job, LabelJob):
            return self._label(client, job, item, seed)
        text, _ = self._ask(client, self._body(job.model.plan.contract(), item, 0.0, seed))
        return outcome_of_text(item, text)

    def _label(self, client: Any, job: LabelJob, item: Keyed, seed: int) -> Label:
        model = job.model.plan
        contract = model.raw_contract() if job.plain else model.contract()
        bodies = [
            self._body(contract, item, job.plan.temperature, seed_of(seed, item.id, number))
            for number in range(job.plan.samples)
        ]
        replies = [self._ask(client, body) for body in bodies]
        texts, tokens = zip(*replies, strict=True)
        return sampled_label(item, Replies(texts, sum(tokens)), job.plain)

    def _body(
        self, contract: Contract, item: Keyed, temperature: float, seed: int
    ) -> dict[str, Any]:
        messages = [
            {"role": "system", "content": contract.system_prompt},
            {"role": "user", "content": item.question.text()},
        ]
        return {"model": self.model, "messages": messages, "temperature": temperature,
                "top_p": 1.0, "max_tokens": REPLY_LIMIT, "seed": seed % 2**31}  # fmt: skip

    def _ask(self, client: Any, body: dict[str, Any]) -> tuple[str, int]:
        """The text of one reply and the tokens it took, its prompt's included."""
        import httpx2

        problem = ""
        for pause in (*PAUSES_S, None):
            try:
                response = client.post(f"{self.base_url.rstrip('/')}/chat/completions", json=body)
                if response.status_code == 200:
                    return _read(response.json())
                problem = f"HTTP {response.status_code}"
                if response.status_code in (401, 403):
                    raise KeyRefusedError(
                        f"{self.base_url} refused the key", hint="set FOGGEN_SERVER_KEY"
                    )
                if response.status_code not in TRANSIENT:
                    break
            except (httpx2.HTTPError, ValueError, LookupError, TypeError, AttributeError) as exc:
                problem = type(exc).__name__
            if pause is not None:
                time.sleep(pause)
        raise CloudRequiredError(
            f"{self.base_url} did not answer: {problem}",
            hint="check that the server runs and serves the model; the run goes on where it was",
        )


def _read(reply: dict[str, Any]) -> tuple[str, int]:
    usage = reply.get("usage") or {}
    text = reply["choices"][0]["message"]["content"] or ""
    return str(text), int(usage.get("total_tokens", 0))


def outcome_of_text(item: Keyed, text: str) -> Outcome:
    """A greedy reply as an outcome; text has no probabilities, so the confidence said is expected."""
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
