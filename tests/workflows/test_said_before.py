"""What the engine says again after a reset is known by its id, and without one by what it says; each once."""

from domain.record import Recollection
from workflows.request_ids import digest
from workflows.resets import SaidBefore, unread_digest


def said_before(
    *taken: tuple[str, str], unread: tuple[tuple[str, int], ...] = (), seen: str = ""
) -> SaidBefore:
    rows = [f"{digest(cause)}:{said}" for cause, said in taken]
    rows += [f":{unread_digest(name, size)}" for name, size in unread]
    return SaidBefore(Recollection(version=1, taken=tuple(rows)), [digest(seen)] if seen else [])


def test_a_message_with_an_id_is_known_by_it_whatever_it_says() -> None:
    said = said_before(("news-1", "aaaaaaaa"))
    assert said.takes("news-1", "bbbbbbbb", by_content=False)
    assert not said.takes("news-2", "aaaaaaaa", by_content=False)


def test_one_without_an_id_is_known_by_what_it_says_as_often_as_it_was_said() -> None:
    said = said_before(("one", "aaaaaaaa"), ("two", "aaaaaaaa"), ("three", "bbbbbbbb"))
    assert [said.takes(f"new-{turn}", "aaaaaaaa", by_content=True) for turn in range(3)] == [
        True,
        True,
        False,
    ]
    assert said.takes("new-4", "bbbbbbbb", by_content=True)


def test_one_that_keeps_its_id_is_not_counted_twice() -> None:
    said = said_before(("one", "aaaaaaaa"), ("two", "aaaaaaaa"))
    assert said.takes("one", "aaaaaaaa", by_content=True)
    assert said.takes("another", "aaaaaaaa", by_content=True)
    assert not said.takes("a-third", "aaaaaaaa", by_content=True)


def test_what_nobody_understood_is_known_by_name_and_size_as_often_as_it_came() -> None:
    said = said_before(unread=(("gossip", 16),))
    assert not said.takes_unread("gossip", 17)
    assert said.takes_unread("gossip", 16)
    assert not said.takes_unread("gossip", 16)


def test_what_the_case_remembers_itself_is_known_where_the_store_does_not_name_it() -> None:
    assert said_before(seen="old").takes("old", "aaaaaaaa", by_content=False)
