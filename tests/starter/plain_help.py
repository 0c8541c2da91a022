"""Help as a terminal of 80 columns shows it."""

import os
import subprocess
import sys


def help_of(*arguments: str) -> str:
    """The help of a command."""
    ended = subprocess.run(
        [sys.executable, "-m", "starter", *arguments, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "80", "TERM": "dumb"},
    )
    return ended.stdout
