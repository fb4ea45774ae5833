"""`repair bench`: the project's figures, as they stand in eval/RESULTS.md."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repair.cli.prepare import ConfigOption
from repair.cli.run import Threads, say
from repair.cli.run import settings as run_settings
from repair.errors import ConfigError

if TYPE_CHECKING:
    from repair.bench.lexicon import Coverage, Tempted

app = typer.Typer(help="Measure: quality, harm, speed, memory.", no_args_is_help=True)

SEED = "000_e1b43a3275de1d8e"
PASSAGES = Path("eval/passages")

References = Annotated[Path, typer.Option("--references", help="Folder with dev/ and test/ passages.")]
Data = Annotated[Path | None, typer.Option("--data", help="Data folder with news/; parts that need it say so.")]
Articles = Annotated[int, typer.Option("--articles", min=1, help="Clean articles to read.")]


class Part(StrEnum):
    """A part of `repair bench passages`."""

    SPLITS = "splits"
    CLEAN = "clean"
    ABLATION = "ablation"
    DETERMINISM = "determinism"


class LexiconPart(StrEnum):
    """A part of `repair bench lexicon`."""

    COVERAGE = "coverage"
    CLEAN = "clean"
    HELDOUT = "heldout"
    PIVOT = "pivot"
    COST = "cost"


_NEED_NEWS = (LexiconPart.CLEAN, LexiconPart.HELDOUT, LexiconPart.PIVOT)


@app.callback()
def _root() -> None:
    """Measure: quality, harm, speed, memory."""


@app.command(epilog="Example: repair bench passages --data DATA > eval/last-passages.md")
def passages(
    references: References = PASSAGES,
    data: Data = None,
    articles: Articles = 40,
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
    _print_title("Passages", stages.signature)
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
        for run in bench.clean_runs(splits, clean, stages, articles, say):
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


@app.command(epilog="Example: repair bench lexicon --data DATA --part coverage --part clean > eval/last-lexicon.md")
def lexicon(
    references: References = PASSAGES,
    data: Data = None,
    articles: Articles = 40,
    garbled: Annotated[int, typer.Option("--garbled", min=1, help="Articles to garble with held-out sets.")] = 20,
    share: Annotated[float, typer.Option("--share", min=0.01, max=0.99, help="Share of the sets held out.")] = 0.2,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the held-out sets, the articles and the noise.")] = 77,
    config: ConfigOption = None,
    part: Annotated[
        list[LexiconPart] | None, typer.Option("--part", help="Only this part; repeatable. All of them otherwise.")
    ] = None,
    threads: Threads = None,
) -> None:
    """Sense sets: what they reach, what they tempt to in clean news, how far they carry, what they cost."""
    from repair.bench import cost as costs
    from repair.bench import heldout
    from repair.bench import lexicon as bench
    from repair.bench.passages import read_clean
    from repair.bench.pivot import found_pivots
    from repair.build import DEFAULT_PIVOT, build_stages, lexicon_folders
    from repair.channel.lexicon import load_lexicon
    from repair.channel.script import load_script
    from repair.references import load_passages
    from repair.resources import pivot_folder, pivots
    from repair.training.data import news_articles

    parts = set(part or LexiconPart)
    if data is None and (wanting := [p for p in _NEED_NEWS if p in parts]):
        if part:
            raise ConfigError(f"--part {wanting[0]} needs news; name the data folder with --data")
        say(f"{', '.join(wanting)} are left out: they need news; name the data folder with --data")
        parts -= set(wanting)
    settings = run_settings(config, None, None, threads).model_copy(update={"proposers": ("lexicon",)})
    pivot = pivot_folder(settings.pivot)
    stages = build_stages(settings)
    whole = bench.lexicon_of(stages)
    _print_title("Lexicon", stages.signature)
    print(f"{len(whole.sets)} sets", flush=True)
    if LexiconPart.COVERAGE in parts:
        for folder in (references / "dev", references / "test"):
            rows = {p.id: bench.coverage(p, stages, whole) for p in load_passages(folder)}
            print(f"\n## coverage of {folder.name}\n")
            _print_coverage({"all": sum(rows.values(), bench.Coverage()), **rows}, name_missed=folder.name == "dev")
    if LexiconPart.CLEAN in parts and data is not None:
        clean = data / "news" / "clean_dev.jsonl"
        print(f"\n## first {articles} of {clean.name}\n")
        found = (bench.tempted(document, stages, whole) for document in read_clean(clean, articles))
        _print_tempted(sum(found, bench.Tempted()), bench.GAINS, bench.PROBABILITIES)
    if LexiconPart.HELDOUT in parts and data is not None:
        out, rest = heldout.hold_out(whole, share, seed)
        news = islice(news_articles(data / "news" / "train.jsonl.xz", seed=seed), garbled)
        passages = list(heldout.garbled(news, out, load_script(pivot / "script.tab"), seed))
        sentences = sum(len(p.sentences) for p in passages)
        print(f"\n## {len(out.sets)} sets held out\n")
        print(f"{len(passages)} articles, {sentences} sentences, garbled with the held-out sets alone (seed {seed})\n")
        print("| repaired with | sets | planted | covered | repaired |")
        print("|---|---|---|---|---|")
        for name, known in (("the rest", rest), ("all sets", whole)):
            using = heldout.with_lexicon(stages, known, settings.lexicon.min_surprisal)
            h = sum((heldout.held_out(p, using, known) for p in passages), heldout.HeldOut())
            shares = f"{_share(h.covered, h.planted)} | {_share(h.repaired, h.planted)}"
            print(f"| {name} | {len(known.sets)} | {h.planted} | {shares} |", flush=True)
    if LexiconPart.PIVOT in parts and data is not None:
        news = islice(news_articles(data / "news" / "train.jsonl.xz", seed=seed), garbled)
        lexicons = {p: load_lexicon([pivot_folder(p)]) for p in pivots()}
        print(f"\n## pivots found by auto (seed {seed})\n")
        print("| garbled with | rate | articles | found | taken for another | in doubt |")
        print("|---|---|---|---|---|---|")
        for f in found_pivots(list(news), lexicons, DEFAULT_PIVOT, share=share, seed=seed):
            sets = f"{f.garbled}{'' if f.known else f', {share:.0%} unknown'}" if f.garbled else "nothing"
            print(f"| {sets} | {f.rate:g} | {f.articles} | {f.right} | {f.wrong} | {f.doubtful} |", flush=True)
    if LexiconPart.COST in parts:
        load, index = costs.load_seconds(lexicon_folders(settings))
        c = costs.cost([p.document for p in load_passages(references / "dev")], stages, whole)
        n = max(1, c.sentences)
        print("\n## cost\n")
        print(f"- lexicon loaded in {load:.2f} s, index made in {index:.2f} s (best of 3 fresh processes)")
        print(f"- {c.candidates / n:.1f} candidates a sentence of dev")
        print(f"- {c.glanced / n:.1f} rewrites glanced at and {c.close / n:.1f} judged closely a sentence")
        print(f"- {c.sentences} sentences in {c.seconds:.0f} s: {n / c.seconds:.2f} a second (detection and search)")


@app.command(epilog="Example: repair bench store --writers 16 --judgements 2000")
def store(
    db: Annotated[
        str,
        typer.Option(
            "--db", help="Empty database: SQLite file or PostgreSQL URL; a SQLite file of its own if not given."
        ),
    ] = "",
    writers: Annotated[int, typer.Option("--writers", min=1, help="Processes that write at once.")] = 16,
    judgements: Annotated[int, typer.Option("--judgements", min=1, help="Judgements that they make together.")] = 2000,
) -> int:
    """The glossary's store: many writers, all killed in the middle and started again; what is lost or double."""
    from tempfile import TemporaryDirectory

    from repair.bench import store as bench

    with TemporaryDirectory() as folder:
        found = bench.run(db or str(Path(folder) / "glossary.db"), writers=writers, judgements=judgements)
    _print_title("Store", {"writers": str(writers), "database": db.partition(":")[0] if "://" in db else "sqlite"})
    print(f"- {found.planned} judgements planned, {found.acknowledged_first} acknowledged before the kill")
    print(f"- {found.unheard} more were in the store after the kill, though nobody had heard of them")
    print(f"- {found.acknowledged} acknowledged in the end, {found.stored} in the store")
    print(f"- {found.lost} lost, {found.doubled} doubled, {found.conflicts} conflicts tried again")
    print(f"- {found.seconds:.1f} s, {found.stored / found.seconds:.0f} judgements a second")
    return 1 if found.lost or found.doubled else 0


def _print_title(what: str, signature: Mapping[str, str]) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"# {what} — {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}\n")
    print("signature: " + ", ".join(f"{k} {v}" for k, v in signature.items()) + "\n", flush=True)


def _print_coverage(rows: Mapping[str, Coverage], *, name_missed: bool) -> None:
    """A row each; what is not covered, except for passages that nobody may look at while tuning."""
    print("| passage | phrase repairs | covered | ranked first of the covered |")
    print("|---|---|---|---|")
    for name, c in rows.items():
        print(f"| {name} | {c.annotated} | {_share(c.covered, c.annotated)} | {_share(c.first, c.covered)} |")
    if name_missed:
        print("\nnot covered:\n")
        for name, c in rows.items():
            for a in c.missed if name != "all" else ():
                print(f"- {name}: {a.before!r} → {' / '.join(map(repr, a.good))} ({a.pivot or 'no pivot'})")


def _print_tempted(t: Tempted, gains: Sequence[float], probabilities: Sequence[float]) -> None:
    print(f"- {t.words} words, {t.per_1000(t.candidates):.1f} candidates per 1,000 words")
    print(f"- {t.per_1000(len(t.places)):.2f} places per 1,000 words read oddly enough to be looked at\n")
    print("Of these, per 1,000 words, with a candidate whose gain and whose probability exceed:\n")
    print("| gain | any p | " + " | ".join(f"p {p}" for p in probabilities) + " |")
    print("|---" * (len(probabilities) + 2) + "|")
    for gain in (-math.inf, *gains):
        cells = [f"{t.per_1000(t.above(gain, p)):.2f}" for p in (-math.inf, *probabilities)]
        print(f"| {f'{gain:g} nats' if gain > 0 else 'any'} | " + " | ".join(cells) + " |", flush=True)


def _share(count: int, of: int) -> str:
    return f"{count} ({count / of:.0%})" if of else str(count)
