"""`repair bench`: the project's figures, as they stand in eval/RESULTS.md."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from repair.cli.prepare import ConfigOption
from repair.cli.run import say
from repair.config import load_config

app = typer.Typer(help="Measure: quality, harm, speed, memory.", no_args_is_help=True)

SEED = "000_e1b43a3275de1d8e"


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
    ablate: Annotated[
        bool, typer.Option("--ablation/--no-ablation", help="Also run every proposer alone and left out.")
    ] = True,
    determinism: Annotated[
        bool, typer.Option("--determinism/--no-determinism", help="Also compare batch sizes and threads.")
    ] = True,
) -> None:
    """Passages and clean news: what is repaired, what is harmed, how fast."""
    from repair.bench import passages as bench
    from repair.build import build_stages
    from repair.references import load_passages
    from repair.report.text import score_lines

    settings = load_config(config)
    stages = build_stages(settings)
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    print(f"# Passages — {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}\n")
    print("signature: " + ", ".join(f"{k} {v}" for k, v in stages.signature.items()) + "\n")
    splits = [references / "dev", references / "test"]
    for folder in splits:
        report, repairs, seconds = bench.run_split(folder, stages)
        sentences = sum(len(p.sentences) for p in load_passages(folder))
        print(f"## {folder.name}\n\n```\n{score_lines(report)}\n```\n")
        print(f"{sentences} sentences in {seconds:.0f} s: {sentences / seconds:.2f} a second")
        print(f"ledger replays: {bench.replays(repairs)}")
        print(f"second pass applies {bench.second_pass(repairs, stages)} edits\n")
    seed = [p for p in load_passages(references / "dev") if p.id == SEED]
    if seed:
        from repair.pipeline import repair_document
        from repair.score import score as score_run

        print("## seed passage\n")
        print(f"```\n{score_lines(score_run(seed, {SEED: repair_document(seed[0].document, stages)}))}\n```\n")
    print("## what must be left alone\n")
    clean = data / "news" / "clean_dev.jsonl" if data else None
    for run in bench.clean_runs(splits, clean, stages, articles):
        print(f"- {run.name}: {run.edits} edits in {run.words} words = {run.per_1000:.2f} per 1,000")
        for example in run.examples if "test" not in run.name else ():
            print(f"    - {example}")
    if ablate:
        print("\n## ablation on test\n")
        print("| proposers | recall phrase | name | grammar | residue | precision | F0.5 | harm/1,000 | TER |")
        print("|---|---|---|---|---|---|---|---|---|")
        for name, report in bench.ablation(references / "test", settings, stages):
            c = report.counts
            recalls = " | ".join(f"{c.recall(k) or 0:.2f}" for k in ("phrase", "name", "grammar", "residue"))
            precision = f"{c.precision:.2f}" if c.precision is not None else "–"
            ter = report.texts[0].repaired
            print(f"| {name} | {recalls} | {precision} | {c.f05:.2f} | {c.harm_per_1000:.1f} | {ter:.1f} |")
    if determinism:
        same = bench.same_bytes(load_passages(references / "dev")[:3], settings, stages, say)
        print(f"\nsame bytes with batch sizes 1, 7, 64 and 1, 2 threads: {same}")
    print(f"peak memory: {bench.peak_memory():.2f} GiB")
