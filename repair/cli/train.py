"""`repair train`: every weight that is shipped can be made again."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repair.cli.prepare import ConfigOption
from repair.cli.run import say
from repair.config import Config, load_config
from repair.resources import KNOWN_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repair.training.gate import Bench, Example

app = typer.Typer(
    help="Make the shipped weights again (needs the extra: pip install 'mt-repair[train]').", no_args_is_help=True
)

Data = Annotated[Path, typer.Option("--data", help="Folder of the training data (news/, qe/ …).")]


@app.command(
    epilog="Example: repair train seq2seq -c configs/train/seq2seq-first.toml --data DATA --out build/seq2seq-first"
)
def seq2seq(
    recipe: Annotated[Path, typer.Option("-c", "--config", help="Training recipe (TOML).")],
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="Work folder: checkpoints, and the model in the end.")],
    exclude: Annotated[list[Path] | None, typer.Option("--exclude", help="Passages kept out of the data.")] = None,
    max_steps: Annotated[int | None, typer.Option("--max-steps", min=1, help="Stop after so many steps.")] = None,
    pivot: Annotated[str, typer.Option("--pivot", help="Pivot language whose noise is used.")] = "ara",
) -> None:
    """Train the rewriter on clean news put through the channel; resumes from its last checkpoint."""
    from repair.channel.noise import Rates
    from repair.references import load_passages
    from repair.resources import pivot_folder
    from repair.stages.segment import segment
    from repair.training.data import NoiseSource, sentence_key
    from repair.training.recipe import load_recipe
    from repair.training.seq2seq import train

    loaded = load_recipe(recipe)
    if max_steps:
        loaded = loaded.model_copy(update={"training": loaded.training.model_copy(update={"steps": max_steps})})
    folder = pivot_folder(pivot)
    source = NoiseSource((folder,), folder / "script.tab", Rates(), loaded.seed)
    passages = [p for path in exclude or () for p in load_passages(path)]
    excluded = {sentence_key(s.text) for p in passages for d in (p.document, p.clean) for s in segment(d)}
    made = train(loaded, data / "news" / "train.jsonl.xz", out, source, say=say, excluded=excluded)
    print(made)


@app.command(epilog="Example: repair train gate --data DATA --articles 150 --out repair/stages/data/gate.json")
def gate(
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="Weights file (JSON); models of other origins in it stay.")],
    config: ConfigOption = None,
    articles: Annotated[int, typer.Option("--articles", min=10, help="News articles to judge proposals on.")] = 150,
    per_article: Annotated[int, typer.Option("--per-article", min=1, help="Sentences of each article.")] = 8,
    held_back: Annotated[float, typer.Option("--held-back", help="Share kept for the reliability table.")] = 0.25,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes, of one thread each.")] = 2,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the choice of articles and of the noise.")] = 77,
) -> None:
    """Fit the gate's probabilities on proposals for garbled and for clean news."""
    from repair.training.data import news_articles
    from repair.training.gate import collect, fit, in_documents, split, update_models, usual_damage

    settings = load_config(config)
    kept = tuple(p for p in settings.proposers if p in ("lexicon", "grammar", "seq2seq"))
    make = partial(_bench, settings.model_copy(update={"proposers": kept, "threads": 1}))
    texts = news_articles(data / "news" / "train.jsonl.xz", seed=seed)
    examples = collect(texts, make, limit=articles, per_article=per_article, seed=seed, workers=workers, say=say)
    fitted, held = split(examples, held_back)
    models = fit(fitted, near_weight=0.2)
    usual = usual_damage(fitted, models)
    for origin in models:
        _say_reliability(origin, in_documents([e for e in held if e.origin == origin], models, usual))
    about = {"articles": articles, "per_article": per_article, "held_back": held_back, "seed": seed}
    update_models(out, {**models, "document": {"damage": usual}}, dict.fromkeys(models, about))
    print(out)


def _say_reliability(origin: str, judged: Sequence[tuple[float, Example]]) -> None:
    from repair.training.gate import reliability

    for bound, count, right, harm in reliability(judged):
        say(f"{origin}, held back, p {bound:.2f} or more: {count} edits, {right:.3f} right, {harm:.3f} harmful")


def _bench(settings: Config) -> Bench:
    from repair.build import build_stages
    from repair.channel.lexicon import load_lexicon
    from repair.channel.noise import Noise, Rates
    from repair.channel.script import load_script
    from repair.resources import pivot_folder
    from repair.training.gate import Bench

    folder = pivot_folder(settings.pivot)
    rates = Rates(untouched=0.3, senses=3.0, names=0.05)
    return Bench(build_stages(settings), Noise(load_lexicon([folder]), load_script(folder / "script.tab"), rates))


@app.command(epilog="Example: repair train names --data DATA --out repair/stages/data/gate.json")
def names(
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="Weights file (JSON); models of other origins in it stay.")],
    known: Annotated[Path, typer.Option("--known", help="List of known names to write.")] = KNOWN_NAMES,
    articles: Annotated[int, typer.Option("--articles", min=10, help="News articles to judge matches on.")] = 3000,
    pivot: Annotated[str, typer.Option("--pivot", help="Pivot language whose script is used.")] = "ara",
    seed: Annotated[int, typer.Option("--seed", help="Seed of the choice of articles and of the noise.")] = 77,
) -> None:
    """Count the names of clean news, and fit how sure a name match is."""
    from repair.build import glossary_files
    from repair.channel.script import load_script
    from repair.glossary.model import load_entries
    from repair.resources import pivot_folder
    from repair.training.data import news_articles
    from repair.training.gate import alone, fit, split, update_models
    from repair.training.names import Judge, collect_names, count_names, dump_counts, fitted, listed_names
    from repair.types import Origin
    from repair.writing import atomic_write

    news = list(news_articles(data / "news" / "train.jsonl.xz", seed=seed))
    lists = list(listed_names(data / "names" / "en_ar.jsonl.xz"))
    make = partial(
        Judge,
        load_entries(glossary_files(load_config(None))),
        load_script(pivot_folder(pivot) / "script.tab"),
        count_names(news[articles:], lists),  # the articles judged must hold names that the list has never met
    )
    models: dict[str, dict[str, float]] = {}
    for origin in (Origin.NAMES, Origin.VARIANTS):  # variants are for what the names leave
        judge = make(fitted(models[Origin.NAMES]) if models else None)
        examples = [e for e in collect_names(news[:articles], judge, seed=seed, say=say) if e.origin == origin]
        first, held = split(examples, 0.25)
        models |= fit(first, clean_weight=6.0)  # most documents that a user has are sound
        _say_reliability(origin, alone(held, models))
    update_models(out, models, {origin: {"articles": articles, "seed": seed} for origin in models})
    atomic_write(known, dump_counts(count_names(news, lists)))
    print(out, known, sep="\n")


@app.command(epilog="Example: repair train detector --data DATA --out repair/stages/data/detector.json")
def detector(
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="Weights file (JSON) to write.")],
    config: ConfigOption = None,
    per_language: Annotated[int, typer.Option("--per-language", min=10, help="Sentences per source language.")] = 600,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the choice of sentences.")] = 5,
) -> None:
    """Fit the token detector on post-edited machine translation."""
    from repair.build import load_fluency
    from repair.training.detector import fit_detector, load_tagged
    from repair.writing import atomic_write

    rows = load_tagged(data / "qe" / "mlqe_pe.train.jsonl.xz", per_language=per_language, seed=seed)
    atomic_write(out, fit_detector(rows, load_fluency(load_config(config)), say=say))
    print(out)
