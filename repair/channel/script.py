"""The name channel: what a Latin spelling becomes through the pivot script and back, as a weighted table.

One table serves both directions: `corrupt` samples from it (for training noise), `cost` is the negative log-probability
of the cheapest way in which the channel makes an observed form from a true name (a weighted edit distance over spelling
units; Brill & Moore 2000, "An improved error model for noisy channel spelling correction").
"""

from __future__ import annotations

import math
import random
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from repair.errors import ResourceError

_OTHER = 4.2  # nats for a letter changed, lost or added in a way the table does not know
_LOOSE_VOWEL = 1.6  # nats for a vowel lost or added out of the blue: pivot scripts write few of them
_VOWELS = frozenset("aeiouy")
_CLASSES = {
    **dict.fromkeys(("b", "p"), "B"),
    **dict.fromkeys(("f", "v", "w"), "F"),
    **dict.fromkeys(("t", "d"), "T"),
    **dict.fromkeys(("s", "z", "x"), "S"),
    **dict.fromkeys(("k", "c", "q", "g", "j"), "K"),
}
_DIGRAPHS = (
    ("tsch", "TK"), ("tch", "TK"), ("sch", "S"), ("ch", "K"), ("sh", "S"), ("zh", "S"), ("th", "T"), ("ph", "f"),
    ("gh", "K"), ("kh", "K"), ("ck", "K"), ("wh", "w"), ("ts", "S"), ("tz", "S"), ("dj", "K"), ("x", "KS"), ("qu", "K"),
)  # fmt: skip


def plain(name: str) -> str:
    """Lower-case ASCII letters of a name, the rest dropped: what the table is about.

    >>> plain("Kılıçdaroğlu"), plain("EPA -EFE")
    ('kilicdaroglu', 'epaefe')
    """
    name = name.translate(_LETTERS)
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", name).lower())


_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "ß": "ss", "đ": "d", "æ": "ae", "ð": "d", "þ": "th"}
)


@lru_cache(maxsize=262144)
def skeleton(name: str) -> str:
    """Consonant classes of a name, vowels and *h* dropped, doubles merged: the key under which it is looked up.

    >>> skeleton("Witkoff"), skeleton("Witkeov"), skeleton("Whitchov")
    ('FTKF', 'FTKF', 'FTKF')
    """
    key = plain(name)
    for letters, to in _DIGRAPHS:
        key = key.replace(letters, to)
    kept = [_CLASSES.get(c, c.upper()) for c in key if c not in _VOWELS and c != "h"]
    return "".join(c for i, c in enumerate(kept) if not i or c != kept[i - 1])


@dataclass(frozen=True, eq=False)
class Script:
    """Spelling units of Latin names and, for each, the spellings that come back with their probabilities."""

    back: Mapping[str, Mapping[str, float]]

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.back))

    @cached_property
    def _costs(self) -> dict[str, tuple[tuple[str, float], ...]]:
        """Per unit the outputs with their cost: -log p relative to the likeliest output, so that 0 is 'as usual'."""
        costs = {}
        for unit, outputs in self.back.items():
            best = max(outputs.values())
            costs[unit] = tuple((out, math.log(best / p) if out != unit else 0.0) for out, p in outputs.items())
        return costs

    def cost(self, observed: str, name: str) -> float:
        """Cost in nats of the cheapest path from `name` to `observed`; 0 for the same letters.

        >>> script = load_script(DEFAULT)
        >>> script.cost("Witkeov", "Witkoff") < script.cost("Witkeov", "Whitaker")
        True
        """
        return self._cost(plain(observed), plain(name))

    @lru_cache(maxsize=65536)  # noqa: B019  (a Script lives as long as the process)
    def _cost(self, seen: str, true: str) -> float:
        return 0.0 if seen == true else self._table(seen, true)[-1][-1][0]

    def changes(self, observed: str, name: str) -> list[tuple[str, str]]:
        """The units on the cheapest path that changed, as (seen, true); doubled and lost letters included.

        >>> load_script(DEFAULT).changes("Blockine", "Blokhin")
        [('ck', 'kh'), ('e', '')]
        """
        seen, true = plain(observed), plain(name)
        table, i, j = self._table(seen, true), len(true), len(seen)
        changed = []
        while i or j:
            _, di, dj = table[i][j]
            if (pair := (seen[j - dj : j], true[i - di : i])) and pair[0] != pair[1]:
                changed.append(pair)
            i, j = i - di, j - dj
        return changed[::-1]

    def _table(self, seen: str, true: str) -> list[list[tuple[float, int, int]]]:
        """Cheapest cost of every prefix pair, and the step that reached it."""
        table = [[(math.inf, 0, 0)] * (len(seen) + 1) for _ in range(len(true) + 1)]
        table[0][0] = (0.0, 0, 0)
        for i, row in enumerate(table):
            for j in range(len(seen) + 1):
                here = row[j][0]
                for di, dj, price in self._steps(true, i, seen, j) if here < math.inf else ():
                    if here + price < table[i + di][j + dj][0]:
                        table[i + di][j + dj] = (here + price, di, dj)
        return table

    def _steps(self, true: str, i: int, seen: str, j: int) -> list[tuple[int, int, float]]:
        steps = []
        for size in range(1, min(self._longest, len(true) - i) + 1):
            for out, price in self._costs.get(true[i : i + size], ()):
                if seen.startswith(out, j):
                    steps.append((size, len(out), price))
        if i < len(true):
            steps.append((1, 0, _LOOSE_VOWEL if true[i] in _VOWELS else _OTHER))
            if j < len(seen):
                both = true[i] in _VOWELS and seen[j] in _VOWELS
                same = true[i] == seen[j]
                steps.append((1, 1, 0.0 if same else _LOOSE_VOWEL if both else _OTHER))
        if j < len(seen):
            doubled = j > 0 and seen[j] == seen[j - 1]
            steps.append((0, 1, _LOOSE_VOWEL if seen[j] in _VOWELS or seen[j] == "h" or doubled else _OTHER))
        return steps

    def corrupt(self, name: str, rng: random.Random) -> str:
        """Take a name through the script and back; capital first letters stay.

        >>> load_script(DEFAULT).corrupt("Witkoff", random.Random(3)) != ""
        True
        """
        return re.sub(r"[^\W\d_]+", lambda m: self._corrupt_word(m[0], rng), name)

    def _corrupt_word(self, word: str, rng: random.Random) -> str:
        letters, i, made = plain(word), 0, []
        while i < len(letters):
            size = next(
                n for n in range(min(self._longest, len(letters) - i), 0, -1) if letters[i : i + n] in self.back
            )
            outputs = self.back[letters[i : i + size]]
            made.append(rng.choices(list(outputs), list(outputs.values()))[0])
            i += size
        result = "".join(made) or word
        return result[:1].upper() + result[1:] if word[:1].isupper() else result


DEFAULT = Path(__file__).parent / "data" / "ara" / "script.tab"


@lru_cache(maxsize=8)
def load_script(path: Path) -> Script:
    """Read a script table. Raises ResourceError naming file, line and reason."""
    back: dict[str, dict[str, float]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith(("#", "latin\t")):
            continue
        try:
            unit, _pivot, outputs = line.split("\t")
            weights = {}
            for item in outputs.split(" "):
                out, _, weight = item.rpartition(":")
                weights["" if out == "-" else out] = float(weight)
        except ValueError:
            raise ResourceError(
                f"{path}:{number}: expected latin<TAB>pivot<TAB>spelling:weight …, got {line!r}"
            ) from None
        total = sum(weights.values())
        back[unit] = {out: weight / total for out, weight in weights.items()}
    missing = set("abcdefghijklmnopqrstuvwxyz") - back.keys()
    if missing:
        raise ResourceError(f"{path}: no row for {', '.join(sorted(missing))}")
    return Script(back)
