"""Write docs/command-line.md from the help of the commands: python tools/command_line_page.py"""

from __future__ import annotations

from pathlib import Path

import typer.cli
import typer.main

from foggen.cli.main import app as edge
from foggen_export.cli import app as export
from foggen_training.cli import app as train

PAGE = Path(__file__).parents[1] / "docs/command-line.md"
COMMANDS = {"foggen-edge": edge, "foggen-export": export, "foggen-train": train}
HEAD = "<!-- Made from the commands' help by tools/command_line_page.py. -->\n\n"


def page() -> str:
    """The help of all commands in Markdown."""
    parts = []
    for name, app in COMMANDS.items():
        command = typer.main.get_command(app)
        context = typer.Context(command, info_name=name)
        text = typer.cli.get_docs_for_click(obj=command, ctx=context, name=name)
        parts.append(text.replace("Show this message and exit.", "show this message and exit"))
    return HEAD + "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(PAGE)
