"""`repair bench passages`: everything that is promised of passages and clean news, measured in one run."""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from repair.build import build_stages, set_threads
from repair.config import Config, Proposer
from repair.edits import apply_edits
from repair.errors import InputError
from repair.jobs import run_job
from repair.pipeline import Stages, repair_document
from repair.references import Passage, load_passages
from repair.score import Report, over_edits, score
from repair.types import Document, Repair


@dataclass(frozen=True, slots=True)
class CleanRun:
    """What was done to text that is right as it stands."""

    name: str
    edits: int
    words: int
    examples: tuple[str, ...]

    @property
    def per_1000(self) -> float:
        """Applied edits per 1,000 words."""
        return 1000 * self.edits / max(1, self.words)


def run_split(folder: Path, stages: Stages) -> tuple[Report, dict[str, Repair], float]:
    """Repair and score every passage of a folder; also the seconds it took."""
    passages = load_passages(folder)
    began = time.perf_counter()
    repairs = {p.id: repair_document(p.document, stages) for p in passages}
    seconds = time.perf_counter() - began
    return score(passages, repairs), repairs, seconds


def clean_runs(
    folders: Sequence[Path], clean: Path | None, stages: Stages, articles: int, say: Callable[[str], None]
) -> Iterator[CleanRun]:
    """References fed back as input, and clean articles where a file of them is named; `say` hears of every text."""
    for folder in folders:
        yield _clean_run(f"references of {folder.name}", [p.clean for p in load_passages(folder)], stages, say)
    if clean is not None:
        yield _clean_run(f"first {articles} of {clean.name}", read_clean(clean, articles), stages, say)


def read_clean(path: Path, articles: int) -> list[Document]:
    """The first articles of a JSONL file with `id` and `text`. Raises InputError where it is missing."""
    if not path.is_file():
        raise InputError(f"{path}: no clean articles there; name the data folder with --data")
    with path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in islice(lines, articles)]
    return [Document(str(r["id"]), str(r["text"])) for r in records]


def _clean_run(name: str, documents: Sequence[Document], stages: Stages, say: Callable[[str], None]) -> CleanRun:
    edits, words, shown = 0, 0, list[str]()
    for number, document in enumerate(documents, 1):
        repair = repair_document(document, stages)
        more, read = over_edits([repair])
        edits, words = edits + more, words + read
        shown += [
            f"{document.id}: {d.proposal.origin} {d.proposal.edit.before!r} → {d.proposal.edit.after!r}"
            f" (p {d.probability:.2f})"
            for d in repair.applied
        ]
        say(f"{name}: {number} of {len(documents)}, {edits} edits in {words} words")
    return CleanRun(name, edits, words, tuple(shown))


def ablation(folder: Path, config: Config, stages: Stages) -> Iterator[tuple[str, Report]]:
    """Do nothing, each proposer alone, all but each, all, and all with the rewriter where it is not among them."""
    usual = config.proposers
    more: tuple[Proposer, ...] = () if "seq2seq" in usual else ("seq2seq",)
    plans: list[tuple[str, tuple[Proposer, ...]]] = [("nothing", ())]
    plans += [(f"{p} alone", (p,)) for p in (*usual, *more)]
    plans += [(f"all but {p}", tuple(q for q in usual if q != p)) for p in usual]
    plans += [("all", usual)]
    plans += [(f"all and {p}", (*usual, p)) for p in more]
    for name, proposers in plans:
        part = build_stages(config.model_copy(update={"proposers": proposers}), fluency=stages.fluency)
        yield name, run_split(folder, part)[0]


def second_pass(repairs: Mapping[str, Repair], stages: Stages) -> int:
    """Edits applied to texts that were repaired already; must be none."""
    return sum(len(repair_document(Document(r.document.id, r.text), stages).applied) for r in repairs.values())


def same_bytes(passages: Sequence[Passage], config: Config, say: Callable[[str], None]) -> bool:
    """Whether batch sizes 1, 7, 64 and 1 and 2 threads give the same bytes; every run loads its models afresh."""
    outputs = set()
    for threads in (1, 2):
        for batch in (1, 7, 64):
            stages = build_stages(config.model_copy(update={"batch_size": batch, "threads": threads}))
            with TemporaryDirectory() as folder:
                run_job(lambda _: (p.document for p in passages), stages, Path(folder), title="same", batch_size=batch)
                outputs.add((Path(folder) / "repaired.jsonl").read_bytes())
            say(f"batch size {batch}, {threads} threads: {len(outputs)} distinct outputs so far")
    set_threads(config.threads or os.cpu_count() or 1)
    return len(outputs) == 1


def replays(repairs: Mapping[str, Repair]) -> bool:
    """Whether applying the ledger to the original gives the repaired text again."""
    return all(apply_edits(r.document.text, [d.proposal.edit for d in r.applied]) == r.text for r in repairs.values())


def peak_memory() -> float:
    """Peak memory of this process, in GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
