"""What is asked of the full text, in the words of FTS5 and in those of PostgreSQL.

Only words made by `activities.store.spelling` are put into either: letters, digits and pictures, so that
nothing a person types is an operator.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, String

_WEIGHTS = {"title": "A", "names": "B", "text": "C"}


class Hit(NamedTuple):
    """Which word of a text a term was found as."""

    word: str
    nearly: bool


class Term(NamedTuple):
    """One thing to be in a text: any of these phrases, the one that was typed before those it may mean."""

    phrases: tuple[tuple[str, ...], ...]

    def within(self, words: Sequence[str]) -> Hit | None:
        """Return the first word by which a text has the term, if it has it."""
        for number, phrase in enumerate(self.phrases):
            for at in range(len(words) - len(phrase) + 1):
                *before, last = phrase
                if list(words[at : at + len(before)]) == before and words[at + len(before)].startswith(last):
                    return Hit(words[at], nearly=number > 0)
        return None


class _HasWords(FunctionElement[Any]):
    """Tell whether a row of `case_words` has what is asked, in the words of its database."""

    type = NullType()  # as a truth value SQLite would be asked whether it equals 1, which FTS5 cannot say
    inherit_cache = True
    name = "has_words"


@compiles(_HasWords, "sqlite")
def _in_sqlite(element: _HasWords, compiler: SQLCompiler, **more: Any) -> str:
    asked, _ = element.clauses
    return f"case_words MATCH {compiler.process(asked, **more)}"


@compiles(_HasWords, "postgresql")
def _in_postgresql(element: _HasWords, compiler: SQLCompiler, **more: Any) -> str:
    _, asked = element.clauses
    return f"case_words.words @@ CAST({compiler.process(asked, **more)} AS tsquery)"


def has_words(terms: Iterable[Term], fields: Sequence[str], *, as_written: bool) -> ColumnElement[bool]:
    """Ask for every term in these fields; words may go on, unless they are to be `as_written`."""
    terms = tuple(terms)
    fts5 = " AND ".join(f"({' OR '.join(_fts5(one, as_written) for one in term.phrases)})" for term in terms)
    weights = "".join(_WEIGHTS[field] for field in fields)
    vector = " & ".join(
        f"({' | '.join(_tsquery(one, weights, as_written) for one in term.phrases)})" for term in terms
    )
    asked = (f"{{{' '.join(fields)}}} : ({fts5})", vector)
    return _HasWords(*(bindparam(None, one, type_=String(), unique=True) for one in asked))


def _fts5(phrase: tuple[str, ...], as_written: bool) -> str:
    return f'"{" ".join(phrase)}"{"" if as_written else "*"}'


def _tsquery(phrase: tuple[str, ...], weights: str, as_written: bool) -> str:
    *before, last = phrase
    end = f"'{last}':{'' if as_written else '*'}{weights}"
    return " <-> ".join([*(f"'{word}':{weights}" for word in before), end])
