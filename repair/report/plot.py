"""The pictures of a report: recall by kind, and TER before and after, as SVG elements to stand in a page."""

from __future__ import annotations

import re
from html import escape
from io import StringIO

from repair.report.text import percent
from repair.score import Report
from repair.types import Kind

# Colours that stand for the page's own, so that the picture turns dark with it.
_VARIABLES = {
    "#000001": "var(--ink)",
    "#000002": "var(--line)",
    "#000003": "var(--muted)",
    "#000004": "var(--accent)",
    "#000005": "var(--phrase)",
    "#000006": "var(--name)",
    "#000007": "var(--grammar)",
    "#000008": "var(--residue)",
}
_COLOURS = {variable[6:-1]: colour for colour, variable in _VARIABLES.items()}
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def score_plots(report: Report) -> list[str]:
    """SVG elements, the same bytes for the same report, in the colours that the page's style sheet defines."""
    shares = [report.counts.recall(kind) for kind in Kind]
    colours = [_COLOURS[kind] for kind in Kind]
    plots = [
        _bars("Recall by kind", list(Kind), [s or 0.0 for s in shares], list(map(percent, shares)), colours, full=1)
    ]
    for ter in (text for text in report.texts if text.metric == "TER"):
        values, colours = [ter.untouched, ter.repaired], [_COLOURS["muted"], _COLOURS["accent"]]
        numbers = [f"{value:.1f}" for value in values]
        full = max(*values, 1.0)
        plots.append(_bars("TER (less is better)", ["untouched", "repaired"], values, numbers, colours, full=full))
    return plots


def _bars(
    title: str, names: list[str], values: list[float], numbers: list[str], colours: list[str], *, full: float
) -> str:
    """Bars from the left with their numbers behind them; `full` is the longest that a bar can be."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    ink = _COLOURS["ink"]
    with rc_context(
        {
            "svg.hashsalt": "mt-repair",
            "svg.fonttype": "none",
            "font.size": 10.5,
            "text.color": ink,
            "xtick.color": ink,
            "ytick.color": ink,
        }
    ):
        figure = Figure(figsize=(4.4, 0.55 + 0.42 * len(names)), layout="constrained", facecolor="none")
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        bars = axes.barh(names, values, color=colours, height=0.55)
        axes.bar_label(bars, labels=numbers, padding=5)
        axes.set_xlim(0, 1.2 * full)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_title(title, loc="left", fontsize=11.5, pad=8)
        axes.set_facecolor("none")
        axes.set_xticks([])
        axes.tick_params(left=False)
        axes.spines[["top", "right", "bottom"]].set_visible(False)
        axes.spines["left"].set_color(_COLOURS["line"])
        file = StringIO()
        figure.savefig(file, format="svg", metadata=_NO_METADATA)
    said = ", ".join(f"{name} {number}" for name, number in zip(names, numbers, strict=True))
    return _inline(file.getvalue(), f"{title}: {said}")


def _inline(svg: str, label: str) -> str:
    """Leave off what is for a file of its own, let the page set the size, and put the page's colours in."""
    size = re.search(r'viewBox="[^"]*"', svg)
    body = svg[svg.index("<g ") :]
    body = re.sub(r' id="(?:figure|axes|patch|text|line2d|[xy]tick|matplotlib)[^"]*"', "", body)
    body = re.sub(r"font-family: [^;]*;", "font-family: inherit;", body)
    for colour, variable in _VARIABLES.items():
        body = body.replace(colour, variable)
    return f'<svg class="plot" role="img" aria-label="{escape(label)}" {size[0] if size else ""}>\n{body}'
