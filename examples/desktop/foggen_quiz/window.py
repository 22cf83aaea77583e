"""The window. All of tkinter is here, and all of it runs in the main thread."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from foggen import Replied

from . import words
from .asking import Asking, Cancelled, Event, Failed, Ready
from .words import Card, Tone

POLL_MS = 50
PAPER, INK, FAINT, EDGE = "#ffffff", "#1d2430", "#667085", "#b8bfca"
COLOURS = {
    Tone.SURE: "#1a7f4b",
    Tone.CLOUD: "#2563c9",
    Tone.GUESS: "#b25e09",
    Tone.QUIET: "#8a93a3",
    Tone.ERROR: "#b42318",
}
EXAMPLE = "What day comes after Monday?\nA) Sunday\nB) Tuesday\nC) Friday"
HINT = "A question and its options, one on each line:"
WIDTH, HEIGHT = 560, 400


class QuizWindow:
    """Asks through `asking`, and shows the stages and the answer. `root.mainloop()` runs it."""

    def __init__(self, root: tk.Tk, asking: Asking, question: str = "") -> None:
        self.root, self.asking = root, asking
        self.offline = tk.BooleanVar(root, value=False)
        self.status = tk.StringVar(root, value=words.LOADING)
        self.stages: list[str] = []
        self._style()
        self._question_field(question or EXAMPLE)
        self._buttons()
        self._card()
        self._place()
        self._set_busy(False)
        self._poll()

    # --- what the user does -----------------------------------------------------------------------

    def ask(self) -> None:
        self._set_busy(True)
        self._show(Card(Tone.QUIET, "", ""))
        self.stages = []
        self.status.set(words.THINKING)
        self.asking.ask(self.question.get("1.0", "end").strip(), offline=self.offline.get())

    def cancel(self) -> None:
        if self.is_busy:
            self.status.set(words.CANCELLING)
            self.asking.cancel()

    def close(self) -> None:
        self.root.after_cancel(self._next_poll)
        self.root.destroy()
        self.asking.close()

    # --- what happens in the background -----------------------------------------------------------

    def _poll(self) -> None:
        for event in self.asking.events():
            self._react(event)
        self._next_poll = self.root.after(POLL_MS, self._poll)

    def _react(self, event: Event) -> None:
        match event:
            case Ready(offline=offline):
                self._be_ready(offline)
            case Cancelled():
                self._end(words.CANCELLED)
            case Failed(error=error):
                self._end(words.of_error(error))
            case stage:
                self.stages.append(words.of_stage(stage))
                self.status.set(words.THEN.join(self.stages))
                if isinstance(stage, Replied):
                    self._end(words.of_reply(stage.reply))

    def _be_ready(self, offline: bool) -> None:
        if not self.is_busy:
            self.status.set(words.READY)
        if offline:  # the settings decide, and the box only says so
            self.offline.set(True)
            self.stay.state(["disabled"])

    def _end(self, card: Card) -> None:
        self._set_busy(False)
        self._show(card)
        if card.tone in (Tone.QUIET, Tone.ERROR):
            self.status.set("")

    # --- the widgets ------------------------------------------------------------------------------

    def _style(self) -> None:
        style = ttk.Style(self.root)
        if self.root.tk.call("tk", "windowingsystem") == "x11":  # elsewhere the default is native
            style.theme_use("clam")
            style.configure("Horizontal.TProgressbar", background=COLOURS[Tone.CLOUD])
        self.root.title("FogGen quiz")
        self.root.minsize(WIDTH, HEIGHT)
        self.root.configure(padx=18, pady=16, background=style.lookup(".", "background"))

    def _question_field(self, question: str) -> None:
        font = ("TkDefaultFont", 11)
        self.hint = ttk.Label(self.root, text=HINT)
        self.question = tk.Text(
            self.root, height=6, width=50, wrap="word", font=font, padx=8, pady=6
        )
        self.question.configure(
            background=PAPER, foreground=INK, relief="flat", highlightthickness=1
        )
        self.question.configure(highlightbackground=EDGE, highlightcolor=INK)
        self.question.insert("1.0", question)

    def _buttons(self) -> None:
        self.bar = ttk.Frame(self.root)
        self.ask_button = ttk.Button(self.bar, text="Ask", command=self.ask)
        self.cancel_button = ttk.Button(self.bar, text="Cancel", command=self.cancel)
        self.stay = ttk.Checkbutton(self.bar, text="Stay offline", variable=self.offline)
        for button in (self.ask_button, self.cancel_button):
            button.pack(side="left", padx=(0, 8))
        self.stay.pack(side="right")
        self.root.bind("<Control-Return>", self._ask_by_key)
        self.root.bind("<Escape>", lambda _: self.cancel())

    def _ask_by_key(self, _event: object) -> str:
        if not self.is_busy:
            self.ask()
        return "break"

    def _card(self) -> None:
        self.progress = ttk.Progressbar(self.root, mode="indeterminate")
        self.line = ttk.Label(
            self.root, textvariable=self.status, foreground=FAINT, wraplength=WIDTH - 40
        )
        self.card = tk.Frame(self.root, background=PAPER)
        self.stripe = tk.Frame(self.card, width=6)
        text = {"background": PAPER, "anchor": "w", "justify": "left", "wraplength": WIDTH - 70}
        bold = ("TkDefaultFont", 16, "bold")
        self.headline = tk.Label(self.card, text, font=bold)
        self.meaning = tk.Label(self.card, text, foreground=INK, font=("TkDefaultFont", 11))
        self.stripe.pack(side="left", fill="y")
        self.headline.pack(fill="x", padx=14, pady=(12, 2))
        self.meaning.pack(fill="x", padx=14, pady=(0, 12))

    def _place(self) -> None:
        self.hint.pack(fill="x", pady=(0, 6))
        self.question.pack(fill="x")
        self.bar.pack(fill="x", pady=(12, 12))
        self.line.pack(fill="x", pady=(0, 10))
        self.root.protocol("WM_DELETE_WINDOW", self.close)

    def _show(self, card: Card) -> None:
        self.stripe.configure(background=COLOURS[card.tone])
        self.headline.configure(text=card.headline, foreground=COLOURS[card.tone])
        self.meaning.configure(text=card.meaning)
        if card.headline:
            self.card.pack(fill="x")
        else:
            self.card.pack_forget()

    def _set_busy(self, busy: bool) -> None:
        self.is_busy = busy
        self.ask_button.state(["disabled" if busy else "!disabled"])
        self.cancel_button.state(["!disabled" if busy else "disabled"])
        if busy:
            self.progress.pack(fill="x")
            self.progress.start(12)
        else:
            self.progress.stop()
            self.progress.pack_forget()
