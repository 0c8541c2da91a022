"""What doors and workers let be seen of themselves: the form of their log, and traces."""
