"""`python -m bench lifecycle|step`: prints what was measured, as text or JSON."""

import argparse
import asyncio
import json
import sys
from typing import Any


def _text(result: dict[str, Any], indent: str = "") -> str:
    lines = []
    for key, value in result.items():
        if isinstance(value, dict):
            lines += [f"{indent}{key}", _text(value, indent + "  ")]
        else:
            lines.append(f"{indent}{key:24} {value}")
    return "\n".join(lines)


def main() -> int:
    """Runs one measurement and prints it; says nothing of whether it is good."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("what", choices=["lifecycle", "step"])
    parser.add_argument("-o", "--output", choices=["text", "json"], default="text")
    parser.add_argument("--rounds", type=int, default=3, help="pairs of product and floor")
    options = parser.parse_args()
    if options.what == "lifecycle":
        from bench.lifecycle import lifecycle

        result = asyncio.run(lifecycle(options.rounds))
    else:
        from bench.step import step

        result = step()
    print(json.dumps(result, indent=1) if options.output == "json" else _text(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
