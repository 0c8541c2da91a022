"""Runs a rehearsal by itself: `python -m starter.rehearse LOG --policy rhipe-csp`.

Part of the rehearsals.
"""

import argparse
import os
import sys
from pathlib import Path

from starter.rehearse.command import rehearse


def main() -> int:
    """This will read the command line, rehearse, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m starter.rehearse", description=__doc__)
    parser.add_argument("log", type=Path, help="a ticket log as CSV, plain or gzip")
    parser.add_argument("--policy", default="rhipe-csp", help="the policy to rehearse")
    parser.add_argument("--mapping", help="a mapping of ours, or a .toml file; else the one that fits")
    parser.add_argument("--cases", type=_positive, help="only the first so many cases")
    parser.add_argument("--json", type=Path, dest="json_out", help="write all figures to this file")
    parser.add_argument("-o", "--output", choices=("text", "json"), default="text")
    asked = parser.parse_args()
    return rehearse(asked.log, asked.policy, asked.mapping, asked.cases, asked.json_out, asked.output)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # threads of Temporal's SDK may still hold the interpreter while it is taken down
