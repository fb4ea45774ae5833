from __future__ import annotations

import json

from repair.report.text import score_json, score_lines
from repair.score import Counts, Report

EXPECTED = """\
Repairs  annotated  made  recall
--------------------------------
phrase          10     7   70.0%
name             2     2  100.0%
grammar          0     0       –
residue          2     0    0.0%
all             14     9   64.3%

Edits  applied  good  wrong  harm  precision   F0.5  harm/1,000 words
---------------------------------------------------------------------
all         11     9      1     1      81.8%  0.776              2.00

Texts  untouched  repaired      p
---------------------------------
TER        32.10     21.70  0.001
chrF       70.10     78.20  0.012
BLEU       52.10     61.20  0.300

TER    case:lc|version:2.6.0
chrF   nc:6|version:2.6.0
BLEU   tok:13a|version:2.6.0
p      one-sided, paired bootstrap over sentences: that the repaired text is no better

Passages  annotated  made  recall  applied  good  wrong  harm  precision   F0.5  harm/1,000 words
-------------------------------------------------------------------------------------------------
court-01         12     8   66.7%       10     8      1     1      80.0%  0.769              3.33
sport-01          2     1   50.0%        1     1      0     0     100.0%  0.833              0.00

Run    mt-repair 0.1.0 · config f514dbf2bc75
"""


def test_the_tables(report: Report) -> None:
    assert score_lines(report) == EXPECTED


def test_nothing_scored_is_no_error() -> None:
    assert "\nall              0     0       –\n" in score_lines(Report(Counts(), {}, (), {}))


def test_json_has_the_same_numbers_under_stable_keys(report: Report) -> None:
    scores = json.loads(json.dumps(score_json(report)))
    assert list(scores) == ["all", "kinds", "passages", "texts", "signature"]
    assert scores["kinds"]["grammar"] == {"annotated": 0, "made": 0, "recall": None}
    assert scores["kinds"]["phrase"] == {"annotated": 10, "made": 7, "recall": 0.7}
    assert scores["passages"]["sport-01"]["precision"] == 1.0
    assert scores["texts"][1] == {
        "metric": "chrF",
        "signature": "nc:6|version:2.6.0",
        "untouched": 70.1,
        "repaired": 78.2,
        "p": 0.012,
    }
    empty = score_json(Report(Counts(), {"x": Counts()}, (), {}))
    assert empty["all"].keys() == scores["all"].keys() == scores["passages"]["court-01"].keys()  # type: ignore[attr-defined]
