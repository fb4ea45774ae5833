"""What the names stage knows: names counted in clean news, and how sure a match is.

The weights are fitted on articles whose names were taken through the pivot script, and on articles left as they are.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from repair.channel.orthography import readings
from repair.channel.script import Script, plain
from repair.edits import apply_edits, apply_within, invert
from repair.errors import ResourceError
from repair.glossary.known import KnownNames
from repair.glossary.match import Matcher, zipf
from repair.glossary.model import Entry
from repair.stages.detect.names import NameDetector, name_runs
from repair.stages.features import name_features, variant_features
from repair.stages.gate import logistic
from repair.stages.propose.names import NameProposer
from repair.stages.propose.variants import VariantProposer
from repair.stages.segment import segment
from repair.training.gate import Example
from repair.types import Document, Edit, Origin, Proposal, Span

_PARTICLE = "al|bin|ibn|von|van|der|de|del|da|dos|la|le|el|ter|ben|du|di"
_RUN = re.compile(rf"(?<=[a-z,;] )[A-Z][\w’'-]+(?: (?:(?:{_PARTICLE}) )*[A-Z][\w’'-]+)*")
_WORD = re.compile(r"[^\W\d_][\w'’]+")
_LOWER = re.compile(r"\b[a-z]{3,}\b")
_SHARES = (0.0, 0.0, 0.0, 0.15, 0.4, 0.8)  # of the names of an article that are garbled
_SAID = 0.3  # of the garbled names are taken as another language says them
_GARBLED_ZIPF = 4.5  # words more frequent than this are no names, whatever their capitals


def count_names(news: Iterable[str], listed: Iterable[str]) -> dict[str, int]:
    """Names of one to three words and the number of articles that use them; words of name lists that none uses get 0.

    Single words count from three articles on (or three lists), longer names from four. Words that are written with a
    small letter, too (*Declaration*), get 0: they are nobody's name.
    """
    words, longer, lists, lower = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for text in news:
        lower.update(set(_LOWER.findall(text)))
        seen: set[str] = set()
        for found in _RUN.finditer(text):
            name = _bare(found[0])
            parts = {_bare(part) for part in re.split(r"[ -]", name)}
            seen.update(p for p in parts if len(p) > 2 and p[0].isupper() and not p.isupper() and _WORD.fullmatch(p))
            size = name.count(" ") + 1
            if 2 <= size <= 3 and not re.search(r"['’]s\b", name) and any(zipf(w.lower()) < 3.5 for w in name.split()):
                seen.add(name)
        for name in seen:
            (longer if " " in name else words)[name] += 1
    for name in listed:
        lists.update({p for p in re.split(r"[ -]", name) if len(p) > 2 and p[0].isupper() and _WORD.fullmatch(p)})
    counts = {word: 0 for word, times in lists.items() if times >= 3}
    counts |= {w: times if lower[w.lower()] < times / 20 else 0 for w, times in words.items() if times >= 3}
    counts |= {name: times for name, times in longer.items() if times >= 4}
    return counts


def _bare(name: str) -> str:
    return re.sub(r"['’]s?$", "", name)


def listed_names(path: Path) -> Iterator[str]:
    """The English names of `names/en_ar.jsonl.xz`. Raises ResourceError without it."""
    if not path.is_file():
        raise ResourceError(f"{path}: no name lists there; name the data folder with --data")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield str(json.loads(line)["en"])


def dump_counts(counts: dict[str, int]) -> bytes:
    """The known names as `name<TAB>articles` lines, sorted and compressed."""
    text = "".join(f"{name}\t{counts[name]}\n" for name in sorted(counts))
    return lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)


class Judge:
    """The names stages, with the names that they know.

    probability: how sure a name match is; before anything is fitted, a first guess.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        script: Script,
        counts: Mapping[str, int],
        probability: Callable[[Proposal], float] | None = None,
    ) -> None:
        known = KnownNames(counts)
        matcher = Matcher(entries, script, known.entries())
        judged = probability or _first_guess
        names = NameProposer(matcher, known, judged)
        self.script = script
        self._detect = NameDetector(matcher, known)
        self._propose = VariantProposer(names, known, script, judged)

    def proposals(self, document: Document) -> Iterator[Proposal]:
        """The proposals for a document that have to be judged."""
        for proposal in self._propose(document, list(self._detect(document, segment(document), ()))):
            if not {"recorded", "house style"} & {*proposal.evidence.support}:
                yield proposal


def fitted(weights: Mapping[str, float]) -> Callable[[Proposal], float]:
    """How sure a name match is, by weights that have just been fitted."""
    return lambda proposal: logistic(name_features(proposal), weights)


def _first_guess(proposal: Proposal) -> float:
    """How sure a match counts as evidence for others, before anything is fitted: spelling near, given name right."""
    near = (proposal.evidence.cost or 0.0) < 0.4
    return 0.95 if near and "full name" in proposal.evidence.support else 0.1


def collect_names(articles: Sequence[str], judge: Judge, *, seed: int, say: Callable[[str], None]) -> list[Example]:
    """Judged name proposals from the openings of articles, half of them with garbled names."""
    examples: list[Example] = []
    for number, article in enumerate(articles, 1):
        rng = random.Random(f"{seed}:{number}")
        clean = article[: rng.choice((800, 2000, 4000))]
        garbled = garble_names(Document("clean", clean), judge.script, rng.choice(_SHARES), rng)
        document, undo = Document("garbled", apply_edits(clean, garbled)), invert(garbled)
        for proposal in judge.proposals(document):
            variant = proposal.origin is Origin.VARIANTS
            values = variant_features(proposal) if variant else name_features(proposal)
            right = _undoes(document.text, proposal.edit, undo)
            what = f"{proposal.evidence.entry}: {proposal.edit.before} → {proposal.edit.after}"
            misplaced = not any(u.span.overlaps(proposal.edit.span) for u in undo)
            model = str(Origin.VARIANTS if variant else Origin.NAMES)
            examples.append(Example(model, values, right, bool(garbled), misplaced, what))
        if number % 100 == 0:
            say(f"{number} articles, {len(examples)} matches, {sum(e.right for e in examples)} right")
    return examples


def garble_names(document: Document, script: Script, share: float, rng: random.Random) -> list[Edit]:
    """Take a share of the names in a document through the script, word by word, some as another language says them."""
    edits = []
    for item in segment(document):
        for run in name_runs(item):
            for word in run:
                rare = word.text[0].isupper() and not word.text.isupper() and zipf(word.text.lower()) < _GARBLED_ZIPF
                if rare and rng.random() < share:
                    written, *said = readings(word.text)
                    name = rng.choice(said).capitalize() if said and rng.random() < _SAID else written
                    if (after := script.corrupt(name, rng)) != word.text:
                        edits.append(Edit(word.span, word.text, after))
    return edits


def _undoes(text: str, edit: Edit, undo: list[Edit]) -> bool:
    """Whether an edit brings back what stood there; accents and capitals aside."""
    touched = [u for u in undo if u.span.overlaps(edit.span)]
    place = Span(
        min([edit.span.start, *(u.span.start for u in touched)]), max([edit.span.end, *(u.span.end for u in touched)])
    )
    return bool(touched) and plain(apply_within(text, place, [edit])) == plain(apply_within(text, place, touched))
