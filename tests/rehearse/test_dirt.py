"""Rows that cannot be used are listed with the reason and counted; nothing stops the rest."""

import gzip
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import starter.rehearse.cases
import starter.rehearse.log
from starter.door.faults import Fault, Kind
from starter.rehearse.problems import EXAMPLES, Mended, Tallies, Unusable, problem
from starter.rehearse.script import Script, read_script
from tests.rehearse.logs import DESK_LOG, HEADER, read, spoken, step, written


def _unusable(script: Script) -> dict[str, int]:
    return {tally.reason: tally.count for tally in script.rows.unusable}


def _mended(script: Script) -> dict[str, int]:
    return {tally.reason: tally.count for tally in script.rows.mended}


_GOOD = step("A", 1, "2025-04-01 09:00", "open")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (step("", 2, "2025-04-01 10:00", "working"), Unusable.NO_CASE),
        (step("A\u202eB", 2, "2025-04-01 10:00", "working"), Unusable.UNFIT_CASE),
        (step("A\x00", 2, "2025-04-01 10:00", "working"), Unusable.UNFIT_CASE),
        (step("A" * 500, 2, "2025-04-01 10:00", "working"), Unusable.UNFIT_CASE),
        (step("A", 2, "", "working"), Unusable.NO_TIME),
        (step("A", 2, "soon", "working"), Unusable.BAD_TIME),
        (step("A", 2, "0001-01-01 00:00", "working"), Unusable.BAD_TIME),
        (step("A", 2, "9999-12-31 23:59", "working"), Unusable.BAD_TIME),
        (step("A", 2, "1970-01-01 00:00", "working"), Unusable.FAR_TIME),
        (step("A", 2, "2999-01-01 00:00", "working"), Unusable.FAR_TIME),
        (step("A", 2, "2025-04-01 10:00", "-100"), Unusable.UNKNOWN_STATE),
        (step("A", 2, "2025-04-01 10:00", "work\x00ing"), Unusable.UNKNOWN_STATE),
        (_GOOD, Unusable.DUPLICATE),
        (_GOOD + ",one cell more", Unusable.SHAPE),
        ("A,2", Unusable.SHAPE),
        (_GOOD.replace("A,1,", "A,two,"), Unusable.BAD_SEQUENCE),
        (_GOOD.replace("A,1,", "A,-1,"), Unusable.BAD_SEQUENCE),
        (_GOOD.replace("A,1,", f"A,{'9' * 5000},"), Unusable.BAD_SEQUENCE),
        (step("A", 2, "2025-04-01 10:00", "working", queue="x" * 200 * 1024), Unusable.NOT_CSV),
        (step("A", 2, "2025-04-01 10:00", "working", queue="x" * 1024 * 1024), Unusable.LONG_LINE),
    ],
)
def test_a_row_that_cannot_be_used_is_listed_with_its_reason(
    tmp_path: Path, line: str, reason: Unusable
) -> None:
    script = read(written(tmp_path / "x.csv", [_GOOD, line, step("A", 9, "2025-04-02 09:00", "working")]))
    assert _unusable(script) == {reason.value: 1}
    assert (script.rows.read, script.rows.used) == (3, 2)
    assert script.rows.unusable[0].examples[0].line == 3
    assert spoken(script, "A") == [["post_update"]]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (step("A", 2, "2025-04-01 08:00", "working"), Mended.TIME_BACK),
        (step("A", 1, "2025-04-01 10:00", "working"), Mended.SAME_NUMBER),
        (step("A", 2, "2025-04-01 10:00", "working", by='"'), Mended.OPEN_MARK),
        (step("A", 2, "2025-04-01 10:00", "working", impact="9"), Mended.UNKNOWN_RATING),
        (step("A", 2, "2025-04-01 10:00", "working", reopened="many"), Mended.BAD_COUNT),
    ],
)
def test_a_row_that_can_be_mended_is_used_and_listed(tmp_path: Path, second: str, reason: Mended) -> None:
    script = read(written(tmp_path / "x.csv", [_GOOD, second]))
    assert _mended(script) == {reason.value: 1}
    assert script.rows.used == 2
    assert spoken(script, "A") == [["post_update"]]


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (step("A", 1, "2025-04-01 09:00", "open", opened=""), Mended.NO_OPENING),
        (step("A", 1, "2025-04-01 09:00", "open", opened="2025-04-01 09:30"), Mended.OPENING_LATER),
        (step("A", 1, "2025-04-01 09:00", "open", via="pigeon"), Mended.UNKNOWN_CHANNEL),
    ],
)
def test_an_opening_that_can_be_mended_is_used_and_listed(tmp_path: Path, first: str, reason: Mended) -> None:
    script = read(written(tmp_path / "x.csv", [first]))
    assert _mended(script) == {reason.value: 1}
    assert script.stories[0].opens_at.isoformat() == "2025-03-31T22:00:00+00:00"  # 09:00 in Sydney's summer


def test_time_that_goes_back_stands_still(tmp_path: Path) -> None:
    lines = [_GOOD, step("A", 2, "2025-04-01 12:00", "working"), step("A", 3, "2025-04-01 11:00", "solved")]
    script = read(written(tmp_path / "x.csv", lines))
    assert [turn.at.hour for turn in script.stories[0].turns] == [1, 1]


def test_rows_are_taken_in_the_order_of_their_sequence(tmp_path: Path) -> None:
    lines = [step("A", 3, "2025-04-01 12:00", "solved"), step("A", 2, "2025-04-01 11:00", "working"), _GOOD]
    assert spoken(read(written(tmp_path / "x.csv", lines)), "A") == [["post_update"], ["resolve"]]


def test_a_quotation_mark_that_nobody_closes_costs_no_other_row(tmp_path: Path) -> None:
    lines = DESK_LOG.read_text(encoding="utf-8").splitlines()
    lines[7] = lines[7].replace("servers", '6" servers').replace("li,", '"li,')
    whole, torn = read(DESK_LOG), read(written(tmp_path / "x.csv", lines[1:], lines[0]))
    assert (torn.rows.read, torn.rows.used) == (whole.rows.read, whole.rows.used)
    assert torn.rows.unusable == whole.rows.unusable
    (mended,) = [one for one in torn.rows.mended if one.reason == Mended.OPEN_MARK]
    assert mended.examples[0].line == 8


def test_an_open_mark_in_a_row_whose_cells_cannot_be_told_apart_is_named(tmp_path: Path) -> None:
    odd = step("A", 2, "2025-04-01 10:00", "working", queue='"front, or so')
    script = read(written(tmp_path / "x.csv", [_GOOD, odd, step("A", 3, "2025-04-01 11:00", "working")]))
    assert _unusable(script) == {Unusable.OPEN_MARK.value: 1}
    assert script.rows.used == 2


def test_a_cell_may_have_several_lines(tmp_path: Path) -> None:
    odd = step("A", 2, "2025-04-01 10:00", "working", queue='"front,\nor ""so""\n"')
    script = read(written(tmp_path / "x.csv", [_GOOD, odd, step("A", 3, "2025-04-01 11:00", "working")]))
    assert (script.rows.used, script.rows.unusable, script.rows.mended) == (3, (), ())


_TEXT = DESK_LOG.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_TEXT.replace(",", ";").encode(), "UTF-8, semicolons"),
        (_TEXT.replace(",", "\t").encode("utf-16"), "UTF-16, tabs"),
        (_TEXT.encode("utf-16-le"), "UTF-16, commas"),
        (_TEXT.encode("utf-16-be"), "UTF-16, commas"),
        (_TEXT.replace(",", "|").encode("utf-8-sig"), "UTF-8, bars"),
        (_TEXT.replace("\n", "\r\n").encode(), "UTF-8, commas"),
        (b"\xef\xbb\xbf\r\n" + _TEXT.encode(), "UTF-8, commas"),
        (b"sep=;\r\n" + _TEXT.replace(",", ";").encode(), "UTF-8, semicolons"),
        (_TEXT.replace("rita", "rité").encode("cp1252"), "Windows-1252, commas"),
        (gzip.compress(_TEXT.replace(",", ";").encode("utf-16")), "UTF-16, semicolons"),
    ],
)
def test_however_a_log_is_written_it_is_read_and_that_is_said(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    script, plain = read(path), read(DESK_LOG)
    assert script.rows.written == said
    assert (script.rows.read, script.rows.used) == (plain.rows.read, plain.rows.used)
    assert [(one.reason, one.count) for one in script.rows.unusable] == [
        (one.reason, one.count) for one in plain.rows.unusable
    ]


def test_one_letter_of_another_encoding_is_damage_and_not_the_encoding_of_the_log(tmp_path: Path) -> None:
    lines = [_GOOD, step("A", 2, "2025-04-01 10:00", "working", by="Zoë Müller"), "B\udcff"]
    path = tmp_path / "x.csv"
    path.write_bytes("\n".join([HEADER, *lines]).encode("utf-8", "surrogateescape"))
    assert read(path).rows.written == "UTF-8, commas"


def test_a_log_that_lists_its_newest_rows_first_is_told_from_its_end(tmp_path: Path) -> None:
    mapping = tmp_path / "unnumbered.toml"
    ours = DESK_LOG.parents[1] / "mappings" / "desk-log.toml"
    mapping.write_text(ours.read_text(encoding="utf-8").replace('sequence = "step"\n', ""), encoding="utf-8")
    head, *rows = _TEXT.splitlines()
    up, down = (
        read_script(written(tmp_path / name, lines, head), "rhipe-csp", str(mapping), None)
        for name, lines in (("up.csv", rows), ("down.csv", rows[::-1]))
    )
    assert (up.rows.written, down.rows.written) == ("UTF-8, commas", "UTF-8, commas, newest first")
    told = {story.case: [turn.at for turn in story.turns] for story in up.stories}
    assert {story.case: [turn.at for turn in story.turns] for story in down.stories} == told


def test_a_packed_log_that_breaks_off_is_used_as_far_as_it_goes(tmp_path: Path) -> None:
    lines = [
        step(f"A{number}", 1, "2025-04-01 09:00", "open", by=f"{number * 7919}") for number in range(4000)
    ]
    packed = gzip.compress("\n".join([HEADER, *lines]).encode())
    path = tmp_path / "x.csv.gz"
    path.write_bytes(packed[: len(packed) // 2])
    script = read(path)
    assert _unusable(script)[Unusable.FILE_ENDS] == 1
    assert 0 < len(script.stories) < 4000


def test_packing_is_seen_by_content_not_by_name(tmp_path: Path) -> None:
    plain = tmp_path / "x.csv.gz"
    plain.write_bytes(DESK_LOG.read_bytes())
    packed = tmp_path / "x.csv"
    packed.write_bytes(gzip.compress(DESK_LOG.read_bytes()))
    assert read(plain).stories == read(packed).stories == read(DESK_LOG).stories


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "x.csv is empty"),
        (b"\x1f\x8bnothing of the kind", "x.csv: the file breaks off"),
        (HEADER.encode(), "x.csv has no row that can be used"),
        (b"ticket,step,when\nA,1,2025-04-01", "x.csv has no column status, impact, urgency"),
        (HEADER.replace("queue", "when").encode(), "x.csv has no column queue"),
        ((HEADER + ",when\n").encode(), "x.csv has the column when more than once"),
        (b"\x00" * 1000, "x.csv has no column ticket"),
        (bytes(range(256)) * 40, "x.csv"),
    ],
)
def test_a_file_that_is_no_log_is_refused_in_one_line(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(Fault) as fault:
        read(path)
    assert fault.value.kind is Kind.USAGE
    assert told in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_log_that_cannot_be_read_is_refused_in_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(Fault, match=path.name):
            read(path)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_log_is_worse_than_a_fault(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(DESK_LOG.read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(whole) - 1))
        piece = data.draw(
            st.sampled_from([b"\x00", b'"', b"\n", b"\r", b",", b"\xff", b"9" * 40, b"", b"\xe2\x80\xae"])
        )
        whole[at : at + data.draw(st.integers(0, 30))] = piece
        if not whole:
            break
    path = tmp_path_factory.getbasetemp() / "damaged.csv"
    path.write_bytes(
        gzip.compress(whole)[: data.draw(st.integers(1, 3000))] if data.draw(st.booleans()) else whole
    )
    with suppress(Fault):
        script = read(path)
        assert script.rows.read == script.rows.used + sum(tally.count for tally in script.rows.unusable)


def test_a_line_without_end_costs_no_other_row_and_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter.rehearse.log, "_LONGEST_LINE", 512)
    lines = [_GOOD, "A,2," + "x" * 100_000, step("A", 3, "2025-04-01 11:00", "working")]
    script = read(written(tmp_path / "x.csv", lines))
    assert _unusable(script) == {Unusable.LONG_LINE.value: 1}
    assert script.rows.unusable[0].examples[0].line == 3
    assert script.rows.used == 2


@pytest.mark.parametrize(
    ("limit", "most"), [("MOST_LINES", 100), ("MOST_CHARACTERS", 8_000)], ids=["lines", "characters"]
)
def test_what_unpacks_without_end_is_read_as_far_as_a_log_may_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(starter.rehearse.log, limit, most)
    row = step("A", 2, "2025-04-01 10:00", "working")
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress("\n".join([HEADER, _GOOD, *[row] * 5_000, "\x00" * 1_000_000]).encode()))
    script = read(path)
    assert len(path.read_bytes()) < 5_000
    assert _unusable(script)[Unusable.TOO_LONG] == 1
    assert script.rows.used == 2
    assert script.rows.read < 150


def test_rows_beyond_those_that_are_kept_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starter.rehearse.cases, "MOST_ROWS", 2)
    lines = [_GOOD, *(step("B", n, f"2025-04-01 1{n}:00", "working") for n in range(5))]
    script = read(written(tmp_path / "x.csv", lines))
    assert _unusable(script) == {Unusable.TOO_MANY.value: 4}
    assert (script.rows.read, script.rows.used) == (6, 2)


def test_two_zones_in_one_log_are_told(tmp_path: Path) -> None:
    lines = [
        _GOOD,
        step("A", 2, "2025-03-31T23:30:00+00:00", "working"),
        step("A", 3, "2025-04-01 11:00", "solved"),
    ]
    script = read(written(tmp_path / "x.csv", lines))
    assert _mended(script) == {Mended.NO_OFFSET.value: 2}
    assert script.rows.used == 3
    assert [turn.at.isoformat()[11:16] for turn in script.stories[0].turns] == ["23:30", "00:00"]


def test_problems_without_number_are_counted_and_few_are_kept() -> None:
    tallies = Tallies(by_case=True)
    for number in range(30_000):
        tallies.note(problem(Unusable.NO_TIME, number, f"case {number}"))
    (tally,) = tallies.tallied(Unusable)
    assert (tally.count, len(tally.examples)) == (30_000, EXAMPLES)
    assert tallies.of({"case 7"}).unusable == 1 + 30_000 - 10_000
