"""Repairs as plain values, a record per document, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import TypeVar

from repair.edits import apply_edits
from repair.errors import EditError, InputError
from repair.types import (
    Decision,
    Document,
    Edit,
    Evidence,
    Finding,
    Kind,
    Origin,
    PivotChoice,
    Proposal,
    Repair,
    Segment,
    Span,
    Verdict,
)

_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)
_Fields = Mapping[str, object]


def repair_record(repair: Repair) -> dict[str, object]:
    """The record of a repair: everything found and everything considered, whatever the verdict.

    >>> record = repair_record(Repair(Document("1", "The top of NATO"), "The top of NATO", (), (), {"config": "f514"}))
    >>> record["id"], record["repaired"], record["edits"], record["signature"]
    ('1', 'The top of NATO', [], {'config': 'f514'})
    """
    record: dict[str, object] = {
        "id": repair.document.id,
        "text": repair.document.text,
        "repaired": repair.text,
        "edits": [_edit(decision) for decision in repair.decisions],
        "findings": [
            {"start": f.span.start, "end": f.span.end, "kind": str(f.kind), "score": f.score} for f in repair.findings
        ],
        "signature": dict(repair.signature),
    }
    return record | {"pivot": asdict(repair.pivot)} if repair.pivot else record


def repair_from_record(record: Mapping[str, object]) -> Repair:
    """Read a record back, so that its repair can be scored or shown; its record is the same again.

    A record does not keep sentences, rules and notes: every finding comes back in one segment, the whole text, and a
    decision for which no finding is on record gets one of its own place and probability.
    Raises InputError naming the record and the field that is missing, of another type, or at odds with the rest.
    """
    name = f"record {record['id']!r}" if "id" in record else "record"
    document = Document(_take(record, "id", str, name), _take(record, "text", str, name))
    whole = Segment(document.id, Span(0, len(document.text)), document.text)
    findings = [
        _finding(fields, whole, "score", f"{name}: findings[{number}]")
        for number, fields in enumerate(_take(record, "findings", list, name))
    ]
    known = {(finding.span, finding.kind): finding for finding in findings}
    decisions = []
    for number, fields in enumerate(_take(record, "edits", list, name)):
        place = f"{name}: edits[{number}]"
        own = _finding(fields, whole, "probability", place)
        decisions.append(_decision(fields, known.get((own.span, own.kind), own), place))
    signature = {str(key): str(value) for key, value in _take(record, "signature", dict, name).items()}
    pivot = _pivot(_take(record, "pivot", dict, name), f"{name}: pivot") if "pivot" in record else None
    repair = Repair(document, _take(record, "repaired", str, name), tuple(findings), tuple(decisions), signature, pivot)
    _replay(repair, name)
    return repair


def _replay(repair: Repair, name: str) -> None:
    try:
        replayed = apply_edits(repair.document.text, [decision.proposal.edit for decision in repair.applied])
    except EditError as error:
        raise InputError(f"{name}: field 'edits': {error}") from error
    if replayed != repair.text:
        raise InputError(f"{name}: field 'repaired' is not what the applied edits make of 'text'; write it again")


def _pivot(fields: _Fields, place: str) -> PivotChoice:
    probability, score = _number(fields, "probability", place), _number(fields, "score", place)
    return PivotChoice(_take(fields, "pivot", str, place), probability, score, fields.get("sure") is True)


def _finding(fields: object, whole: Segment, score: str, place: str) -> Finding:
    span, kind = _span(fields, whole.text, place), _choice(fields, "kind", Kind, place)
    return Finding(whole, span, kind, _number(fields, score, place), rule="")


def _decision(fields: object, finding: Finding, place: str) -> Decision:
    edit = Edit(finding.span, _take(fields, "before", str, place), _take(fields, "after", str, place))
    if edit.before != (there := edit.span.of(finding.segment.text)):
        raise InputError(f"{place}: field 'before' is {edit.before!r}, but the text there reads {there!r}")
    proposal = Proposal(finding, edit, _choice(fields, "origin", Origin, place), _evidence(fields, place))
    verdict, reason = _choice(fields, "verdict", Verdict, place), _take(fields, "reason", str, place)
    return Decision(proposal, verdict, _number(fields, "probability", place), reason)


def _edit(decision: Decision) -> dict[str, object]:
    proposal = decision.proposal
    # Through JSON a tuple comes back as a list; the record has lists from the start.
    evidence = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in asdict(proposal.evidence).items()
        if value is not None and value != ()
    }
    return {
        "start": proposal.edit.span.start,
        "end": proposal.edit.span.end,
        "before": proposal.edit.before,
        "after": proposal.edit.after,
        "kind": str(proposal.kind),
        "origin": str(proposal.origin),
        "probability": decision.probability,
        "verdict": str(decision.verdict),
        "reason": decision.reason,
        "evidence": evidence,
    }


def _evidence(fields: object, place: str) -> Evidence:
    given, place = _take(fields, "evidence", dict, place), f"{place}: evidence"
    if unknown := sorted(map(str, set(given) - set(Evidence.__dataclass_fields__))):
        raise InputError(f"{place}: unknown field {unknown[0]!r}")
    support = _take(given, "support", list, place) if "support" in given else []
    words = {key: _take(given, key, str, place) for key in ("entry", "sense_set", "sense") if key in given}
    numbers = {key: _number(given, key, place) for key in given if key not in words and key != "support"}
    return Evidence(**words, **numbers, support=tuple(map(str, support)))  # type: ignore[arg-type]


def _take(fields: object, key: str, kind: type[_T], place: str) -> _T:
    if not isinstance(fields, Mapping):
        raise InputError(f"{place}: an object was expected, not {type(fields).__name__}")
    if key not in fields:
        raise InputError(f"{place}: field {key!r} is missing")
    value = fields[key]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InputError(f"{place}: field {key!r} is {type(value).__name__}, not {kind.__name__}")
    return value


def _number(fields: object, key: str, place: str) -> float:
    if isinstance(fields, Mapping) and isinstance(fields.get(key), int):
        return float(_take(fields, key, int, place))
    return _take(fields, key, float, place)


def _choice(fields: object, key: str, choices: type[_E], place: str) -> _E:
    value = _take(fields, key, str, place)
    if value not in set(choices):
        raise InputError(f"{place}: field {key!r} is {value!r}, none of {', '.join(choices)}")
    return choices(value)


def _span(fields: object, text: str, place: str) -> Span:
    start, end = _take(fields, "start", int, place), _take(fields, "end", int, place)
    if not 0 <= start <= end <= len(text):
        raise InputError(f"{place}: fields 'start' and 'end': {start}:{end} is no place in a text of {len(text)}")
    return Span(start, end)
