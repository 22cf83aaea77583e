"""A quiz window: `words` says things plainly, `asking` works in the background, `window` is all of tkinter."""
