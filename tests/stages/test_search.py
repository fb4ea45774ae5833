from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from repair.stages.search import Choice, Search, rewrite
from repair.stages.segment import segment
from repair.types import Document, Edit, Evidence, Finding, Kind, Origin, Proposal, Span
from tests.conftest import ToyFluency

PENALTIES = {"top": 12.0, "definitions": 9.0, "peak": 6.0, "in": 0.4}


def propose(
    text: str, before: str, after: str, origin: Origin = Origin.LEXICON, *, score: float = 0.97, at: int = 0
) -> Proposal:
    start = text.index(before, at)
    span = Span(start, start + len(before))
    home = next(s for s in segment(Document("d", text)) if s.span.end > span.start)
    return Proposal(
        Finding(home, span, Kind.PHRASE, score, "r"), Edit(span, before, after), origin, Evidence(prior=-1.0)
    )


def probability(proposal: Proposal) -> float:
    if proposal.origin is Origin.RESIDUE:
        return proposal.finding.score
    return min(1.0, max(0.0, (proposal.evidence.gain or 0.0) / 10))


def search(
    text: str, proposals: list[Proposal], penalties: Mapping[str, float] = PENALTIES, **options: int
) -> tuple[list[Choice], ToyFluency]:
    fluency = ToyFluency(penalties)
    segments = segment(Document("d", text))
    return Search(fluency, probability, lambda _: 0.5, 0.2, **options)(segments, proposals), fluency


def taken(choices: list[Choice]) -> list[str]:
    return [c.proposal.edit.after for c in choices if c.chosen]


def test_the_best_of_rivals_is_taken_and_the_rest_kept() -> None:
    text = "The top failed."
    choices, _ = search(text, [propose(text, "top", "peak"), propose(text, "top", "summit")])
    assert taken(choices) == ["summit"]
    assert {c.proposal.edit.after: c.proposal.evidence.gain for c in choices} == {"summit": 11.5, "peak": 6.0}
    assert {c.proposal.edit.after: c.proposal.evidence.margin for c in choices} == {"summit": 5.5, "peak": -5.5}


def test_several_places_of_one_sentence_are_mended_one_by_one() -> None:
    text = "The top set definitions."
    choices, fluency = search(text, [propose(text, "top", "summit"), propose(text, "definitions", "tariffs")])
    assert taken(choices) == ["summit", "tariffs"]
    assert [sentence for _, sentence in fluency.asked] == ["The top set definitions.", "The summit set definitions."]


def test_below_the_threshold_nothing_is_taken() -> None:
    text = "The top failed."
    choices, _ = search(text, [propose(text, "top", "summit")], {"top": 3.0})
    assert taken(choices) == []
    assert choices[0].proposal.evidence.gain == 2.5


def test_what_only_loses_is_not_asked_again() -> None:
    text = "The top set definitions."
    proposals = [
        propose(text, "top", "summit"),
        propose(text, "set", "definitions"),
        propose(text, "definitions", "tariffs"),
    ]
    choices, _ = search(text, proposals)
    assert taken(choices) == ["summit", "tariffs"]
    assert len(choices) == 3


def test_sure_edits_come_first_and_shape_what_the_model_reads() -> None:
    text = "ReutersThe top failed. It was a so -called top."
    proposals = [
        propose(text, "Reuters", "", Origin.RESIDUE),
        propose(text, "top", "summit"),
        propose(text, "so -called", "so-called", Origin.RESIDUE),
        propose(text, "top", "summit", at=25),
    ]
    choices, fluency = search(text, proposals)
    assert taken(choices) == ["", "summit", "so-called", "summit"]
    # sure edits are made before anything is read; a sentence is read again behind what stands there by then
    again = "It was a so-called top."
    assert fluency.asked == [("", "The top failed."), ("The top failed.", again), ("The summit failed.", again)]


def test_of_two_sure_edits_that_clash_the_surer_wins() -> None:
    text = "the the top"
    low = propose(text, "the the", "the", Origin.RESIDUE, score=0.9)
    high = propose(text, "the top", "the summit", Origin.RESIDUE, score=0.95)
    choices, _ = search(text, [low, high])
    assert taken(choices) == ["the summit"]
    assert len(choices) == 2


def test_judged_edits_keep_off_sure_ones() -> None:
    text = "The top failed."
    choices, fluency = search(
        text, [propose(text, "top", "summit"), propose(text, "The top", "A deal", Origin.RESIDUE)]
    )
    assert taken(choices) == ["A deal"]
    assert fluency.asked == []


def test_an_edit_that_reaches_into_the_next_sentence_keeps_its_place() -> None:
    text = "Write to us now. The top is yours."
    first = propose(text, text, "", Origin.RESIDUE)
    choices, fluency = search(text, [first, propose(text, "top", "summit"), propose(text, "is", "was", Origin.RESIDUE)])
    assert taken(choices) == [""]
    assert len(choices) == 3 and fluency.asked == []


def test_at_most_so_many_candidates_are_scored_and_none_is_lost() -> None:
    text = "The top failed."
    proposals = [propose(text, "top", f"summit{i}") for i in range(9)]
    choices, _ = search(text, proposals, max_candidates=3)
    assert sum(c.proposal.evidence.gain is not None for c in choices) == 3
    assert {c.proposal.edit.after for c in choices} == {p.edit.after for p in proposals}


def test_the_order_of_proposals_does_not_matter() -> None:
    text = "The top set definitions. The top failed."
    proposals = [
        propose(text, "top", "summit"), propose(text, "top", "talks"), propose(text, "definitions", "tariffs"),
        propose(text, "top", "summit", at=20), propose(text, "The", "A", Origin.RESIDUE, score=0.6),
    ]  # fmt: skip
    assert search(text, proposals)[0] == search(text, proposals[::-1])[0]


def test_no_proposals_no_questions() -> None:
    choices, fluency = search("The top failed.", [])
    assert choices == [] and fluency.asked == []


@pytest.mark.parametrize(
    ("start", "end", "after", "expected"),
    [
        (0, 0, "", "The top failed."),
        (10, 13, "summit", "The summit failed."),
        (0, 10, "", "top failed."),
        (20, 26, "", "The top failed"),
        (0, 26, "", ""),
    ],
)
def test_rewrite_cuts_at_the_edges_of_the_sentence(start: int, end: int, after: str, expected: str) -> None:
    text = "Gone. The top failed. Next"
    span = Span(start, end)
    assert rewrite(segment(Document("d", text))[1], [Edit(span, span.of(text), after)]) == expected


def test_a_deletion_comes_before_a_surer_repair_inside_it() -> None:
    text = "The vote is on.\nReuters/Kevin Lamark"
    credit = propose(text, "Reuters/Kevin Lamark", "", Origin.RESIDUE, score=0.97)
    name = propose(text, "Lamark", "Lamarque", Origin.RESIDUE, score=0.99)
    choices, _ = search(text, [name, credit])
    assert taken(choices) == [""]


def test_a_sentence_where_nothing_tempts_is_read_once() -> None:
    text = "The top failed. He came in time."
    choices, fluency = search(text, [propose(text, "top", "summit"), propose(text, "in", "on", at=20)])
    assert taken(choices) == ["summit"]
    assert [sentence for _, sentence in fluency.asked] == ["The top failed.", "He came in time."]


def test_proposals_learn_of_the_document() -> None:
    text = "The top failed. The definitions hurt. Another top is planned."
    found = [
        propose(text, "top", "summit"),
        propose(text, "definitions", "tariffs"),
        propose(text, "top", "summit", at=40),
    ]
    found = [replace(p, evidence=replace(p.evidence, sense_set=p.edit.before, sense=p.edit.after)) for p in found]
    seen = {c.proposal.edit.span.start: c.proposal.evidence for c in search(text, found)[0]}
    assert [seen[p.edit.span.start].agreed for p in found] == [1.0, None, 1.0]
    shares = {evidence.damage for evidence in seen.values()}
    assert len(shares) == 1 and 0.2 < (shares.pop() or 0.0) < 0.95


def test_of_synonyms_the_smaller_change_is_made() -> None:
    text = "The gross local product fell."
    found = [propose(text, "gross local product", after) for after in ("GDP", "gross domestic product")]
    found = [replace(p, evidence=replace(p.evidence, sense_set="s", sense="GDP")) for p in found]
    assert taken(search(text, found, {"local": 9.0})[0]) == ["gross domestic product"]


def test_a_name_that_the_document_makes_sure_keeps_off_edits_from_elsewhere() -> None:
    text = "Write to us now. Witkeov is yours. Witkeov left."
    gone = propose(text, "Write to us now. Witkeov is yours.", "", Origin.RESIDUE)
    names = [propose(text, "Witkeov", "Witkoff", Origin.NAMES, at=at) for at in (0, 30)]
    segments = segment(Document("d", text))

    def believed(proposal: Proposal) -> float:
        return (
            probability(proposal) if proposal.origin is Origin.RESIDUE else float(proposal.evidence.damage or 0.0) * 4
        )

    homes = [next(s for s in segments if s.span.covers(p.edit.span)) for p in names]
    named = [replace(p, finding=replace(p.finding, segment=home)) for p, home in zip(names, homes, strict=True)]
    choices = Search(ToyFluency(PENALTIES), believed, lambda _: 0.5, 0.2)(segments, [gone, *named])
    assert [(c.proposal.edit.span.start, c.proposal.edit.after) for c in choices if c.chosen] == [
        (0, ""),
        (35, "Witkoff"),
    ]
    assert len(choices) == 3
