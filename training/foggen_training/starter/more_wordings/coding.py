"""Further wordings of the skills of coding, all of which ask what a program prints."""

from __future__ import annotations

from .wordings import Wordings, lines

_PROGRAM = Wordings(
    pretraining=lines(r"""
        Output?\n{code}
        {code}\nOutput?
        {code}\nPrints ____
        Q: what does this print?\n{code}
        hey, what does this print?\n{code}
        {code}\nWhat will be shown on the screen?
        Please give the output of these lines:\n{code}
        I ran this:\n{code}\nWhat did I see?
        Run this in your head.\n{code}\nWhat comes out?
        Here is some Python:\n{code}\nWhat does it print?
        A student wrote the lines below. What do they print?\n{code}
        Python prints what here?\n{code}
        Work out the printed value.\n{code}
        Given this Python code, name its output.\n{code}
        {code}\nWhen these lines are run, what is printed?
        {code}\nThe output is ____.
        What appears on the screen after this is run?\n{code}
        {code}\nWhich value is printed at the end?
        Can you tell me what this program prints?\n{code}
        Our teacher, who likes tea, showed us this:\n{code}\nWhat does it print?
        Trace the program and give its output.\n{code}
        {code}\nState what is printed.
        Мына код не шығарады?\n{code}
        {code}\nБұл код қандай нәтиже шығарады?
        Код:\n{code}\nOutput қандай?
        The lines below are given to Python. What is their output?\n{code}
    """),
    rounds=lines(r"""
        Quick check, output of this?\n{code}
        {code}\nSo what gets printed?
        Suppose you start this script:\n{code}\nWhat does it write?
        Evaluate the snippet and pick its output.\n{code}
        {code}\n>>> ____
        Alua typed this into Python.\n{code}\nWhich output did she get?
        Please say what is printed by these lines.\n{code}
        For the script below, state the result on the screen.\n{code}
        {code}\nprinted result, please
        so python runs this...\n{code}\nand prints?
        Нәтижені тап, this code prints:\n{code}
        {code}\nPredict the output.
        What would a reader of the screen see once this has run?\n{code}
    """),
)

WORDINGS = dict.fromkeys(("assign", "loop", "length", "index", "boolean"), _PROGRAM)
