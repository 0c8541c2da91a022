"""The vectors of calendar, pause, rotation and local-time arithmetic, met by our own code.

`data/` holds the files and their format; `python -m tests.vectors FILE...` takes any file of that format.
"""
