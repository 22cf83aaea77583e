"""What a confidence is worth: labelled questions, and metrics of ranking, calibration and routing."""
