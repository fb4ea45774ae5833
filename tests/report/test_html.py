from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from repair.report import html
from repair.report.html import render, shorten
from repair.report.plot import score_plots
from repair.score import Report
from repair.types import Document, Kind, Origin, Repair, Verdict

MakeRepair = Callable[..., Repair]
HOSTILE = "<script>alert(1)</script>\"'>&amp;{{ 7*7 }}"
VOID = {"meta", "br"}


class Page(HTMLParser):
    """The page as a reader meets it: tags, ids, links, and what stands in the two columns."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.columns: dict[str, list[str]] = {"before": [], "after": []}
        self.words: dict[str, list[str]] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self._open == [], "tags left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.tags[tag] += 1
        self.ids += [given["id"]] if "id" in given else []
        self.attributes += given.items()
        self.words.setdefault(tag, []).append("")
        style = given.get("class", "").split(" ")[0]
        if tag == "p" and style in self.columns:
            self.columns[style].append("")
        if tag not in VOID:
            self._open.append((tag, style))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for tag in {tag for tag, _ in self._open}:
            self.words[tag][-1] += data
        styles = [style for _, style in self._open]
        for column in self.columns:
            if column in styles and not {"chip", "gone"} & set(styles):
                self.columns[column][-1] += data


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def test_both_texts_are_on_the_page_to_the_letter(repair: Repair) -> None:
    page = Page(render([repair], None, title="Run"))
    assert page.columns["before"] == lines(repair.document.text)
    assert [text for text in page.columns["after"] if text.strip()] == lines(repair.text)
    assert len(page.columns["before"]) == len(page.columns["after"])


def test_changes_are_marked_and_lead_to_their_reasons_and_back(repair: Repair) -> None:
    text = render([repair], None, title="Run")
    assert '<del class="phrase" dir="auto">top</del><a class="chip phrase" id="d1-before-1" href="#d1-1"' in text
    assert '<ins class="name" dir="auto">Witkoff</ins><a class="chip name" id="d1-after-4" href="#d1-4"' in text
    assert '<mark>definitions</mark><a class="chip review" id="d1-after-R1" href="#d1-R1"' in text
    assert text.count("line removed") == 4
    page = Page(text)
    links = {value[1:] for key, value in page.attributes if key == "href"}
    assert {"d1-1", "d1-5", "d1-R2", "d1-after-5", "d1-after-R2"} <= links <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_the_head_counts_and_signs(repair: Repair) -> None:
    page = Page(render([repair, repair], None, title="Monday"))
    assert page.words["h1"] == ["Monday"]
    assert dict(zip(page.words["dt"], page.words["dd"], strict=True)) == {
        "Documents": "2", "Words": "58", "Applied": "10", "For review": "4", "Dropped": "2",
    }  # fmt: skip
    assert "mt-repair 0.1.0 · config f514dbf2bc75" in page.words["p"]
    assert page.words["h3"] == ["Applied 5", "For review 2"] * 2
    assert page.tags["details"] == 2


def test_contents_only_for_several_documents(repair: Repair) -> None:
    assert Page(render([repair], None, title="Run")).tags["nav"] == 0
    page = Page(render([repair, repair], None, title="Run"))
    assert page.tags["nav"] == 1
    assert ("href", "#d2") in page.attributes


def test_hostile_text_stays_text(make_repair: MakeRepair, report: Report) -> None:
    change = (HOSTILE, HOSTILE * 2, Kind.NAME, Origin.GLOSSARY)
    hostile = [
        make_repair(f"A {HOSTILE} b", (*change, verdict, 0.5), doc_id=HOSTILE, reason=HOSTILE) for verdict in Verdict
    ]
    hostile[0] = Repair(
        Document(HOSTILE, hostile[0].document.text, HOSTILE), hostile[0].text, (), hostile[0].decisions, {"x": HOSTILE}
    )
    scored = Report(report.counts, {HOSTILE: report.counts}, report.texts, {HOSTILE: HOSTILE})
    text = render(hostile, scored, title=HOSTILE, set_aside=[HOSTILE])
    page = Page(text)
    assert page.tags["script"] == 0
    assert "<script" not in text
    assert page.words["h1"] == page.words["title"] == [HOSTILE]
    assert page.columns["before"][0] == f"A {HOSTILE} b"
    assert not any(key.startswith("on") for key, _ in page.attributes)


def test_the_page_needs_nothing_else(repair: Repair, report: Report) -> None:
    text = render([repair], report, title="Run")
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "base", "object"} & set(page.tags)
    assert not [value for key, value in page.attributes if key in {"src", "href"} and not value.startswith("#")]
    assert "http:" not in text and "https:" not in text and "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    assert "default-src 'none'" in text


def test_scores_stand_above_the_documents(repair: Repair, report: Report) -> None:
    page = Page(render([repair], report, title="Run"))
    assert page.words["caption"] == ["Repairs by kind", "Texts"]
    assert {"70.0%", "–", "64.3%", "32.10", "21.70", "0.012"} <= set(page.words["td"])
    assert "case:lc|version:2.6.0" in page.words["code"]
    assert page.tags["svg"] == 2
    assert "Scores" not in Page(render([repair], None, title="Run")).words["h2"]


def test_plots_are_the_same_each_time_and_say_what_they_show(report: Report) -> None:
    recall, ter = score_plots(report)
    assert [recall, ter] == score_plots(report)
    assert ElementTree.fromstring(recall).attrib["aria-label"] == (
        "Recall by kind: phrase 70.0%, name 100.0%, grammar –, residue 0.0%"
    )
    assert ElementTree.fromstring(ter).attrib["aria-label"] == "TER (less is better): untouched 32.1, repaired 21.7"
    assert "var(--phrase)" in recall and "#0000" not in recall and "<metadata" not in recall


def test_rendering_is_deterministic(repair: Repair, report: Report) -> None:
    assert render([repair], report, title="Run") == render([repair], report, title="Run")


def test_large_runs_are_shown_in_part(monkeypatch: pytest.MonkeyPatch, repair: Repair) -> None:
    monkeypatch.setattr(html, "MAX_DOCUMENTS", 2)
    page = Page(render([repair] * 5, None, title="Run"))
    assert page.tags["article"] == 2
    assert page.words["dd"][0] == "5"
    assert any("The first 2 documents are shown; 3 more" in text for text in page.words["p"])


def test_many_dropped_proposals_are_shown_in_part(monkeypatch: pytest.MonkeyPatch, make_repair: MakeRepair) -> None:
    monkeypatch.setattr(html, "MAX_DROPPED", 1)
    dropped = [("top", word, Kind.PHRASE, Origin.LEXICON, Verdict.DROP, 0.1) for word in ("peak", "head", "tip")]
    page = Page(render([make_repair("the top", *dropped)], None, title="Run"))
    assert page.words["summary"] == ["Dropped 3"]
    assert page.tags["li"] == 1


@pytest.mark.parametrize("text", ["", "\n", "All is well."])
def test_an_unchanged_document_says_so(make_repair: MakeRepair, text: str) -> None:
    page = Page(render([make_repair(text, doc_id="quiet")], None, title="Run"))
    assert "Nothing was changed." in page.words["p"]
    assert page.words["h2"] == [text.strip() or "quiet"]


def test_what_is_set_aside_is_listed() -> None:
    page = Page(render([], None, title="Run", set_aside=["a.csv:3: not UTF-8", "b.txt: empty"]))
    assert page.words["h2"] == ["Set aside 2"]
    assert page.words["li"] == ["a.csv:3: not UTF-8", "b.txt: empty"]


def test_changes_of_blanks_are_named(make_repair: MakeRepair) -> None:
    blank = make_repair("US -Russian\nthe end", ("\n", " ", Kind.RESIDUE, Origin.RESIDUE, Verdict.APPLY, 0.97))
    assert Page(render([blank], None, title="Run")).words["em"] == ["line end", "blank"]


def test_long_changes_are_cut_in_the_middle() -> None:
    assert shorten("https://" + "x" * 200, 40) == "https://" + "x" * 12 + " … " + "x" * 20
    assert shorten("short\n") == "short"
