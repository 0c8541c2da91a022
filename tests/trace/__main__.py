"""`python -m tests.trace`: the catalogue's ids with and without a covering test, chapter by chapter.

An id whose row names codes is covered only where its covering tests name each of them. Exit code 1: a test
covers an id that does not exist, or more than three.
"""

import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.trace.marks import Covering, of_scenarios, of_tests

MOST_IDS = 3  # house rule: a test of more proves none of them well
Catalogue = dict[str, dict[str, list[str]]]


def catalogue() -> Catalogue:
    """Chapter to id to the codes its row names."""
    return tomllib.loads((Path(__file__).parent / "ids.toml").read_text(encoding="utf-8"))


def errors(coverings: Iterable[Covering], known: Catalogue) -> Iterator[str]:
    """What is wrong with the marks themselves."""
    ids = {identity for chapter in known.values() for identity in chapter}
    for covering in coverings:
        yield from (
            f"{covering.place}: there is no id {identity}" for identity in covering.ids if identity not in ids
        )
        if covering.is_test and len(set(covering.ids)) > MOST_IDS:
            yield f"{covering.place}: covers {len(set(covering.ids))} ids, more than {MOST_IDS}"


def lacks(identity: str, codes: list[str], by_id: dict[str, list[Covering]]) -> str | None:
    """Why an id is not covered; None where it is."""
    if identity not in by_id:
        return identity
    sources = [covering.source for covering in by_id[identity]]
    unnamed = [code for code in codes if not any(code in source for source in sources)]
    return f"{identity} (no covering test names {', '.join(unnamed)})" if unnamed else None


def report(coverings: list[Covering], known: Catalogue) -> Iterator[str]:
    """A line of covered, of uncovered and of refusing ids for each chapter, then the sums."""
    by_id: dict[str, list[Covering]] = defaultdict(list)
    for covering in coverings:
        for identity in covering.ids:
            by_id[identity].append(covering)
    total, refusing = 0, 0
    for chapter, ids in known.items():
        missing = {identity: lacks(identity, codes, by_id) for identity, codes in ids.items()}
        covered = [identity for identity, reason in missing.items() if reason is None]
        total += len(covered)
        yield f"{chapter}: {len(covered)} of {len(ids)}"
        yield f"  with: {' '.join(covered) or 'none'}"
        yield f"  without: {', '.join(reason for reason in missing.values() if reason) or 'none'}"
        asserted = [identity for identity in covered if ids[identity]]
        refusing += len(asserted)
        yield f"  with the code of their bad input: {' '.join(asserted) or 'none'}"
    tests = sum(covering.is_test for covering in coverings)
    yield (
        f"{total} of {sum(map(len, known.values()))} ids covered, {refusing} of "
        f"{sum(bool(codes) for ids in known.values() for codes in ids.values())} with the codes they name, "
        f"by {tests} tests and {len(coverings) - tests} scenarios"
    )


def main() -> int:
    """Prints the report; see the module. Returns the exit code."""
    known, coverings = catalogue(), [*of_tests(), *of_scenarios()]
    wrong = list(errors(coverings, known))
    for line in wrong:
        print(f"ERROR {line}")
    for line in report(coverings, known):
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
