"""Config to stages: the only wiring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib import metadata
from pathlib import Path

from repair.channel.lexicon import Lexicon, load_lexicon
from repair.channel.pivot import choose
from repair.channel.script import load_script
from repair.config import Config
from repair.glossary.known import known_names
from repair.glossary.match import Matcher
from repair.glossary.model import load_entries
from repair.pipeline import Detector, Proposer, Stages
from repair.resources import GATE, GENERIC, GLOSSARY, KNOWN_NAMES, pivot_folder, pivots, tree_hash
from repair.stages.detect.names import NameDetector
from repair.stages.detect.senses import SenseDetector
from repair.stages.detect.surface import detect_residue, detect_slips
from repair.stages.detect.surprise import SurpriseDetector
from repair.stages.gate import Gate, load_weights
from repair.stages.propose.grammar import propose_forms
from repair.stages.propose.names import NameProposer
from repair.stages.propose.senses import SenseProposer
from repair.stages.propose.surface import propose_cures, propose_deletions
from repair.stages.propose.variants import VariantProposer
from repair.stages.search import Search
from repair.stages.segment import segment
from repair.types import Document, Fluency, Rewriter

AUTO = "auto"  # the pivot that is found out for each document
DEFAULT_PIVOT = "ara"  # for documents that no pivot explains

_READERS = frozenset({"lexicon", "grammar", "seq2seq"})


def glossary_files(config: Config) -> list[Path]:
    """The glossary files a configuration asks for, the default one first."""
    default = sorted(GLOSSARY.glob("*.jsonl")) if config.glossary.default else []
    return [*default, *config.glossary.files]


def lexicon_folders(config: Config) -> list[Path]:
    """The folders of sense sets a configuration asks for: the pivot's, the generic ones, the user's own."""
    generic = [GENERIC] if config.lexicon.generic else []
    return [pivot_folder(config.pivot), *generic, *config.lexicon.folders]


def build_stages(config: Config, *, fluency: Fluency | None = None, rewriter: Rewriter | None = None) -> Stages:
    """Wire the stages that a configuration asks for.

    `fluency` and `rewriter` replace the configured models (tests, benchmarks). Raises ResourceError where something is
    missing.
    """
    if config.pivot == AUTO:
        return _auto_stages(config, fluency or load_fluency(config), rewriter)
    lexicon = load_lexicon(lexicon_folders(config))
    script_file = pivot_folder(config.pivot) / "script.tab"
    script = load_script(script_file)
    known = known_names(KNOWN_NAMES)
    matcher = Matcher(load_entries(glossary_files(config)), script, known.entries())
    gate = Gate(load_weights(GATE), config.gate)
    if fluency is None:
        fluency = load_fluency(config)
    detect: list[Detector] = []
    propose: list[Proposer] = []
    signature = {
        "mt-repair": metadata.version("mt-repair"),
        "config": config.hash,
        "fluency": config.fluency.model,
        "gate": tree_hash([GATE]),
    }
    for name in config.proposers:
        match name:
            case "residue":
                detect.append(detect_residue)
                propose.append(propose_deletions)
            case "patterns":
                detect.append(detect_slips)
                propose.append(propose_cures)
            case "glossary":
                detect.append(NameDetector(matcher, known))
                names = NameProposer(matcher, known, gate.probability, config.gate.apply_name)
                propose.append(VariantProposer(names, known, script, gate.probability))
                signature["glossary"] = tree_hash([*glossary_files(config), KNOWN_NAMES, script_file])
            case "lexicon":
                detect.append(SenseDetector(lexicon, config.lexicon.min_surprisal))
                propose.append(SenseProposer(lexicon))
                signature["lexicon"] = tree_hash(_sets(lexicon_folders(config)))
            case "grammar":
                detect.append(SurpriseDetector(config.search.min_surprisal))
                propose.append(propose_forms)
            case "seq2seq":
                from repair.models.rewriter import load_rewriter
                from repair.stages.propose.rewrites import RewriteProposer

                if "grammar" not in config.proposers:
                    detect.append(SurpriseDetector(config.search.min_surprisal))
                propose.append(RewriteProposer(rewriter or load_rewriter(config.seq2seq, threads=config.threads)))
                signature["seq2seq"] = config.seq2seq.model
    search = Search(
        fluency,
        gate.probability,
        gate.threshold,
        gate.usual_damage,
        config.search.max_candidates,
        config.search.shortlist,
    )
    return Stages(
        segment,
        fluency,
        tuple(detect),
        tuple(propose),
        search,
        gate,
        signature,
        reads=bool(_READERS & set(config.proposers)),
    )


def _auto_stages(config: Config, fluency: Fluency, rewriter: Rewriter | None) -> Stages:
    """The stages of the default pivot; every document gets those of the pivot that explains it.

    Nothing of the other pivots is loaded before a document asks for it.
    """
    folders = {pivot: pivot_folder(pivot) for pivot in pivots()}
    signature = {"config": config.hash, "pivots": tree_hash(_sets(folders.values()))}

    @cache
    def lexicons() -> dict[str, Lexicon]:
        return {pivot: load_lexicon([folder]) for pivot, folder in folders.items()}

    @cache
    def stages(pivot: str) -> Stages:
        own = build_stages(config.model_copy(update={"pivot": pivot}), fluency=fluency, rewriter=rewriter)
        return replace(own, signature={**own.signature, **signature, "pivot": pivot})

    def chosen(document: Document) -> Stages:
        choice = choose(document.text, lexicons(), DEFAULT_PIVOT)
        return replace(stages(choice.pivot), pivot=choice)

    default = stages(DEFAULT_PIVOT)
    return replace(default, signature={**default.signature, "pivot": AUTO}, choose=chosen)


def _sets(folders: Iterable[Path]) -> list[Path]:
    return [file for folder in folders for file in sorted(folder.glob("*.tsv"))]


def load_fluency(config: Config) -> Fluency:
    """The configured language model, prepared on first use."""
    from repair.models.fluency import FluencyModel
    from repair.models.prepare import fluency_folder

    if config.threads:
        set_threads(config.threads)
    settings = config.fluency
    return FluencyModel(
        fluency_folder(settings.model),
        device=settings.device,
        horizon=settings.horizon,
        context_tokens=settings.context_tokens,
    )


def set_threads(threads: int) -> None:
    """CPU threads of the models; never changes a result."""
    import torch

    torch.set_num_threads(threads)
