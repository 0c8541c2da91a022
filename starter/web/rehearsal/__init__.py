"""A rehearsal as a page for people, whole in one file: a browser needs nothing else to show or print it."""
