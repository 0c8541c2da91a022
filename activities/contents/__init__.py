"""The contents of files that were given with a case: kept in a folder beside the store, and never opened."""
