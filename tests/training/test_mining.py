from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from repair.errors import InputError
from repair.training import mining
from repair.training.mining import Mined
from repair.training.parallel import mine_parallel

TEXT = "the minister spoke about trade in the old town with many people on a long day of rain and wind"
FILLER = TEXT.split()


def pair(bad: str, good: str, **more: object) -> dict[str, object]:
    return {"bad": bad, "good": good, "src_lang": "ar", **more}


def around(word: str, number: int) -> str:
    return " ".join([*FILLER[number % 7 :], word, *FILLER[: number % 5 + 3]])


def as_pairs(found: list[Mined]) -> set[tuple[str, str]]:
    return {(m.came_back, m.meant) for m in found}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("met at the top today", "met at the summit today", [("top", "summit")]),
        ("met at a final date", "met at a deadline", [("final date", "deadline")]),
        ("met at the top", "met at a summit", [("top", "summit")]),
        ("they met in town", "they met at town", []),  # function words
        ("they met 12 times", "they met 13 times", []),
        ("one two three four five six", "seven eight nine ten eleven twelve", []),  # too long
        ("the same", "the same", []),
    ],
)
def test_substitutions(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert [found for found, _ in mining.substitutions(old.split(), new.split())] == expected


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("colour", "color", True), ("took", "taken", True), ("face to face", "face face to", True),
        ("top", "summit", False), ("policy", "politics", False), ("mine", "mineral water", False),
    ],
)  # fmt: skip
def test_alike(left: str, right: str, same: bool) -> None:
    assert mining.alike(left, right) is same


def test_pairs_are_counted_over_inflections_and_languages() -> None:
    records = [pair(around("definition", i), around("tariff", i)) for i in range(3)]
    records += [pair(around("definitions", 4), around("tariffs", 4), src_lang="ro")]
    [found] = mining.mine_pairs(records)
    assert (found.came_back, found.meant, found.count) == ("definition", "tariff", 4)
    assert found.score > 0 and len(found.contexts) == mining.CONTEXTS
    assert "[definition → tariff]" in found.contexts[0] and found.contexts[0].startswith("ar: ")


def test_synonyms_that_go_either_way_sink_and_frequent_words_do_not_lead() -> None:
    records = [pair(around("definition", i), around("tariff", i)) for i in range(4)]
    records += [pair(around("stress", i), around("underline", i)) for i in range(4)]
    records += [pair(around("underline", i), around("stress", i)) for i in range(3)]
    records += [pair(around("rain", i), around("people", i)) for i in range(4)]
    found = mining.mine_pairs(records)
    assert (found[0].came_back, found[0].meant) == ("definition", "tariff")
    assert ("underline", "stress") not in as_pairs(found)


def test_names_are_left_to_others() -> None:
    assert mining.mine_pairs([pair("the envoy Whitchov met", "the envoy Witkoff met")] * 3) == []
    assert mining.mine_pairs([pair("the Pasture met", "the Novak met")] * 3) == []


def test_with_a_reference_only_what_goes_towards_it_counts() -> None:
    bad, good = around("top", 1), around("summit", 1)
    assert as_pairs(mining.mine_pairs([pair(bad, good, ref=good)])) == {("top", "summit")}
    assert mining.mine_pairs([pair(bad, good, ref=around("meeting", 1))]) == []
    assert mining.mine_pairs([pair(bad, good, ref=bad)]) == []


def test_post_edited_records() -> None:
    record = {"tokens": around("top", 1).split(), "pe_tokens": around("summit", 1).split(), "bad": [0, 1]}
    assert as_pairs(mining.mine_pairs([record])) == {("top", "summit")}


@pytest.mark.parametrize("mine", [mining.mine_pairs, mine_parallel])
def test_records_of_another_shape_are_refused(mine) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match="record x7"):
        mine([{"id": "x7", "text": "no pair"}])


def test_records_may_be_packed(tmp_path: Path) -> None:
    line = json.dumps({"id": "a"}) + "\n"
    (tmp_path / "a.jsonl").write_text(line, "utf-8")
    (tmp_path / "a.jsonl.xz").write_bytes(lzma.compress(line.encode()))
    assert [list(mining.read_records(tmp_path / name)) for name in ("a.jsonl", "a.jsonl.xz")] == [[{"id": "a"}]] * 2


@pytest.mark.parametrize("data", [b"no xz", lzma.compress(b"{}\nno json\n"), lzma.compress(b"7\n"), None])
def test_broken_records_are_told_with_their_file(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "a.jsonl.xz"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.jsonl\.xz"):
        list(mining.read_records(path))
