"""The model in the box, made from nothing: questions, pretraining, round R0, card."""
