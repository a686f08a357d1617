"""GitHub's fingerprint of a line: values that github/codeql-action states for its own (src/fingerprints.test.ts)."""

from __future__ import annotations

from staff_review.report.line_hash import line_hashes


def test_blanks_do_not_count_and_the_end_of_the_file_does() -> None:
    lines = [" hello; \t", "world!!!", "", "", "  \t\tGreetings", " End"]
    assert line_hashes(lines, range(1, 7)) == {
        1: "e9496ae3ebfced30:1",
        2: "fb7c023a8b9ccb3f:1",
        3: "ce8ba1a563dcdaca:1",
        4: "e20e36e16fcb0cc8:1",
        5: "b3edc88f2938467e:1",
        6: "c8e28b0b4002a3a0:1",
    }


def test_equal_lines_are_told_apart() -> None:
    hashes = line_hashes(["Lorem ipsum dolor sit amet."] * 10, range(1, 11))
    assert [hashes[line] for line in (1, 2, 6, 7, 10)] == [
        "a7f2ff13bc495cf2:1",
        "a7f2ff13bc495cf2:2",
        "a7f2ff13bc495cf2:6",
        "a7f2ff1481e87703:1",
        "cc97dc7b1d7d8f7b:1",
    ]


def test_only_what_is_wanted_and_there() -> None:
    assert list(line_hashes(["a", "b"], {2, 3})) == [2]
    assert line_hashes([], {1}) == {}


def test_a_character_beyond_sixteen_bits_counts_as_the_two_halves_of_utf_16() -> None:
    # A hundred units from the start: the letter is inside the window of the first, and just outside of the second.
    inside = line_hashes(["\U0001f600" * 49 + "a" + "x"], {1}), line_hashes(["\U0001f600" * 49 + "b" + "x"], {1})
    outside = line_hashes(["\U0001f600" * 50 + "a"], {1}), line_hashes(["\U0001f600" * 50 + "b"], {1})
    assert inside[0] != inside[1]
    assert outside[0] == outside[1]
