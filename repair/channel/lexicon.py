"""The sense channel: sets of English expressions that share a word of the pivot language.

A lexicon is TSV, one set a line (see `docs/lexicon.md`)::

    id  pivot  pos  senses  direction  rate  domain  note

`senses` are groups separated by `|`, each a list of expressions separated by `;`. With direction `>` the first group is
what the machine writes and the others are what was meant; without it any group may have come back for any other.
A `*` that stands alone is a slot: one to three words that are carried over (see `slots`).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path

import ahocorasick

from repair.channel.slots import SLOT, anchor, find_slotted, has_slot
from repair.errors import ResourceError
from repair.inflection import Pos, forms
from repair.text import article_for, fold, match_case
from repair.types import Edit, Span

COLUMNS = ("id", "pivot", "pos", "senses", "direction", "rate", "domain", "note")
RATES: Mapping[str, float] = {"often": 0.3, "sometimes": 0.1, "rarely": 0.03}
_ARTICLE = re.compile(r"\b([Aa]n?)[ \u00a0]$")
_EXPRESSION = re.compile(r"[\w][\w '&.,%*=-]*")


@dataclass(frozen=True, slots=True)
class SenseSet:
    """Expressions that share `pivot`, grouped by sense; `rate` is how likely the machine mixes them up."""

    id: str
    pivot: str
    pos: Pos
    senses: tuple[tuple[str, ...], ...]
    one_way: bool
    rate: float
    domain: str
    note: str = ""

    def meant(self, group: int) -> list[int]:
        """The groups that may have been meant where the machine wrote group `group`."""
        if self.one_way:
            return list(range(1, len(self.senses))) if group == 0 else []
        return [other for other in range(len(self.senses)) if other != group]

    def prior(self, group: int, expression: int) -> float:
        """log P(channel wrote some other group | this expression was meant), in nats; first ones are likelier."""
        return math.log(self.rate / max(1, len(self.senses) - 1)) - 0.25 * expression


@dataclass(frozen=True, slots=True)
class Sense:
    """A surface form in the lexicon: which set, group and tag it stands for, and what stands in its slot."""

    set: SenseSet
    group: int
    tag: str
    form: str
    slot: str = ""

    def fill(self, form: str) -> str:
        """Another form of the set, with what stands in the slot of this one."""
        return form.replace(SLOT, self.slot)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A replacement the lexicon knows for `span` of a text; the edit may also mend the article before. `prior` in nats.

    `sense` names what was meant: replacements of one place that share it are synonyms. `rivals` counts the other senses
    that the lexicon offers there.
    """

    span: Span
    edit: Edit
    set: SenseSet
    sense: str
    rivals: int
    prior: float


@dataclass(frozen=True)
class Lexicon:
    """All sense sets of a pivot, searchable in running text."""

    sets: tuple[SenseSet, ...]

    @cached_property
    def _index(self) -> tuple[dict[str, list[Sense]], dict[str, list[Sense]]]:
        """The senses by their form, and those that have a slot by the anchor of their form."""
        surface: dict[str, list[Sense]] = defaultdict(list)
        slotted: dict[str, list[Sense]] = defaultdict(list)
        for sense_set in self.sets:
            for group, expressions in enumerate(sense_set.senses):
                for expression in expressions:
                    for tag, form in forms(expression, sense_set.pos).items():
                        sense = Sense(sense_set, group, tag, form)
                        if SLOT in form:
                            slotted[anchor(form)].append(sense)
                        else:
                            surface[fold(form)].append(sense)
        return surface, slotted

    @cached_property
    def _automaton(self) -> ahocorasick.Automaton:
        automaton = ahocorasick.Automaton()
        for form in chain(*self._index):
            automaton.add_word(form, form)
        automaton.make_automaton()
        return automaton

    def occurrences(self, text: str) -> Iterator[tuple[Span, list[Sense]]]:
        """Every longest occurrence of a lexicon form in `text`, at word boundaries, left to right.

        Forms with a slot come besides: they hide no other form, and none hides them.
        """
        folded = fold(text)
        hits: list[Span] = []
        for end, form in self._automaton.iter(folded) if self.sets else ():
            span = Span(end + 1 - len(form), end + 1)
            if _at_boundaries(folded, span):
                hits.append(span)
        hits.sort(key=lambda span: (span.start, -span.end))
        found = [*self._longest(text, folded, hits), *self._slotted(text, folded, hits)]
        yield from sorted(found, key=lambda place: (place[0].start, -place[0].end))

    def _longest(self, text: str, folded: str, hits: Sequence[Span]) -> Iterator[tuple[Span, list[Sense]]]:
        surface, reach = self._index[0], -1
        for span in hits:
            if span.end > reach:
                known = surface.get(span.of(folded), ())
                if senses := [s for s in known if _capitals_agree(s.form, span.of(text))]:
                    reach = span.end
                    yield span, senses

    def _slotted(self, text: str, folded: str, hits: Sequence[Span]) -> Iterator[tuple[Span, list[Sense]]]:
        slotted, found = self._index[1], defaultdict[Span, list[Sense]](list)
        for hit in hits if slotted else ():
            for sense in slotted.get(hit.of(folded), ()):
                if (place := find_slotted(sense.form, folded, hit)) and _capitals_agree(sense.form, place[0].of(text)):
                    found[place[0]].append(replace(sense, slot=place[1].of(text)))
        yield from found.items()

    def candidates(self, text: str) -> list[Candidate]:
        """Every replacement that some sense set offers for a place in `text`, without judging it.

        >>> lexicon = Lexicon((SenseSet("x", "قمة", Pos.NOUN, (("top",), ("summit",)), True, 0.3, "diplomacy"),))
        >>> [c.edit.after for c in lexicon.candidates("Two tops in a week")]
        ['summits']
        """
        best: dict[Edit, Candidate] = {}
        for span, senses in self.occurrences(text):
            targets = [(sense, group) for sense in senses for group in sense.set.meant(sense.group)]
            names = _synonyms([sense.set.senses[group] for sense, group in targets])
            for (sense, group), name in zip(targets, names, strict=True):
                for rank, expression in enumerate(sense.set.senses[group]):
                    replacement = forms(expression, sense.set.pos)
                    after = sense.fill(replacement.get(sense.tag) or next(iter(replacement.values())))
                    edit, prior = _edit(text, span, after), sense.set.prior(group, rank)
                    edit = _core(edit) if sense.slot else edit
                    if edit.before != edit.after and (edit not in best or best[edit].prior < prior):
                        best[edit] = Candidate(span, edit, sense.set, name, len(set(names)) - 1, prior)
        return list(best.values())


def _synonyms(groups: Sequence[Sequence[str]]) -> list[str]:
    """A name for every group of expressions: its first expression's, or that of an earlier group that it overlaps.

    >>> _synonyms([("fans", "crowd"), ("audience", "crowd"), ("mass",)])
    ['fans', 'fans', 'mass']
    """
    names: dict[str, str] = {}
    for group in groups:
        name = next((names[expression] for expression in group if expression in names), group[0])
        for expression in group:
            names.setdefault(expression, name)
    return [names[group[0]] for group in groups]


def _at_boundaries(folded: str, span: Span) -> bool:
    before, after = folded[span.start - 1 : span.start], folded[span.end : span.end + 2]
    if before.isalnum() or after[:1].isalnum():
        return False
    if before == "'" and folded[span.start - 2 : span.start - 1].isalnum():
        return False
    return not (after[:1] == "'" and after[1:].isalnum() and after[1:] != "s")


def _capitals_agree(form: str, surface: str) -> bool:
    """A form that is written with capitals (*Popular Crowd*, *Turkey*) needs them; the rest may have any case."""
    return not form[:1].isupper() or surface[:1].isupper()


def _edit(text: str, span: Span, after: str) -> Edit:
    """The replacement of `span`, with its capitals, and with the article before it mended where it changes."""
    after = match_case(span.of(text), after)
    article = _ARTICLE.search(text, max(0, span.start - 4), span.start)
    if article and (right := article_for(after)) != article[1].lower():
        gap = text[article.end(1) : span.start]
        span, after = Span(article.start(), span.end), match_case(article[1][0], right) + gap + after
    return Edit(span, span.of(text), after)


def _core(edit: Edit) -> Edit:
    """An edit without the words that it keeps at either end, so that what fills a slot stays free for other edits.

    >>> _core(Edit(Span(3, 31), "puts the deal under the lens", "puts the deal under scrutiny"))
    Edit(span=Span(start=23, end=31), before='the lens', after='scrutiny')
    """
    before, after = edit.before.split(" "), edit.after.split(" ")
    most = min(len(before), len(after)) - 1  # of either side something is left
    head = next((i for i in range(most) if before[i] != after[i]), most)
    tail = next((i for i in range(most - head) if before[-1 - i] != after[-1 - i]), most - head)
    cut = [" ".join(words[head : len(words) - tail]) for words in (before, after)]
    start = edit.span.start + len(" ".join(before[:head])) + (head > 0)
    return Edit(Span(start, start + len(cut[0])), *cut)


def read_sets(path: Path) -> Iterator[SenseSet]:
    """Read a TSV file of sense sets. Raises ResourceError naming file, line and reason."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if cells[0] == COLUMNS[0]:
            continue
        try:
            yield parse_set(cells)
        except ValueError as error:
            raise ResourceError(f"{path}:{number}: {error}") from None


def parse_set(cells: Sequence[str]) -> SenseSet:
    """One TSV row as a sense set. Raises ValueError with the reason.

    >>> parse_set(["x-1", "قمة", "noun", "top ; peak | summit", ">", "often", "diplomacy", ""]).senses
    (('top', 'peak'), ('summit',))
    """
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{len(cells)} columns, expected {len(COLUMNS)}: {', '.join(COLUMNS)} (tab-separated)")
    name, pivot, pos, senses, direction, rate, domain, note = cells
    groups = tuple(tuple(e.strip() for e in group.split(";")) for group in senses.split("|"))
    if not name or not pivot:
        raise ValueError("id and pivot must not be empty")
    if pos not in set(Pos):
        raise ValueError(f"pos {pos!r} is none of {', '.join(Pos)}")
    if len(groups) < 2:
        raise ValueError("at least two senses, separated by '|'")
    for expression in (e for group in groups for e in group):
        if not _EXPRESSION.fullmatch(expression):
            raise ValueError(f"cannot read the expression {expression!r}")
    if len({has_slot(expression) for group in groups for expression in group}) > 1:
        raise ValueError("a slot stands in every expression of a set, or in none")
    if direction not in ("", ">"):
        raise ValueError(f"direction {direction!r} is neither empty nor '>'")
    if rate not in RATES:
        raise ValueError(f"rate {rate!r} is none of {', '.join(RATES)}")
    return SenseSet(name, pivot, Pos(pos), groups, direction == ">", RATES[rate], domain, note)


def load_lexicon(folders: Iterable[Path]) -> Lexicon:
    """Load every `*.tsv` below the folders. Raises ResourceError on a broken line, an id used twice, or no file."""
    sets: dict[str, SenseSet] = {}
    for folder in folders:
        files = sorted(folder.glob("*.tsv"))
        if not files:
            raise ResourceError(f"{folder}: no lexicon (*.tsv) in this folder")
        for path in files:
            for sense_set in read_sets(path):
                if sense_set.id in sets:
                    raise ResourceError(f"{path}: id {sense_set.id} is used twice")
                sets[sense_set.id] = sense_set
    return Lexicon(tuple(sets.values()))
