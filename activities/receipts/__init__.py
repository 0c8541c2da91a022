"""Signed records of what was promised: the keys, the signature, and what is refused when one is read."""
