"""Families of questions of the starter's worlds: BASE for pretraining, ROUNDS and EVERYDAY for the rounds."""

from .base import BASE
from .everyday import EVERYDAY
from .rounds import ROUNDS

__all__ = ["BASE", "EVERYDAY", "ROUNDS"]
