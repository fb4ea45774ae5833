from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from repair.errors import InputError
from repair.report.record import repair_from_record, repair_record
from repair.types import Kind, Origin, Repair, Span, Verdict

Record = dict[str, Any]


def test_the_record_keeps_its_contract(repair: Repair) -> None:
    record: Record = repair_record(repair)
    assert list(record) == ["id", "text", "repaired", "edits", "findings", "signature"]
    assert record["edits"][5] == {
        "start": repair.document.text.index("Whitchov"),
        "end": repair.document.text.index("Whitchov") + 8,
        "before": "Whitchov",
        "after": "Witkoff",
        "kind": "name",
        "origin": "glossary",
        "probability": 0.96,
        "verdict": "APPLY",
        "reason": "because",
        "evidence": {"entry": "per-1", "gain": 4.5, "support": ["in document"]},
    }
    assert record["edits"][0]["evidence"] == {}
    assert {edit["verdict"] for edit in record["edits"]} == {"APPLY", "REVIEW", "DROP"}
    assert record["findings"][0] == {"start": 4, "end": 7, "kind": "phrase", "score": 0.75}


def test_a_record_survives_json_and_comes_back(repair: Repair) -> None:
    record = repair_record(repair)
    again = repair_from_record(json.loads(json.dumps(record)))
    assert repair_record(again) == record
    assert (again.document, again.text) == (repair.document, repair.text)
    assert [d.proposal.edit for d in again.applied] == [d.proposal.edit for d in repair.applied]
    assert [d.proposal.evidence for d in again.decisions] == [d.proposal.evidence for d in repair.decisions]
    assert all(f.segment.text == again.document.text for f in again.findings)


def test_a_decision_without_a_finding_gets_one(repair: Repair) -> None:
    record = repair_record(repair) | {"findings": []}
    proposal = repair_from_record(record).decisions[0].proposal
    assert (proposal.finding.span, proposal.kind, proposal.finding.score) == (Span(4, 7), Kind.PHRASE, 0.93)
    assert (proposal.origin, repair_from_record(record).findings) == (Origin.LEXICON, ())


@pytest.mark.parametrize("field", ["id", "text", "repaired", "edits", "findings", "signature"])
def test_a_missing_field_is_named(repair: Repair, field: str) -> None:
    record = repair_record(repair)
    del record[field]
    with pytest.raises(InputError, match=f"field '{field}' is missing"):
        repair_from_record(record)


@pytest.mark.parametrize("field", ["start", "before", "kind", "origin", "probability", "verdict", "reason", "evidence"])
def test_a_missing_field_of_an_edit_is_named(repair: Repair, field: str) -> None:
    record: Record = copy.deepcopy(repair_record(repair))
    del record["edits"][2][field]
    with pytest.raises(InputError, match=rf"record 'seed/1': edits\[2\]: field '{field}' is missing"):
        repair_from_record(record)


def _set(*path: str | int, to: object) -> Callable[[Any], None]:
    def change(record: Any) -> None:
        for step in path[:-1]:
            record = record[step]
        record[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_set("edits", 0, "kind", to="spelling"), "field 'kind' is 'spelling', none of phrase, name"),
        (_set("edits", 0, "end", to=9999), r"4:9999 is no place in a text of"),
        (_set("edits", 0, "start", to="5"), "field 'start' is str, not int"),
        (_set("edits", 0, "start", to=True), "field 'start' is bool, not int"),
        (_set("edits", 0, "probability", to="high"), "field 'probability' is str, not float"),
        (_set("edits", 0, "before", to="bottom"), "field 'before' is 'bottom', but the text there reads 'top'"),
        (_set("edits", 0, "evidence", to={"luck": 1}), "unknown field 'luck'"),
        (_set("edits", 0, to="top"), "an object was expected, not str"),
        (_set("edits", 0, "verdict", to=str(Verdict.DROP)), "field 'repaired' is not what"),
        (_set("edits", 1, "verdict", to=str(Verdict.APPLY)), "field 'edits': edits overlap"),
        (_set("findings", to={}), "field 'findings' is dict, not list"),
    ],
)
def test_a_fault_is_named(repair: Repair, change: Callable[[Any], None], fault: str) -> None:
    record = copy.deepcopy(repair_record(repair))
    change(record)
    with pytest.raises(InputError, match=fault):
        repair_from_record(record)


def test_whole_numbers_will_do_for_probabilities(repair: Repair) -> None:
    record: Record = copy.deepcopy(repair_record(repair))
    record["edits"][0]["probability"] = 1
    assert repair_from_record(record).decisions[0].probability == 1.0
