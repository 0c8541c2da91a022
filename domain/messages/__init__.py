"""What can be said: one frozen record a verb, one file a chapter."""
