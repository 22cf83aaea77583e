"""A quiz window on FogGen, as an application would embed it.

    python examples/desktop/quiz.py ["2 + 2 = ? A) 3 B) 4"]

The cloud comes from the settings of `foggen-edge`; without one, the window works offline.
"""

from __future__ import annotations

import sys
import tkinter as tk

from foggen_quiz.asking import Asking
from foggen_quiz.window import QuizWindow

from foggen import Router


def main() -> None:
    # An application that ships another model opens it with Router.open(path, trusted=True).
    asking = Asking(Router.open)
    root = tk.Tk()
    window = QuizWindow(root, asking, question=" ".join(sys.argv[1:]))
    if len(sys.argv) > 1:
        window.ask()
    root.mainloop()


if __name__ == "__main__":
    main()
