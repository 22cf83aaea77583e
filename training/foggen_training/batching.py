"""Splitting rows of tokens into parts that fit into memory: common starts, token budgets, halving."""

from __future__ import annotations

from collections.abc import Callable, Sequence

# Keeps the number of shapes small: the CPU's matrix library takes 1 to 2 s to prepare for each new one,
# and a step takes 0.4 s.
LENGTH_STEP = 16


def padded(tokens: int) -> int:
    """Return the length to which a batch is padded if its longest row has this many tokens."""
    return -(-tokens // LENGTH_STEP) * LENGTH_STEP


def common_start(rows: Sequence[Sequence[int]], most: int) -> int:
    """Count the tokens with which all rows begin, up to `most`."""
    columns = zip(*(row[:most] for row in rows), strict=False)
    return next((place for place, ids in enumerate(columns) if len(set(ids)) > 1), most)


def parts_by_length(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Group the positions of rows, shortest first, into parts of at most `budget` padded tokens; a row
    above the budget gets a part of its own."""
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
    """Process every part, and split a part that does not fit into memory into two halves.

    release: frees what the failed attempt left behind. If a single row does not fit, its error is raised.
    """
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
    """Whether torch ran out of memory; on the CPU only the error's message shows it."""
    import torch

    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def release_memory() -> None:
    """Free the GPU memory that torch keeps cached."""
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()
