"""The page of a run: one file that needs nothing else, neither network nor JavaScript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from repair.report.marks import Entry, Places, Row, context, places, rows
from repair.report.plot import score_plots
from repair.report.text import P_VALUE, percent, pivot_line, score_json, signature_line
from repair.score import Report
from repair.types import Kind, Repair, Verdict

MAX_DOCUMENTS = 200  # shown in full
MAX_DROPPED = 50  # shown for a document
HEADING = 80  # characters


@dataclass(frozen=True, slots=True)
class Section:
    """What the page shows of one document. `anchor` begins all its links; `linked` are the labels found in the text."""

    anchor: str
    repair: Repair
    words: int
    places: Places
    rows: tuple[Row, ...]
    linked: frozenset[str]

    @property
    def heading(self) -> str:
        """The beginning of the repaired text's first line, or the id of a document that has none."""
        lines = (" ".join(line.split()) for line in self.repair.text.splitlines())
        line = next(filter(None, lines), self.repair.document.id)
        return line if len(line) <= HEADING else f"{line[:HEADING].rpartition(' ')[0] or line[:HEADING]} …"

    @property
    def kinds(self) -> list[tuple[Kind, int]]:
        """The kinds of the changes made, with their number."""
        numbers = Counter(entry.kind for entry in self.places.applied)
        return [(kind, numbers[kind]) for kind in Kind if numbers[kind]]

    def context(self, entry: Entry) -> tuple[str, str]:
        """What stands left and right of an entry."""
        return context(self.repair.document.text, entry)


def render(repairs: Sequence[Repair], report: Report | None, *, title: str, set_aside: Sequence[str] = ()) -> str:
    """The page of a run as HTML: totals, scores where there is a report, and each document before and after.

    `set_aside` are the faults of documents that could not be read. Only the first MAX_DOCUMENTS are shown in full.

    >>> page = render([], None, title="Monday's run", set_aside=["a.csv:3: not UTF-8"])
    >>> "<h1>Monday&#39;s run</h1>" in page, "a.csv:3: not UTF-8" in page
    (True, True)
    """
    verdicts = Counter(decision.verdict for repair in repairs for decision in repair.decisions)
    return _template().render(
        title=title,
        totals={
            "Documents": len(repairs),
            "Words": sum(_words(repair) for repair in repairs),
            "Applied": verdicts[Verdict.APPLY],
            "For review": verdicts[Verdict.REVIEW],
            "Dropped": verdicts[Verdict.DROP],
        },
        signatures=sorted({signature_line(repair.signature) for repair in repairs}),
        sections=[_section(repair, f"d{number}") for number, repair in enumerate(repairs[:MAX_DOCUMENTS], 1)],
        left_out=len(repairs[MAX_DOCUMENTS:]),
        max_dropped=MAX_DROPPED,
        scores=score_json(report) if report else None,
        plots=score_plots(report) if report else [],
        p_value=P_VALUE,
        set_aside=set_aside,
    )


def shorten(text: str, width: int = 96) -> str:
    """A change as it stands in a list: on one line, cut in the middle where it is long.

    >>> shorten("BBC It is the home  on the site and the application to get the best analysis\\n", 40)
    'BBC It is the home … the best analysis'
    """
    text = " ".join(text.split())
    if len(text) <= width:
        return text
    half = width // 2
    head, tail = text[:half].rpartition(" ")[0], text[-half:].partition(" ")[2]
    return f"{head or text[:half]} … {tail or text[-half:]}"


def _section(repair: Repair, anchor: str) -> Section:
    placed = places(repair)
    cut = tuple(rows(repair.document.text, [*placed.applied, *placed.review]))
    linked = frozenset(piece.entry.label for row in cut for piece in row.pieces if piece.entry and piece.labelled)
    return Section(anchor, repair, _words(repair), placed, cut, linked)


def _words(repair: Repair) -> int:
    return len(repair.document.text.split())


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "shorten": shorten, "pivot": pivot_line, "thousands": "{:,}".format}
    return environment.get_template("page.html.jinja")
