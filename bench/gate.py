"""How often is a round refused that changed nothing, and how often is a true loss found?

    python bench/gate.py
    python bench/gate.py --trials 200 --chains 20

Rounds are simulated on the accuracies of the published cards. Every question has a chance of its own to
be answered rightly; from round to round a share of the answers ("churn") changes, as likely either way,
and the truth stays as it is. Judged by the project's own gate with its defaults. A chain has 14 rounds,
each compared with the best so far, and done again once where it is refused. The last line on stdout is
one JSON document.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foggen_training.evaluation.outcomes import Outcome
from foggen_training.gate import Reference, better, judge
from foggen_training.recipe import DOMAINS, GatePlan

# The edge's own accuracy per domain, in the order of DOMAINS: column "R14 raw" of the model cards of
# issai/foggen (Qwen3-0.6B) and issai/foggen-gemma3-270m.
CARDS = {
    "foggen": (0.570, 0.569, 0.618, 0.553, 0.422, 0.913, 0.526),
    "foggen-gemma3-270m": (0.322, 0.304, 0.343, 0.317, 0.245, 0.437, 0.322),
}
CHANCE = (0.25,) * len(DOMAINS)
SPREAD = 2.0  # of the Beta distribution of a question's chance: its two parameters' sum
NOISE = 0.2  # of the expected confidence from round to round, in logits
PLAN = GatePlan()


@dataclass
class Validation:
    """Questions of every domain. chance: of a right answer, (domains, n). right: the last round's
    answers, likewise. redrawn: of an answer from round to round, (domains, 1)."""

    chance: NDArray[np.float64]
    right: NDArray[np.bool_]
    redrawn: NDArray[np.float64]

    @classmethod
    def drawn(
        cls, random: np.random.Generator, card: Sequence[float], each: int, churn: float
    ) -> Validation:
        mean = np.array(card)[:, None]
        chance = random.beta(SPREAD * mean, SPREAD * (1 - mean), (len(card), each))
        changing = 2 * mean * (1 - mean) * SPREAD / (SPREAD + 1)  # of answers that are drawn anew
        redrawn = np.minimum(1.0, churn / changing)
        return cls(chance, random.random(chance.shape) < chance, redrawn)

    def next_round(
        self, random: np.random.Generator, loss: float = 0.0, losing: int = 0
    ) -> NDArray[np.bool_]:
        """The answers of another round. loss: true one of the accuracy of the domain `losing`."""
        drawn = random.random(self.chance.shape) < self.chance
        anew = random.random(self.chance.shape) < self.redrawn
        right = np.where(anew, drawn, self.right)
        right[losing] &= random.random(right.shape[1]) >= loss / self.chance[losing].mean()
        return np.asarray(right)

    def outcomes(
        self, random: np.random.Generator, right: NDArray[np.bool_] | None = None
    ) -> list[Outcome]:
        """The outcomes of a round, the last one's if no other answers are given."""
        noise = random.normal(0, NOISE, self.chance.shape)
        logits = np.log(self.chance.clip(1e-6) / (1 - self.chance).clip(1e-6)) + noise
        expected = 1 / (1 + np.exp(-logits))
        answers = self.right if right is None else right
        return [
            Outcome(str(place), name, 0, round(4 * e) / 4, e, int(r), 1)
            for name, es, rs in zip(DOMAINS, expected.tolist(), answers.tolist(), strict=False)
            for place, (e, r) in enumerate(zip(es, rs, strict=True))
        ]


def losses_of(
    random: np.random.Generator,
    card: Sequence[float],
    each: int,
    churn: float,
    loss: float = 0.0,
    losing: int = 0,
) -> list[str]:
    """What the gate says of one round, where one domain may truly have lost something."""
    questions = Validation.drawn(random, card, each, churn)
    reference = Reference("R00", questions.outcomes(random))
    outcomes = questions.outcomes(random, questions.next_round(random, loss, losing))
    return list(judge(outcomes, reference, PLAN)["losses"])


def share_refused(
    random: np.random.Generator, card: Sequence[float], each: int, churn: float, trials: int
) -> tuple[float, float]:
    """Of rounds that changed nothing: the share refused, and the share refused for their AUROC."""
    tries = [losses_of(random, card, each, churn) for _ in range(trials)]
    return (
        share([bool(losses) for losses in tries]),
        share([any("AUROC" in line for line in losses) for losses in tries]),
    )


def share_found(
    random: np.random.Generator,
    card: Sequence[float],
    each: int,
    churn: float,
    loss: float,
    trials: int,
) -> float:
    """The share of true losses in one domain that are found there; each domain takes its turn."""
    named = []
    for trial in range(trials):
        losing = trial % len(DOMAINS)
        losses = losses_of(random, card, each, churn, loss, losing)
        named.append(any(line.startswith(DOMAINS[losing]) for line in losses))
    return share(named)


def refused_from_nothing(random: np.random.Generator, each: int) -> bool:
    """A first round at chance against a raw base at chance, asked in other words: no answer of the
    one says anything of the other's."""
    base = Validation.drawn(random, CHANCE, each, 0.05)
    reference = Reference("base", base.outcomes(random), ranked=False)
    first = Validation.drawn(random, CHANCE, each, 0.05)
    tries = (first.right, first.next_round(random))
    return all(judge(first.outcomes(random, t), reference, PLAN)["losses"] for t in tries)


def chain_passes(
    random: np.random.Generator, card: Sequence[float], each: int, churn: float, rounds: int = 14
) -> bool:
    """Whether a chain that changes nothing reaches its end."""
    questions = Validation.drawn(random, card, each, churn)
    best = Reference("R00", questions.outcomes(random))
    for number in range(rounds):
        for _ in range(1 + PLAN.retries):
            answers = questions.next_round(random)
            outcomes = questions.outcomes(random, answers)
            if not judge(outcomes, best, PLAN)["losses"]:
                break
        else:
            return False
        questions.right = answers
        best = better(best, Reference(f"R{number + 1:02d}", outcomes))
    return True


def main() -> None:
    arguments = parser().parse_args()
    random = np.random.default_rng(arguments.seed)
    rows = []
    for name, card in CARDS.items():
        for each in arguments.questions:
            for churn in arguments.churn:
                rows.append(measured(random, name, card, each, churn, arguments))
                print(rows[-1], file=sys.stderr)
    at_chance = {
        each: share([refused_from_nothing(random, each) for _ in range(arguments.trials)])
        for each in arguments.questions
    }
    print(
        json.dumps(
            {
                "benchmark": "gate",
                "trials": arguments.trials,
                "chains": arguments.chains,
                "rows": rows,
                "refused_at_chance": at_chance,
            }
        )
    )


def measured(
    random: np.random.Generator,
    name: str,
    card: Sequence[float],
    each: int,
    churn: float,
    arguments: argparse.Namespace,
) -> dict[str, object]:
    """One row: rounds refused in vain, true losses found, and honest chains that reach their end."""
    in_vain, by_auroc = share_refused(random, card, each, churn, arguments.trials)
    ends = [chain_passes(random, card, each, churn) for _ in range(arguments.chains)]
    return {
        "card": name,
        "questions": each,
        "churn": churn,
        "refused_in_vain": in_vain,
        "refused_in_vain_by_auroc": by_auroc,
        "loss": arguments.loss,
        "loss_found": share_found(random, card, each, churn, arguments.loss, arguments.trials),
        "chains_that_end": share(ends) if ends else None,
    }


def share(values: Sequence[bool]) -> float:
    return round(float(np.mean(values)), 4)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--questions", type=int, nargs="+", default=[100, 300, 400])
    options.add_argument("--churn", type=float, nargs="+", default=[0.01, 0.02, 0.05, 0.10])
    options.add_argument("--loss", type=float, default=0.1, help="true one, of a domain's accuracy")
    options.add_argument("--trials", type=int, default=1000)
    options.add_argument("--chains", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    return options


if __name__ == "__main__":
    main()
