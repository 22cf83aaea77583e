"""The model in the box, trained from nothing: questions, pretraining, rounds, card."""
