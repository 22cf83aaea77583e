"""The command line of foggen-train; modules are loaded when a command needs them."""

from .main import app, main

__all__ = ["app", "main"]
