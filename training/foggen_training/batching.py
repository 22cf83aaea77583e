"""Rows of tokens in parts that fit into memory: what rows begin with alike, budgets, halving."""

from __future__ import annotations

from collections.abc import Callable, Sequence

# Few shapes: the CPU's matrix library prepares itself for every new one, which took 1 to 2 s where a
# step takes 0.4 s.
LENGTH_STEP = 16


def padded(tokens: int) -> int:
    """The length to which a batch of rows of at most so many tokens is padded."""
    return -(-tokens // LENGTH_STEP) * LENGTH_STEP


def common_start(rows: Sequence[Sequence[int]], most: int) -> int:
    """How many tokens all rows begin with, at most `most`."""
    columns = zip(*(row[:most] for row in rows), strict=False)
    return next((place for place, ids in enumerate(columns) if len(set(ids)) > 1), most)


def parts_by_length(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Positions of rows, shortest first, in parts of at most `budget` padded tokens; a row that is
    longer than the budget is a part of its own."""
    parts: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: lengths[place]):
        if parts and (len(parts[-1]) + 1) * padded(lengths[place]) <= budget:
            parts[-1].append(place)
        else:
            parts.append([place])
    return parts


def each_part(
    parts: Sequence[list[int]], work: Callable[[list[int]], None], release: Callable[[], None]
) -> None:
    """Do every part; one that does not fit into memory is done in two halves. release: gives back
    what the failed attempt left. Raises the error of a part of one row."""
    waiting = list(reversed(parts))
    while waiting:
        part = waiting.pop()
        try:
            work(part)
        except RuntimeError as exc:
            if not is_out_of_memory(exc) or len(part) == 1:
                raise
            release()
            middle = len(part) // 2
            waiting += [part[middle:], part[:middle]]


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether torch could not allocate: a device says so by class, the CPU by its message alone."""
    import torch

    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def release_memory() -> None:
    """Give back what torch keeps of a GPU's memory."""
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()
