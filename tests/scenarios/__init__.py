"""Acceptance scenarios: who says what to a case, when, and what must then be true.

`data/` holds the scenarios and their format; `python -m tests.scenarios FILE...` plays any file of that
format, on the pure domain or, with `--engine temporal`, by the real workflow on the time-skipping server.
"""
