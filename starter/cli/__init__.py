"""The command line: one file a noun, and the pages a terminal shows."""
