"""What a terminal shows: one file for each kind of picture."""
