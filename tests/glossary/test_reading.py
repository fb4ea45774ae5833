"""The three formats give back what they were given, and bad rows do not spoil the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from repair.errors import InputError
from repair.glossary.model import Entry, EntryKind, Status
from repair.glossary.reading import Format, format_of, read_entries, write_entries
from tests.glossary.test_model import ENTRIES


@pytest.mark.parametrize("form", Format)
@given(entries=st.lists(ENTRIES, max_size=3, unique_by=lambda e: e.id))
def test_export_of_import_is_the_same(form: Format, entries: list[Entry]) -> None:
    data = write_entries(entries, form)
    read = read_entries(data, "x", form)
    assert read.faults == () and read.entries == tuple(sorted(entries, key=lambda e: e.id))
    assert write_entries(read.entries, form) == data


@pytest.mark.parametrize("form", Format)
@given(data=st.binary(max_size=60))
def test_rubbish_is_a_fault_or_an_input_error(form: Format, data: bytes) -> None:
    try:
        assert read_entries(data, "x", form).entries == ()
    except InputError as error:
        assert str(error).startswith("x: ")


def test_bad_lines_are_set_aside_with_line_and_reason() -> None:
    lines = ['{"id": "a", "canonical": "A"}', "", "{", '{"id": "a", "canonical": "B"}', '["x"]', '{"id": "c"}']
    read = read_entries("\n".join(lines).encode() + b"\n\xff", "names.jsonl", Format.JSONL)
    assert [entry.id for entry in read.entries] == ["a"]
    places = ["names.jsonl:3: no JSON", "names.jsonl:4: the id a is used in line 1", "names.jsonl:5: not a JSON object",
              "names.jsonl:6: canonical is missing", "names.jsonl:7: not UTF-8"]  # fmt: skip
    assert [fault.startswith(place) for fault, place in zip(read.faults, places, strict=True)] == [True] * 5


def test_a_table_of_a_spreadsheet_is_read() -> None:
    table = (
        "\ufeffid;canonical;kind;aliases\r\ng-1;Kyiv;place;\r\n\r\ng-2;X;robot;\r\ng-3;Y\r\no-1;EPA;media;A | B\\|C\r\n"
    )
    read = read_entries(table.encode(), "t.csv", Format.CSV)
    assert [(e.id, e.kind, e.aliases) for e in read.entries] == [("g-1", "place", ()), ("o-1", "media", ("A", "B|C"))]
    assert [fault.split(": ")[0] for fault in read.faults] == ["t.csv:4", "t.csv:5"]


def test_no_cell_is_a_formula() -> None:
    entry = Entry("g-1", "=1+1", EntryKind.TERM, note="'@x", aliases=("-A",))
    cells = write_entries([entry], Format.CSV).decode().splitlines()[1].split(",")
    assert [cell for cell in cells if cell[:1] in ("=", "@", "-")] == [] and "'=1+1" in cells and "''@x" in cells
    assert read_entries(write_entries([entry], Format.CSV), "x", Format.CSV).entries == (entry,)


@pytest.mark.parametrize("header", ["id,canonical,colour", "id,id,canonical", "canonical", "", '"'])
def test_a_table_without_our_header_is_refused(header: str) -> None:
    with pytest.raises(InputError, match="column"):
        read_entries(f"{header}\na,b,c\n".encode(), "t.csv", Format.CSV)


def test_tbx_has_the_elements_of_the_standard() -> None:
    entry = Entry("p-1", "Kyiv", EntryKind.PLACE, house=("Kiev",), corruptions=("Kiv",), status=Status.PROPOSED)
    root = etree.fromstring(write_entries([entry], Format.TBX))
    ns = {"t": "urn:iso:std:iso:30042:ed-2"}
    assert root.get("type") == "TBX-Basic" and root.tag == f"{{{ns['t']}}}tbx"
    assert root.xpath("//t:conceptEntry/@id", namespaces=ns) == ["p-1"]
    terms = root.xpath("//t:langSec/t:termSec", namespaces=ns)
    assert [[child.text for child in term][:2] for term in terms] == [
        ["Kyiv", "preferredTerm-admn-sts"],
        ["Kiev", "supersededTerm-admn-sts"],
        ["Kiv", "deprecatedTerm-admn-sts"],
    ]


def test_tbx_of_another_tool_is_read() -> None:
    data = b"""<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
    <martif type="TBX-Basic" xml:lang="en"><text><body>
    <termEntry id="c1"><descrip type="subjectField">geography</descrip><note>a
      town</note>
      <langSet xml:lang="en-GB"><tig><term>Kyiv</term></tig><tig><term>Kyyiv</term></tig>
        <tig><term>Kiev</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig></langSet>
      <langSet xml:lang="fr"><tig><term>Kiev</term></tig></langSet></termEntry>
    <termEntry id="c2"><langSet xml:lang="fr"><tig><term>Paris</term></tig></langSet></termEntry>
    </body></text></martif>"""
    read = read_entries(data, "x.tbx", Format.TBX)
    assert read.entries == (
        Entry("c1", "Kyiv", EntryKind.TERM, aliases=("Kyyiv",), forbidden=("Kiev",), note="a town"),
    )
    assert read.faults == ("x.tbx:8: canonical is missing",)


def test_tbx_fetches_and_expands_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    data = f"""<!DOCTYPE tbx [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><tbx><conceptEntry id="a"><langSec>
    <termSec><term>A&x;</term></termSec></langSec></conceptEntry></tbx>""".encode()
    assert "secret" not in str(read_entries(data, "x.tbx", Format.TBX))


def test_the_ending_names_the_format() -> None:
    assert [format_of(Path(n)) for n in ("a.jsonl", "b.CSV", "c.tbx", "c.xml")] == ["jsonl", "csv", "tbx", "tbx"]
    with pytest.raises(InputError, match="--format"):
        format_of(Path("a.xlsx"))
