"""What everyday commands ask: of the core, where the desk is at hand, or of its API."""
