"""Clean news sentences and the garbled pairs made of them."""

from __future__ import annotations

import hashlib
import json
import lzma
import random
import re
from collections.abc import Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from repair.channel.lexicon import load_lexicon
from repair.channel.noise import Noise, Rates
from repair.channel.script import load_script
from repair.errors import ResourceError
from repair.stages.segment import segment
from repair.types import Document

_BROKEN = re.compile(r"[a-z][.!?,][A-Z]|[a-z][A-Z][a-z]|\s[,.;]|[�|<>{}\[\]]|https?:|www\.|\(\w*$")
_ENDS = re.compile(r"[.!?][”\"’')]?$")


def sentence_key(sentence: str) -> str:
    """A hash of the letters of a sentence: equal for texts that differ in case, spacing and punctuation alone."""
    letters = re.sub(r"[\W_]+", "", sentence.lower())
    return hashlib.sha1(letters.encode()).hexdigest()[:16]


def news_articles(path: Path, *, seed: int) -> Iterator[str]:
    """Article texts out of `news/train.jsonl.xz`, in an order fixed by `seed`. Raises ResourceError without it."""
    if not path.is_file():
        raise ResourceError(f"{path}: no training news there; name the data folder with --data")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    random.Random(seed).shuffle(texts)
    yield from texts


def clean_sentences(text: str) -> Iterator[str]:
    """The sentences of an article that are safe to call clean: whole, ended, 6 to 60 words, no glue, no markup."""
    for item in segment(Document("news", text)):
        sentence = item.text
        count = sentence.count(" ") + 1
        if 6 <= count <= 60 and _ENDS.search(sentence) and not _BROKEN.search(sentence) and sentence[0] not in "-–—*•":
            yield sentence


@dataclass(frozen=True, slots=True)
class NoiseSource:
    """What a worker process needs to rebuild the channel."""

    lexicons: tuple[Path, ...]
    script: Path
    rates: Rates
    seed: int


_noise: Noise | None = None


def _start(source: NoiseSource) -> None:
    global _noise
    _noise = Noise(load_lexicon(source.lexicons), load_script(source.script), source.rates)


def _garble(task: tuple[str, int]) -> list[tuple[str, str]]:
    assert _noise is not None
    text, seed = task
    return [(_noise(sentence, seed), sentence) for sentence in clean_sentences(text)]


def garbled_pairs(
    articles: Iterator[str], source: NoiseSource, *, limit: int, excluded: Collection[str] = (), workers: int = 2
) -> Iterator[tuple[str, str]]:
    """(garbled, clean) sentence pairs, at most `limit`, no clean sentence twice, none whose key is in `excluded`."""
    seen = set(excluded)
    with ProcessPoolExecutor(workers, initializer=_start, initargs=(source,)) as pool:
        made = 0
        while made < limit and (batch := list(islice(articles, 400))):
            for pairs in pool.map(_garble, [(text, source.seed) for text in batch], chunksize=20):
                for pair in pairs:
                    key = sentence_key(pair[1])
                    if key not in seen and made < limit:
                        seen.add(key)
                        made += 1
                        yield pair
