from __future__ import annotations

from repair.training.parallel import mine_parallel
from tests.training.test_mining import around, as_pairs


def test_parallel_output_against_reference() -> None:
    records = [
        {"mt": around("top", i), "ref": [around("summit", i)], "src": f"عقدت القمة {i}", "system": "s"}
        for i in range(3)
    ]  # fmt: skip
    assert as_pairs(mine_parallel(records)) == {("top", "summit")}


def test_english_words_of_one_arabic_word_that_shun_one_another() -> None:
    arabic = ["حضر الوزير القمة", "انتهت القمة", "بدات القمة", "وصل الى القمة", "تسلق القمة", "من القمة"]
    english = ["the summit of ministers", "a summit ended", "this summit began"]
    english += ["he reached the peak", "he climbed a peak", "from the peak"]
    records = [{"ar": a, "en": e} for a, e in zip(arabic, english, strict=True)]
    records += [{"ar": f"يوم {i}", "en": f"a quiet day {i}"} for i in range(60)]
    found = mine_parallel(records)
    [hit] = [m for m in found if {m.came_back, m.meant} == {"summit", "peak"}]
    assert hit.count == 3 and not hit.directed and hit.contexts == ("قمة: peak 3, summit 3 of 6",)
    assert not any({m.came_back, m.meant} == {"quiet", "day"} for m in found)  # together, not one for the other
