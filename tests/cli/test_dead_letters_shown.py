"""How dead letters are listed and shown."""

from dataclasses import replace

from contracts_schema.redrives import DeadLetterRedriven
from services.runtime.cli.letter_history import History
from services.runtime.cli.letter_view import HEAD, hex_lines, letter_fields, letter_lines, row_fields, row_line, shown
from services.runtime.cli.letters import Row, Wanted
from services.runtime.cli.one_line import one_line
from services.runtime.dead_letters import Place
from tests.cli.letters import BAD, came, letter, written
from tests.cli.test_dead_letters import MARK

ROW = Row(
    place=Place("dead-letters", 3, 5),
    original=Place("deposit-requests", 3, 17),
    reason="NOT_JSON",
    detail="no JSON",
    at_ms=1_609_776_000_123,
    key=b"C1|P1",
    size=44,
    redriven=False,
)


def told(value: bytes | None, history: History = History()) -> list[str]:  # noqa: B008 -- it is immutable
    return list(letter_lines(letter(came(value)), history))


def test_a_row() -> None:
    assert row_line(ROW).split() == [
        "dead-letters/3/5",
        "2021-01-04T16:00:00Z",
        "NOT_JSON",
        "deposit-requests/3/17",
        "44",
        "no",
        "C1|P1",
    ]
    assert HEAD.index("original") == row_line(ROW).index("deposit-requests")
    assert row_line(replace(ROW, size=None, redriven=True, key=None)).split()[-3:] == ["none", "yes", "-"]
    assert row_fields(ROW)["written_at"] == "2021-01-04T16:00:00Z"
    assert row_fields(replace(ROW, key=b"\xff"))["key_base64"] == "/w=="


def test_which_rows_are_wanted() -> None:
    assert Wanted().includes(ROW)
    assert Wanted("deposit-requests", "NOT_JSON", ROW.at_ms, not_redriven=True).includes(ROW)
    assert not Wanted(topic="fund-values").includes(ROW)
    assert not Wanted(reason="EMPTY").includes(ROW)
    assert not Wanted(since_ms=ROW.at_ms + 1).includes(ROW)
    assert not Wanted(not_redriven=True).includes(replace(ROW, redriven=True))


def test_a_dead_letter_of_text() -> None:
    assert told(b'{"a":\t1,\n"b"') == [
        "dead letter  dead-letters/3/5, written 2021-01-04T16:00:00Z",
        "original     deposit-requests/3/17",
        "reason       NOT_JSON: Expecting ',' delimiter",
        "key          C1|P1",
        "header       mine: 1",
        "redriven     no",
        "bytes        12, UTF-8",
        "",
        '{"a":\t1,',
        '"b"',
    ]


def test_a_dead_letter_that_is_no_text() -> None:
    assert told(b"\xff\xfe{\x00")[-3:] == [
        "bytes        4, not text",
        "",
        "00000000  ff fe 7b 00                                      ..{.",
    ]
    assert told(None)[-1] == "bytes        none: a record without a value"


def test_what_would_play_with_the_terminal_is_no_text() -> None:
    assert told(b'{"a": "\x1b[2J"}')[6] == "bytes        13, not text"
    assert told("{\u202e}".encode())[6] == "bytes        5, not text"
    assert shown(b"\x1b[2J\n") == "\\x1b[2J\\n"
    assert shown(b"\xff") == "\\xff"
    assert shown("dépôt".encode()) == "dépôt"


def test_a_long_one_is_shown_as_far_as_a_screen_bears() -> None:
    lines = told(b"x" * 4095 + "é".encode() + b"y" * 3)
    assert lines[6:] == ["bytes        4100, UTF-8", "", "x" * 4095, "(4 more bytes; --raw FILE writes all of them)"]
    assert told(b"\xff" * 5000)[-1] == "(904 more bytes; --raw FILE writes all of them)"


def test_bytes_in_hexadecimal() -> None:
    first, second = hex_lines(bytes(range(0x38, 0x49)))
    assert first == "00000000  38 39 3a 3b 3c 3d 3e 3f 40 41 42 43 44 45 46 47  89:;<=>?@ABCDEFG"
    assert second == "00000010  48                                               H"


def test_one_that_was_redriven_and_became_a_dead_letter_again() -> None:
    forced = DeadLetterRedriven(**{**dict(MARK), "mended": False, "forced": True})
    by_ann = "redriven     by ann at 2021-01-05 09:30:00Z as deposit-requests/3/99"
    history = History(forced, Place("dead-letters", 3, 8), (forced,))
    assert told(BAD, history)[5:7] == [
        f"{by_ann}, as it was, forced though it could not be read",
        "             which could not be read either: dead-letters/3/8",
    ]
    fields = letter_fields(letter(came(BAD)), history)
    assert fields["redriven"]["redriven_at"] == "2021-01-05T09:30:00Z"
    assert fields["dead_letter_again"] == "dead-letters/3/8"
    assert len(fields["chain"]) == 1


def test_one_that_is_itself_a_redrive_names_the_chain() -> None:
    again = list(letter_lines(letter(came(BAD, 99), 8), History(chain=(MARK,))))
    assert again[5:7] == [
        "redriven     no",
        "chain        deposit-requests/3/17 was redriven by ann as deposit-requests/3/99",
    ]


def test_one_line_names_the_place_as_show_takes_it() -> None:
    line = one_line(written(came(BAD, headers=(("dead-letter-offset", b"1"),)))).plain
    assert line.startswith("dead-letters     C1|P1 NOT_JSON deposit-requests/3/17: '{")
