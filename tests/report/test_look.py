"""How a screen may look, and the line that says how far the reading is."""

from __future__ import annotations

import io

import pytest

from staff_review.report.look import Look, look_of
from staff_review.report.progress import Progress


class Terminal(io.StringIO):
    """A stream whose descriptor is that of a terminal."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor


@pytest.fixture
def terminal() -> Terminal:
    pty = pytest.importorskip("pty")
    _, descriptor = pty.openpty()
    return Terminal(descriptor)


@pytest.mark.parametrize(
    ("choice", "environ", "colour"),
    [
        ("auto", {}, True),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, True),
        ("auto", {"TERM": "dumb"}, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_on_a_terminal(terminal: Terminal, choice: str, environ: dict[str, str], colour: bool) -> None:
    assert look_of(terminal, choice, environ, 80).colour is colour  # type: ignore[arg-type]


@pytest.mark.parametrize(("environ", "colour"), [({}, False), ({"FORCE_COLOR": "1"}, True)])
def test_colour_in_a_pipe(environ: dict[str, str], colour: bool) -> None:
    assert look_of(io.StringIO(), "auto", environ, 80).colour is colour


@pytest.mark.parametrize(("columns", "width"), [(60, 60), (100, 100), (160, 100), (5, 20)])
def test_a_screen_is_never_wider_than_the_terminal_or_a_hundred(columns: int, width: int) -> None:
    assert look_of(io.StringIO(), "auto", {}, columns).width == width


@pytest.mark.parametrize(
    ("environ", "unicode"),
    [
        ({}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"}, False),
        ({"LANG": "C.UTF-8"}, True),
        ({"LANG": "C", "LC_CTYPE": "de_DE.UTF-8"}, True),
        ({"LC_ALL": "C", "PYTHONUTF8": "1"}, True),
    ],
)
def test_a_terminal_set_to_ascii_gets_ascii(terminal: Terminal, environ: dict[str, str], unicode: bool) -> None:
    assert look_of(terminal, "never", environ, 80).unicode is unicode
    assert look_of(io.StringIO(), "never", environ, 80).unicode  # a file keeps what it is told


@pytest.mark.parametrize(
    ("encoding", "unicode"), [("utf-8", True), ("UTF8", True), ("ascii", False), ("cp1252", False)]
)
def test_other_encodings_get_ascii(encoding: str, unicode: bool) -> None:
    assert look_of(io.TextIOWrapper(io.BytesIO(), encoding=encoding), "auto", {}, 80).unicode is unicode


def test_ascii_twins_are_readable() -> None:
    assert Look(unicode=False).clean("a… → é · “x” 語") == 'a... -> e - "x" ?'


def drawn(*moments: float, total: int = 100) -> str:
    stream, times = io.StringIO(), iter((0.0, *moments))
    progress = Progress(stream, Look(width=80), clock=lambda: next(times))
    for number in range(len(moments)):
        progress(number + 1, total)
    progress.end()
    return stream.getvalue()


def test_progress_waits_half_a_second() -> None:
    assert drawn(0.1, 0.3, 0.49) == ""
    assert "reading  2/100 files" in drawn(0.1, 0.51)


def test_progress_draws_at_most_ten_times_a_second_and_wipes_its_line() -> None:
    screen = drawn(0.6, 0.61, 0.62, 0.75)
    assert screen.count("files") == 2
    assert screen.endswith("\r\x1b[2K")


def test_progress_without_a_terminal_writes_nowhere() -> None:
    times = iter((0.0, 9.0))
    progress = Progress(None, Look(), clock=lambda: next(times))
    progress(1, 2)
    progress.end()


def test_progress_fits_a_narrow_terminal() -> None:
    stream, times = io.StringIO(), iter((0.0, 1.0))
    Progress(stream, Look(width=40), clock=lambda: next(times))(655, 655)
    assert len(stream.getvalue().removeprefix("\r\x1b[2K")) < 40
