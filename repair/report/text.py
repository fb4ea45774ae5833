"""Scores for the terminal, as aligned plain text, and for other programs, as JSON values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from repair.score import Counts, Report
from repair.types import Kind, PivotChoice

NONE = "–"  # where there is nothing to divide by
HARM = "harm/1,000 words"
P_VALUE = "one-sided, paired bootstrap over sentences: that the repaired text is no better"


def percent(rate: float | None) -> str:
    """A rate as a reader sees it.

    >>> percent(0.8333), percent(None)
    ('83.3%', '–')
    """
    return NONE if rate is None else f"{100 * rate:.1f}%"


def pivot_line(choice: PivotChoice) -> str:
    """The pivot that a document was repaired for, and how sure that is.

    >>> pivot_line(PivotChoice("rus", 0.9931, 12.4, True)), pivot_line(PivotChoice("ara", 0.41, -3.2, False))
    ('pivot rus, 99% sure', 'pivot ara by default, nothing tells it (41%)')
    """
    sure = f"{choice.probability:.0%}"
    return f"pivot {choice.pivot}" + (f", {sure} sure" if choice.sure else f" by default, nothing tells it ({sure})")


def signature_line(signature: Mapping[str, str]) -> str:
    """A run's signature in one line.

    >>> signature_line({"mt-repair": "0.1.0", "config": "f514dbf2bc75"})
    'mt-repair 0.1.0 · config f514dbf2bc75'
    """
    return " · ".join(f"{key} {value}" for key, value in signature.items()) or "unsigned"


def metric_name(metric: str) -> str:
    """How the field writes a metric that sacrebleu's classes name in capitals.

    >>> metric_name("CHRF"), metric_name("TER")
    ('chrF', 'TER')
    """
    return {"CHRF": "chrF"}.get(metric, metric)


def score_lines(report: Report) -> str:
    """The tables of a report: repairs by kind, edits, texts, passages; the run's signature stands last."""
    counts = report.counts
    kinds = [(str(kind), *_recall_cells(counts, kind)) for kind in Kind]
    passages = [(name, *_recall_cells(c), *_edit_cells(c)) for name, c in report.by_passage.items()]
    texts = [(metric_name(t.metric), f"{t.untouched:.2f}", f"{t.repaired:.2f}", f"{t.p:.3f}") for t in report.texts]
    repairs, edits = ("annotated", "made", "recall"), ("applied", "good", "wrong", "harm", "precision", "F0.5", HARM)
    blocks = [
        _table(("Repairs", *repairs), [*kinds, ("all", *_recall_cells(counts))]),
        _table(("Edits", *edits), [("all", *_edit_cells(counts))]),
        _table(("Texts", "untouched", "repaired", "p"), texts),
        [*(f"{metric_name(t.metric):<7}{t.signature}" for t in report.texts), f"p      {P_VALUE}"],
        _table(("Passages", *repairs, *edits), passages),
        [f"Run    {signature_line(report.signature)}"],
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def score_json(report: Report) -> dict[str, object]:
    """The same as plain values; every kind and every key is there, and a rate without cases is None."""
    return {
        "all": _counts(report.counts),
        "kinds": {str(kind): _recall(report.counts, kind) for kind in Kind},
        "passages": {name: _counts(counts) for name, counts in report.by_passage.items()},
        "texts": [
            asdict(t) | {"metric": metric_name(t.metric)}
            for t in report.texts
        ],
        "signature": dict(report.signature),
    }  # fmt: skip


def _recall(counts: Counts, kind: Kind | None = None) -> dict[str, object]:
    annotated = counts.annotated[kind] if kind else counts.annotated.total()
    made = counts.made[kind] if kind else counts.made.total()
    return {"annotated": annotated, "made": made, "recall": counts.recall(kind)}


def _counts(counts: Counts) -> dict[str, object]:
    edits = {"applied": counts.applied, "good": counts.good, "wrong": counts.wrong, "harm": counts.harm}
    rates = {"precision": counts.precision, "f05": counts.f05, "harm_per_1000": counts.harm_per_1000}
    return _recall(counts) | edits | rates | {"harmed_words": counts.harmed_words, "words": counts.words}


def _recall_cells(counts: Counts, kind: Kind | None = None) -> tuple[str, ...]:
    cells = _recall(counts, kind)
    return str(cells["annotated"]), str(cells["made"]), percent(counts.recall(kind))


def _edit_cells(counts: Counts) -> tuple[str, ...]:
    numbers = map(str, (counts.applied, counts.good, counts.wrong, counts.harm))
    return *numbers, percent(counts.precision), f"{counts.f05:.3f}", f"{counts.harm_per_1000:.2f}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table, names to the left and figures to the right, ruled below its header."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
        for row in (header, *rows)
    ]
    return [lines[0], "-" * len(lines[0]), *lines[1:]]
