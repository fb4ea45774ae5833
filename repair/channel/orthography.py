"""How Latin spellings are said: a pivot script writes down the sound of a name, not its letters.

*Szymon Marciniak* goes into Arabic as *shymon martsinyak*, *Frémaux* as *fremo*, *Leicester* as *lester*. Which
language a name is from is not known, so each orthography is tried; only the consonants are looked after, as vowels are
cheap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_RULES: Mapping[str, tuple[tuple[str, str], ...]] = {
    # rewritten from left to right, one rule after the other; ASCII capitals protect what has been rewritten
    "french": (
        (r"eaux?\b|aux\b|ault\b|aut\b", "O"), (r"ille", "Iy"), (r"gn", "Ny"), (r"ch(?!r)", "SH"), (r"qu", "K"),
        (r"ç|c(?=[eiyéè])", "S"), (r"oi", "wa"), (r"(?<=[a-zé]{3})(?:ts|ds|t|d|x|s|p)\b", ""),
        (r"(?<=[a-z]{2})ez\b", "e"), (r"h", ""),
    ),
    "polish": (
        (r"sz|ś", "SH"), (r"cz|ć", "CH"), (r"rz|ż|ź", "ZH"), (r"ch", "KH"), (r"c(?!h|k)", "TS"), (r"ł", "w"),
        (r"j", "y"),
    ),
    "german": ((r"tsch", "CH"), (r"sch|\bs(?=[pt])", "SH"), (r"tz|z", "TS"), (r"v", "f"), (r"w", "v"), (r"j", "y")),
    "dutch": ((r"sch\b", "S"), (r"sch", "SKH"), (r"g(?!h)", "KH"), (r"v", "f"), (r"ij|j", "y")),
    "spanish": (
        (r"ll", "y"), (r"ñ", "Ny"), (r"j|g(?=[eiéí])", "KH"), (r"qu", "K"), (r"c(?=[eiéí])|z", "S"), (r"h", ""),
    ),
    "portuguese": ((r"nh", "Ny"), (r"lh", "Ly"), (r"ç|c(?=[eiéí])", "S"), (r"x|ch", "SH"), (r"ão\b", "aw")),
    "italian": (
        (r"gli", "Ly"), (r"gn", "Ny"), (r"sc(?=[ei])", "SH"), (r"ch", "K"), (r"cc?i(?=[aou])|cc?(?=[ei])", "CH"),
        (r"gg?i(?=[aou])|gg?(?=[ei])", "J"), (r"zz?", "TS"),
    ),
    "turkish": ((r"ç", "CH"), (r"c", "J"), (r"ş", "SH"), (r"ğ", "")),
    "slavic": ((r"[čć]", "CH"), (r"š", "SH"), (r"ž", "ZH"), (r"c(?!h|k)", "TS"), (r"đ", "J"), (r"j", "y")),
    "hungarian": ((r"sz", "S"), (r"cs", "CH"), (r"zs", "ZH"), (r"gy", "DJ"), (r"s", "SH"), (r"ly|j", "y")),
    "english": (
        (r"ce(?=ster)|ces(?=ter)", ""), (r"\bkn", "N"), (r"\bwr", "R"), (r"mb\b", "M"), (r"dge", "J"),
        (r"(?<=[aeiou])gh(?=t|\b|s)", ""), (r"tion", "SHn"), (r"c(?=[eiy])", "S"), (r"(?<=\w)wich\b", "ij"),
    ),
    "pinyin": ((r"\bx", "SH"), (r"\bq(?!u)", "CH"), (r"\bzh", "J"), (r"\bc(?!h)", "TS"), (r"\bz", "DZ")),
}  # fmt: skip


_COMPILED = [
    # what any rule of a language would touch, and the rules: most names have nothing for most languages
    (re.compile("|".join(pattern for pattern, _ in rules)), [(re.compile(pattern), sound) for pattern, sound in rules])
    for rules in _RULES.values()
]
_SILENT = re.compile(r"[aeiou\W]|(.)(?=\1)")


@lru_cache(maxsize=262144)
def readings(name: str) -> tuple[str, ...]:
    """A name as it is written, and respelled the way each language says it, where that gives other consonants.

    >>> readings("Leszek"), readings("Witkoff")
    (('Leszek', 'leshek', 'lestsek', 'lessek'), ('Witkoff', 'vitkoff'))
    """
    written = name.lower()
    kept = {_SILENT.sub("", written): name}
    for touched, rules in _COMPILED:
        if touched.search(written):
            said = written
            for pattern, sound in rules:
                said = pattern.sub(sound, said)
            said = said.lower()
            kept.setdefault(_SILENT.sub("", said), said)
    return tuple(kept.values())
