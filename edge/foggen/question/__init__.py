"""From a user's text to a question's stem, options and labels, and to the text that the model sees."""
