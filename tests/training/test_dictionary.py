from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from repair.errors import ResourceError
from repair.training.arabic import skeleton
from repair.training.dictionary import mine_dictionary, read_dictd


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("التعريفات", "تعريفة", True), ("مهاجمون", "المهاجم", True), ("قِمّة", "قمم", False), ("كتاب", "كاتب", True)],
)
def test_skeleton(one: str, other: str, same: bool) -> None:
    assert (skeleton(one) == skeleton(other)) is same


def dictd(prefix: Path, entries: list[str]) -> Path:
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    def number(n: int) -> str:
        return (number(n // 64) if n >= 64 else "") + digits[n % 64]

    body, index = b"", ""
    for entry in entries:
        data = (entry + "\n").encode()
        index += f"{entry.split(' /')[0]}\t{number(len(body))}\t{number(len(data))}\n"
        body += data
    prefix.with_name(prefix.name + ".index").write_text(index, "utf-8")
    prefix.with_name(prefix.name + ".dict.dz").write_bytes(gzip.compress(body))
    return prefix


ENTRIES = [
    "00databaseshort /x/\nA dictionary",
    "تعريف /taʕriːf/\n1. Definition\n2. Definitions",
    "التعريفة /attaʕriːfa/\n1. Tariff\n2. Tariffs (customs)",
    "قمة /qimma/\n1. Summit\n2. Top",
    "كتاب /kitaːb/\nBook",
    "قال /qaːl/\nTo say",
]


def test_words_that_meet_in_a_skeleton(tmp_path: Path) -> None:
    entries = list(read_dictd(dictd(tmp_path / "ara-eng", ENTRIES)))
    assert dict(entries)["قال"] == ["say"] and len(entries) == 5
    found = mine_dictionary(entries)
    assert [{m.came_back, m.meant} for m in found] == [{"definition", "tariff"}, {"summit", "top"}]
    assert found[0].contexts == ("تعريف / التعريفة",) and not found[0].directed


def test_a_dictionary_that_is_not_there_or_broken(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="dict-freedict-ara-eng"):
        list(read_dictd(tmp_path / "none"))
    prefix = dictd(tmp_path / "ara-eng", ENTRIES)
    prefix.with_name("ara-eng.index").write_text("قمة\t?\tB\n", "utf-8")
    with pytest.raises(ResourceError, match="do not fit"):
        list(read_dictd(prefix))
