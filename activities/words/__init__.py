"""What letters say: templates, catalogues of their sentences, names in a language, the reader's time."""
