"""The residue channel: page furniture that was glued to the text or left in it, found by patterns.

Pattern families, all anchored at a line's start, a sentence's end or a whole line, so that running text is left alone:
photo credits, *listen to this article*, promotion and comment boxes, bare links, lines in another script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from repair.types import Span

_AGENCIES = (
    r"Getty Images?|Getty|Shutterstock|Alamy|Reuters|AFP|EPA ?- ?E{1,2}FE|EPA|EFE|AP Photo|AP Images|AP|PA Media|PA Wire|"
    r"PA Images|PA|Anadolu Agency|Anadolu|AA|Xinhua|TASS|RIA Novosti|Sputnik|NurPhoto|Bloomberg|Zuma(?: Press)?|ZUMA|"
    r"Pool|Handout|Press Association|Imago|IMAGO|dpa|DPA|ANSA|Kyodo|Yonhap|Rex Features|Rex|SOPA Images|CNP|UPI|MAXPPP|"
    r"Hulton Archive|WireImage|FilmMagic|BBC|Magnum|Corbis|Barcroft|LightRocket|ActionImages|Action Images"
)
_NAME = r"(?:[A-Z](?:[\w'’.-]*\w)?\.?(?: ?[–-] ?| ))"
_LAST = r"(?:Mc|Mac|De|Di|Le|La|O['’]|Al-)?[A-Z][a-zà-öø-ÿ'’-]+?"
_GLUE = r"(?=[A-Z“‘\"][a-z’'A-Z“]*\b)"
_OWNER = r"(?:(?:[\w'’.&-]+(?: ?[–-] ?| )){0,9}[\w'’.&-]+ ?/ ?)"
_PATTERNS: tuple[tuple[str, float, re.Pattern[str]], ...] = tuple(
    (rule, score, re.compile(pattern, re.MULTILINE))
    for rule, score, pattern in (
        # Anna Lee/Agence/ReutersMeanwhile — owner and agency, the next sentence glued on (or after one blank)
        ("residue.credit", 0.99, rf"(?:^|(?<=[.!?”\"]))(?:{_OWNER}){{1,3}}(?:{_AGENCIES})(?: (?:[Pp]ool|[Ii]mages?|[Vv]ia \w+))?{_GLUE}"),
        ("residue.credit", 0.97, rf"^{_NAME}{{1,3}}?[A-Z][\w'’-]+ ?/ ?(?:{_AGENCIES})(?: ?/ ?(?:{_AGENCIES}))*(?: via [A-Z]\w+(?: [A-Z]\w+)?)? (?=[A-Z“])"),
        # Reuters/Anna LeeMeanwhile — agency first, then the photographer and the next sentence in one word
        ("residue.credit", 0.98, rf"(?:^|(?<=[.!?”\"]))(?:{_AGENCIES}) ?/ ?{_NAME}{{0,3}}{_LAST}(?=[A-Z“‘\"])"),
        # ReutersMeanwhile, Getty ImagesThe — an agency alone
        ("residue.credit", 0.97, r"^(?:Getty Images|Shutterstock|Reuters|AFP|EPA ?-? ?E*FE|EPA|PA Media|Anadolu|Xinhua|Alamy|AP Photo)(?=[A-Z“‘][a-z]{1,}[ ,’'])"),
        # … for months. PA MediaSince then — an agency between two sentences, glued to the second
        ("residue.credit", 0.95, r"(?<=[a-z][.!?”\"] )(?:Getty Images|Shutterstock|Reuters|AFP|EPA ?-? ?E*FE|EPA|PA Media|Anadolu|Xinhua|Alamy|AP Photo)(?=[A-Z“‘][a-z]+[ ,’'])"),
        # a line that is nothing but a credit
        ("residue.credit", 0.99, rf"^(?:{_OWNER}){{1,4}}(?:{_AGENCIES})(?: (?:[Pp]ool|[Ii]mages?))?\.?$"),
        ("residue.credit", 0.98, rf"^(?:{_AGENCIES}) ?/ ?{_NAME}{{0,3}}[A-Z][\w'’-]+\.?$"),
        ("residue.credit", 0.98, r"^(?:Getty Images|Shutterstock|Reuters|AFP|EPA(?: ?- ?E{1,2}FE)?|PA Media|Alamy)$"),
        ("residue.credit", 0.97, rf"^(?:Image|Picture|Photo(?:graph)?|File photo|Credit|Photo credit|Image source|Image caption)(?: (?:by|source|credit|caption))?[:,] ?[^.\n]{{0,80}}?(?:{_AGENCIES})(?=[A-Z“]|$)"),
        ("residue.credit", 0.95, rf" ?[\[(](?:File ?)?(?:Photo(?:graph)?(?: by)?:? )?(?:[\w'’.-]+ ){{0,3}}[\w'’.-]+ ?/ ?(?:{_AGENCIES})(?: ?/ ?[\w ]{{2,30}})?(?: via [\w ]{{2,20}})?[\])]"),
        # listen to …
        ("residue.listen", 0.99, r"(?:^|(?<=[.!?”\"]))(?:BBC ?)?[Ll]isten to (?:(?:[A-Z]\w+ ){1,3}[Rr]ead(?:ing|s)?|the|this) (?:this |the )?(?:article|story|report|audio version)(?: ?\(\d+ min(?:ute)?s?\))?[.:]?"),
        ("residue.listen", 0.95, r"^(?:Listen to (?:this |the )?(?:article|story|report)|Listen|(?:Reading time|Read time|Time (?:of|to) read(?:ing)?|Duration of reading|Reading duration):?|\d+ min(?:ute)?s? (?:of )?(?:read|listen)(?:ing)?)(?: ?[–—|:(]? ?\d+[^\n]{0,20})?$"),
        # a teaser glued to the sentence behind it: Read more: What your heart tells youHeart failure …
        ("residue.teaser", 0.95, r"^(?:(?:Read more|Read also|Watch|Highlights|Listen|Related|In pictures|Video|Explainer|More on this|See also):|Follow (?:us|our)\b[^\n.]{0,30} on) ?[^\n.!?]{2,60}?[a-z0-9](?=[A-Z][a-z]* [a-z\w])(?<! [A-Z])"),
        # a teaser that is a line of its own, never the headline: Highlights: Arsenal 2-1 PSG
        ("residue.teaser", 0.95, r"(?<=\n)(?:Read more|Read also|Also read|Watch|Watch also|See also|Highlights|Related|In pictures|Gallery|Video|Podcast|Recommended): ?[^\n.!?]{2,90}$"),
        ("residue.teaser", 0.96, r"^(?:You (?:may|might|could) (?:also )?(?:like|be interested in)|Topics (?:that (?:may|might) )?(?:be of interest to|interest) you|(?:Similar|Suggested|Recommended) (?:topics|articles|news|stories|content)|Recommended for you|Trending(?: now)?|Also read|Watch also|See also)(?: this| these)?[:.…]*$"),
        # skip links of readers that were never meant to be seen
        ("residue.boilerplate", 0.97, r"^(?:Skip|Pass|Bypass|Cross) [^\n.]{2,70} and (?:continue|keep|resume|go on|follow)(?: on)? (?:to )?read(?:ing)?\.?$"),
        ("residue.boilerplate", 0.96, r"^(?:The )?[Ee]nd of (?:the )?(?:most (?:read|popular)|podcasts?|newsletters?|advertisement|video|topics? that [^\n.]{2,40}|related [^\n.]{2,20})\.?$"),
        # Source of the image, Getty Images
        ("residue.credit", 0.96, rf"^(?:The )?(?:[Ss]ource of the (?:image|picture|photo)|(?:[Ii]mage|[Pp]icture|[Pp]hoto) (?:source|issued by|released by|copyright)|(?:[Ii]mage|[Pp]icture|[Pp]hoto) was (?:issued|released)(?: by)?)[,:] ?[^\n.]{{0,60}}(?:{_AGENCIES})[^\n.]{{0,30}}$"),
        # promotion, sharing and comments
        ("residue.boilerplate", 0.97, r"^(?:(?:Share|Save|Print|E-?mail|Copy link|Tweet|Follow|Like|Comments?|Bookmark|Add as preferred(?: source)?(?: on Google)?|Subscribe|Sign in|Log in|Listen|Facebook|Twitter|WhatsApp|LinkedIn|X|Telegram)[ |·•]*){2,}$"),
        ("residue.boilerplate", 0.93, r"^(?:Write to us|Send us your|Tell us (?:your|what you)|Let us know what|Share (?:with us )?your (?:views?|opinions?|thoughts|story)|Have your say|Get in touch|Join the conversation|Press the bell|Do you have a story)[^\n]{0,160}$"),
        ("residue.boilerplate", 0.98, r"^(?:Share(?: this)?(?: (?:article|story|post|page))?(?: (?:on|via|with)\b[^.\n]{0,50})?|Post (?:a )?comment|Send (?:a |the )?comment|Leave a (?:comment|reply)|Add (?:a )?comment|Comments?|Advertisement|Advertising|Related (?:topics|articles|stories)|Read (?:more|also)|More on this story|Most read|Print|Email|Copy link|Save)\.?:?$"),
        ("residue.boilerplate", 0.96, r"^(?:Sign up (?:here )?(?:for|to) (?:our|the)|Subscribe (?:to|now|here)|Follow (?:us|BBC|the BBC|Reuters|CNN) on|Download (?:our|the) app|(?:Click|Press|Tap) here (?:to|for)|(?:Participate in|Register (?:in|for)) (?:our|the) (?:newsletter|mailing list)|(?:Join|Follow) (?:us on|our) (?:channel|page|account|group)\b|To read more (?:from|of) )[^\n]{0,200}$"),
        ("residue.link", 0.99, r"^(?:https?://|www\.)\S+$"),
    )
)  # fmt: skip
_CUES = re.compile(
    r"\b(?:click(?:ing)? (?:here|on|the)|(?:button|link|form) below|newsletters?|subscribe|sign up|(?:your|my) in ?box|iplayer|bbc sounds|"
    r"send us|tell us what|follow us|best analysis|(?:new )?home (?:of|on) (?:our|the) (?:web)?site|our (?:site|page|channel|app|website)|"
    r"download the app|thought-provoking content|thinking content|notes in the \w+ section)\b",
    re.IGNORECASE,
)


# a sentence ends at its mark and a blank, at a mark with the next sentence glued on, or in the middle of a glued word
_SENTENCE = re.compile(r"\S.*?(?:[.!?][”\"’')]?(?:\s+|(?=[A-Z“][a-z]+\b)|$)|[a-z)](?=[A-Z][a-z]+ [a-z])|$)")


@dataclass(frozen=True, slots=True)
class Residue:
    """A stretch of page furniture; `line` says whether it takes up whole lines."""

    span: Span
    rule: str
    score: float
    line: bool


def find_residue(text: str) -> list[Residue]:
    """Every stretch of residue in `text`, in order, without overlaps (the longer wins).

    >>> [r.span.of("Anna Lee/ReutersMeanwhile, talks went on.") for r in find_residue("Anna Lee/ReutersMeanwhile, talks went on.")]
    ['Anna Lee/Reuters']
    """
    found = [
        Residue(Span(m.start(), m.end()), rule, score, _whole_line(text, m.start(), m.end()))
        for rule, score, pattern in _PATTERNS
        for m in pattern.finditer(text)
        if m.end() > m.start()
    ]
    found += _other_script(text)
    found += _promotion(text)
    kept: list[Residue] = []
    for item in sorted(found, key=lambda r: (-len(r.span), r.span)):
        if not any(item.span.overlaps(other.span) for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda r: r.span)


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield Span(start, start + len(line))
        start += len(line) + 1


def _whole_line(text: str, start: int, end: int) -> bool:
    return (start == 0 or text[start - 1] == "\n") and (end == len(text) or text[end] == "\n")


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("LATIN", "FEMININE", "MASCULINE"))


def _other_script(text: str) -> list[Residue]:
    """Lines without a Latin letter in a text that is otherwise Latin: a button or a caption nobody translated."""
    letters = [c for c in text if c.isalpha()]
    if sum(map(_is_latin, letters)) * 2 < len(letters):
        return []
    found = []
    for span in _lines(text):
        inside = [c for c in span.of(text) if c.isalpha()]
        if inside and not any(map(_is_latin, inside)):
            found.append(Residue(span, "residue.script", 0.98, True))
    return found


def _promotion(text: str) -> list[Residue]:
    """Closing sentences that talk about the site itself.

    Two cues make a sentence all but sure, also for its neighbours with one cue; a lone cue is doubtful.
    """
    filled = [span for span in _lines(text) if span.of(text).strip()]
    found: list[Residue] = []
    for line in filled[max(1, len(filled) - 5) :] if len(filled) > 3 else []:
        sentences = [Span(line.start + m.start(), line.start + m.end()) for m in _SENTENCE.finditer(line.of(text))]
        cues = [len({m[0].lower() for m in _CUES.finditer(span.of(text))}) for span in sentences]
        for i, span in enumerate(sentences):
            near = max(cues[max(0, i - 1) : i + 2])
            if cues[i]:
                score = 0.96 if near >= 2 and len(span.of(text).split()) <= 45 else 0.6
                last = found[-1] if found else None
                if last and last.score == score and last.span.end == span.start:
                    found[-1] = Residue(Span(last.span.start, span.end), "residue.promotion", score, False)
                else:
                    found.append(Residue(span, "residue.promotion", score, False))
    return [Residue(r.span, r.rule, r.score, _whole_line(text, r.span.start, r.span.end)) for r in found]
