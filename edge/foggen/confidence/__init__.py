"""Evaluating confidences: labelled questions, and metrics of ranking, calibration and routing."""
