"""How often does the gate refuse a round that changed nothing, and how often does it find a true loss?

    python bench/gate.py
    python bench/gate.py --trials 200 --chains 20

Rounds are simulated with the accuracies of the published cards. Every question has its own probability of a
correct answer; from round to round a share of the answers ("churn") changes, equally likely in both
directions, while the probabilities stay the same. The project's gate judges the rounds with its defaults. A
chain has 14 rounds; each is compared with the best so far, and repeated once if it is refused. The last
line on stdout is one JSON document.
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
SPREAD = 2.0  # sum of the parameters of the Beta distribution of a question's probability
NOISE = 0.2  # noise of the expected confidence from round to round, in logits
PLAN = GatePlan()


@dataclass
class Validation:
    """Simulated questions of every domain. chance: (domains, n), probability of a correct answer. right:
    (domains, n), whether the last round's answers are correct. redrawn: (domains, 1), probability that an
    answer is drawn again in a round."""

    chance: NDArray[np.float64]
    right: NDArray[np.bool_]
    redrawn: NDArray[np.float64]

    @classmethod
    def drawn(
        cls, random: np.random.Generator, card: Sequence[float], each: int, churn: float
    ) -> Validation:
        mean = np.array(card)[:, None]
        chance = random.beta(SPREAD * mean, SPREAD * (1 - mean), (len(card), each))
        changing = 2 * mean * (1 - mean) * SPREAD / (SPREAD + 1)  # of the redrawn answers
        redrawn = np.minimum(1.0, churn / changing)
        return cls(chance, random.random(chance.shape) < chance, redrawn)

    def next_round(
        self, random: np.random.Generator, loss: float = 0.0, losing: int = 0
    ) -> NDArray[np.bool_]:
        """Simulate the answers of the next round. loss: true loss of accuracy in the domain `losing`."""
        drawn = random.random(self.chance.shape) < self.chance
        anew = random.random(self.chance.shape) < self.redrawn
        right = np.where(anew, drawn, self.right)
        right[losing] &= random.random(right.shape[1]) >= loss / self.chance[losing].mean()
        return np.asarray(right)

    def outcomes(
        self, random: np.random.Generator, right: NDArray[np.bool_] | None = None
    ) -> list[Outcome]:
        """The outcomes of a round. right: its answers; by default those of the last round."""
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
    """The losses that the gate finds in one round, in which one domain may have a true loss."""
    questions = Validation.drawn(random, card, each, churn)
    reference = Reference("R00", questions.outcomes(random))
    outcomes = questions.outcomes(random, questions.next_round(random, loss, losing))
    return list(judge(outcomes, reference, PLAN)["losses"])


def share_refused(
    random: np.random.Generator, card: Sequence[float], each: int, churn: float, trials: int
) -> tuple[float, float]:
    """The share of refused rounds among those that changed nothing, and the share refused for AUROC."""
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
    """The share of true losses that are found in their domain; each domain takes its turn."""
    named = []
    for trial in range(trials):
        losing = trial % len(DOMAINS)
        losses = losses_of(random, card, each, churn, loss, losing)
        named.append(any(line.startswith(DOMAINS[losing]) for line in losses))
    return share(named)


def refused_from_nothing(random: np.random.Generator, each: int) -> bool:
    """Whether a first round at chance is refused against a raw base at chance; its prompt is another one,
    so the answers of the two are independent."""
    base = Validation.drawn(random, CHANCE, each, 0.05)
    reference = Reference("base", base.outcomes(random), ranked=False)
    first = Validation.drawn(random, CHANCE, each, 0.05)
    tries = (first.right, first.next_round(random))
    return all(judge(first.outcomes(random, t), reference, PLAN)["losses"] for t in tries)


def chain_passes(
    random: np.random.Generator, card: Sequence[float], each: int, churn: float, rounds: int = 14
) -> bool:
    """Whether a chain whose rounds change nothing reaches its end."""
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
    """One row of results: rounds refused in vain, true losses found, and chains that reach their end."""
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
