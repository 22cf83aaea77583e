"""The command `foggen-train plan`."""

from __future__ import annotations

import json as json_format

from rich.console import Console

from .planning import as_table, make_plan, summary
from .recipe_file import read_recipe
from .run_command import with_places


def show_plan(recipe: str, base: str, data: str, open_ended: str, *, json: bool) -> None:
    """Make the plan with a spinner on stderr, and print it."""
    planned = with_places(read_recipe(recipe), base, data, open_ended)
    console = Console(stderr=True)
    if console.is_terminal:
        with console.status("measuring"):
            plan = make_plan(planned)
    else:
        plan = make_plan(planned)
    if json:
        print(json_format.dumps(plan.as_dict()))
        return
    Console(width=None if console.is_terminal else 120).print(as_table(plan))
    print("\n".join(["", *summary(plan, planned)]))
