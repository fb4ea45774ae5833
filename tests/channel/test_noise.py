from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from repair.channel import noise
from repair.channel.lexicon import Lexicon, parse_set
from repair.channel.noise import Noise, Rates
from repair.channel.script import DEFAULT, load_script

Operator = Callable[[str, random.Random, float], str]
OPERATORS: list[Operator] = [
    noise.articles, noise.prepositions, noise.function_words, noise.possessives, noise.hyphens, noise.word_order,
    noise.tenses, noise.doubled_subject,
]  # fmt: skip
SCRIPT = load_script(DEFAULT)
LEXICON = Lexicon(
    (
        parse_set(["s-1", "قمة", "noun", "top | summit", ">", "often", "diplomacy", ""]),
        parse_set(["s-2", "حدث", "noun", "accident | event", "", "often", "general", ""]),
    )
)
SENTENCE = "Britain’s government said the long-term summit with Sergei Lavrov recently failed in the end."


def outcomes(operator: Operator, text: str, runs: int = 40) -> set[str]:
    return {operator(text, random.Random(seed), 1.0) for seed in range(runs)}


@pytest.mark.parametrize("operator", OPERATORS)
def test_at_rate_zero_nothing_happens(operator: Operator) -> None:
    assert operator(SENTENCE, random.Random(1), 0.0) == SENTENCE


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_same_seed_gives_the_same_text(operator: Operator) -> None:
    assert operator(SENTENCE, random.Random(5), 0.5) == operator(SENTENCE, random.Random(5), 0.5)


@pytest.mark.parametrize(
    ("operator", "text", "expected"),
    [
        (noise.articles, "They saw the deal and a plan.", {"They saw deal and plan.", "They saw a deal and the plan."}),
        (noise.articles, "Talks of peace and friendship go on.", {"Talks of peace and the friendship go on."}),
        (noise.prepositions, "He sat among them.", {"He sat between them."}),
        (noise.prepositions, "In London", {"At London", "During London"}),
        (noise.prepositions, "an informed insider", {"an informed insider"}),
        (noise.function_words, "They could go.", {"It can go."}),
        (noise.function_words, "It will end.", {"He would end.", "He shall end.", "She would end."}),
        (noise.possessives, "Britain’s economy shrank.", {"the economy of Britain shrank."}),
        (noise.possessives, "South Korea's president left.", {"the president of South Korea left."}),
        (noise.possessives, "It’s late.", {"It’s late."}),
        (noise.hyphens, "a so-called deal", {"a so -called deal"}),
        (noise.hyphens, "war - and peace", {"war - and peace"}),
        (noise.word_order, "She recently resigned from office.", {"She resigned recently from office."}),
        (noise.word_order, "He sharply criticised it.", {"He criticised sharply it."}),
        (noise.tenses, "she signed it", {"she has signed it", "she had signed it", "she was signed it"}),
        (noise.doubled_subject, "Olaf Scholz said so.", {"Olaf Scholz he said so."}),
        (noise.doubled_subject, "The talks went on.", {"The talks went on."}),
    ],
)
def test_operators(operator: Operator, text: str, expected: set[str]) -> None:
    assert expected <= outcomes(operator, text)


def test_senses_go_from_what_was_meant_to_what_is_written() -> None:
    made = {noise.senses("Two summits and an event.", random.Random(seed), 9.0, LEXICON) for seed in range(60)}
    assert "Two tops and an accident." in made
    assert all("summits" in text or "tops" in text for text in made)


def test_what_the_machine_writes_is_left_where_it_stands() -> None:
    assert {noise.senses("the top", random.Random(seed), 9.0, LEXICON) for seed in range(20)} == {"the top"}


def test_names_inside_the_sentence_only() -> None:
    made = [noise.names("Sergei met Dmitry Peskov in May.", random.Random(seed), 1.0, SCRIPT) for seed in range(20)]
    assert all(text.startswith("Sergei met ") and text.endswith(" in May.") for text in made)
    assert any("Peskov" not in text for text in made)


def test_noise_is_deterministic_and_depends_on_the_seed() -> None:
    channel = Noise(LEXICON, SCRIPT)
    first = [channel(SENTENCE, seed) for seed in range(40)]
    assert first == [Noise(LEXICON, SCRIPT)(SENTENCE, seed) for seed in range(40)]
    assert len(set(first)) > 10


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_untouched_share(share: float) -> None:
    ones = Rates(share, *[1.0] * 10)
    texts = [f"{SENTENCE} ({i})" for i in range(300)]
    clean = sum(Noise(LEXICON, SCRIPT, ones)(text, 1) == text for text in texts) / len(texts)
    assert clean == pytest.approx(share, abs=0.08)


def test_scaling_spares_the_untouched_share() -> None:
    rates = Rates(untouched=0.3, articles=0.2, names=0.1)
    assert (rates.scaled(4).articles, rates.scaled(4).names, rates.scaled(4).untouched) == (0.8, 0.4, 0.3)
    assert rates.scaled(0) == Rates(0.3, *[0.0] * 10)


def test_a_garbled_sentence_stays_one_line_of_single_blanks() -> None:
    channel = Noise(LEXICON, SCRIPT, Rates(0.0, *[0.6] * 10))
    for seed in range(100):
        assert not re.search(r"\s\s|\n|^\s|\s$", channel(SENTENCE, seed))
