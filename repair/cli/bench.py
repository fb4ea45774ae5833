"""`repair bench`: the project's figures, as they stand in eval/RESULTS.md."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from repair.cli.prepare import ConfigOption
from repair.cli.run import Threads, say
from repair.cli.run import settings as run_settings

app = typer.Typer(help="Measure: quality, harm, speed, memory.", no_args_is_help=True)

SEED = "000_e1b43a3275de1d8e"


class Part(StrEnum):
    """A part of `repair bench passages`."""

    SPLITS = "splits"
    CLEAN = "clean"
    ABLATION = "ablation"
    DETERMINISM = "determinism"


@app.callback()
def _root() -> None:
    """Measure: quality, harm, speed, memory."""


@app.command(epilog="Example: repair bench passages --data DATA > eval/last-passages.md")
def passages(
    references: Annotated[Path, typer.Option("--references", help="Folder with dev/ and test/ passages.")] = Path(
        "eval/passages"
    ),
    data: Annotated[
        Path | None, typer.Option("--data", help="Data folder with news/clean_dev.jsonl (optional).")
    ] = None,
    articles: Annotated[int, typer.Option("--articles", min=1, help="Clean articles to read.")] = 40,
    config: ConfigOption = None,
    part: Annotated[
        list[Part] | None, typer.Option("--part", help="Only this part; repeatable. All of them otherwise.")
    ] = None,
    threads: Threads = None,
) -> None:
    """Passages and clean news: what is repaired, what is harmed, how fast."""
    from repair.bench import passages as bench
    from repair.build import build_stages
    from repair.references import load_passages
    from repair.report.text import score_lines
    from repair.score import score as score_run

    settings = run_settings(config, None, None, threads)
    stages = build_stages(settings)
    parts = set(part or Part)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"# Passages — {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}\n")
    print("signature: " + ", ".join(f"{k} {v}" for k, v in stages.signature.items()) + "\n", flush=True)
    splits = [references / "dev", references / "test"]
    for folder in splits if Part.SPLITS in parts else ():
        report, repairs, seconds = bench.run_split(folder, stages)
        found = load_passages(folder)
        sentences = sum(len(p.sentences) for p in found)
        print(f"## {folder.name}\n\n```\n{score_lines(report)}\n```\n")
        print(f"{sentences} sentences in {seconds:.0f} s: {sentences / seconds:.2f} a second")
        print(f"ledger replays: {bench.replays(repairs)}")
        print(f"second pass applies {bench.second_pass(repairs, stages)} edits\n", flush=True)
        if seed := [p for p in found if p.id == SEED]:
            print(f"## seed passage\n\n```\n{score_lines(score_run(seed, repairs))}\n```\n")
    if Part.CLEAN in parts:
        print("## what must be left alone\n")
        clean = data / "news" / "clean_dev.jsonl" if data else None
        for run in bench.clean_runs(splits, clean, stages, articles):
            print(f"- {run.name}: {run.edits} edits in {run.words} words = {run.per_1000:.2f} per 1,000")
            for example in run.examples if "test" not in run.name else ():
                print(f"    - {example}", flush=True)
    if Part.ABLATION in parts:
        print("\n## ablation on test\n")
        print("| proposers | recall phrase | name | grammar | residue | precision | F0.5 | harm/1,000 | TER |")
        print("|---|---|---|---|---|---|---|---|---|")
        for name, report in bench.ablation(references / "test", settings, stages):
            c = report.counts
            recalls = " | ".join(f"{c.recall(k) or 0:.2f}" for k in ("phrase", "name", "grammar", "residue"))
            precision = f"{c.precision:.2f}" if c.precision is not None else "–"
            ter = report.texts[0].repaired
            print(f"| {name} | {recalls} | {precision} | {c.f05:.2f} | {c.harm_per_1000:.1f} | {ter:.1f} |", flush=True)
    if Part.DETERMINISM in parts:
        same = bench.same_bytes(load_passages(references / "dev")[-1:], settings, say)
        print(f"\nsame bytes with batch sizes 1, 7, 64 and 1, 2 threads: {same}")
    print(f"peak memory: {bench.peak_memory():.2f} GiB")
