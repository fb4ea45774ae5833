"""TBX-Basic, the exchange format of terminology tools (ISO 30042:2019, DCA style); the older martif form is read, too.

A concept entry is an entry, its subject field the kind. Terms are preferred (canonical), admitted (surname, aliases),
superseded (house style) or deprecated (corruptions, forbidden). What TBX-Basic has no category for stands in notes
that begin with the name of the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from repair.glossary.model import Entry, EntryKind, Status

_NS = "urn:iso:std:iso:30042:ed-2"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ADMITTED, _SUPERSEDED, _DEPRECATED = "admittedTerm-admn-sts", "supersededTerm-admn-sts", "deprecatedTerm-admn-sts"
_STATUS = {
    "surname": _ADMITTED, "aliases": _ADMITTED, "house": _SUPERSEDED, "corruptions": _DEPRECATED,
    "forbidden": _DEPRECATED,
}  # fmt: skip
_READ = {_ADMITTED: "aliases", _SUPERSEDED: "house", _DEPRECATED: "forbidden"}
_NOTED_LISTS, _NOTED_TEXTS = ("roles", "rejected"), ("note", "valid_from", "valid_to", "status")
_ENTRIES, _LANGUAGES, _TERMS = {"conceptEntry", "termEntry"}, {"langSec", "langSet"}, {"termSec", "tig", "ntig"}


def write(entries: Iterable[Entry]) -> bytes:
    """The entries as a TBX-Basic file."""
    root = etree.Element("tbx", {"style": "dca", "type": "TBX-Basic", _LANG: "en"}, nsmap={None: _NS})
    file = _add(_add(root, "tbxHeader"), "fileDesc")
    _add(_add(file, "titleStmt"), "title", "Glossary of names")
    _add(_add(file, "sourceDesc"), "p", "Exported by mt-repair")
    body = _add(_add(root, "text"), "body")
    for entry in entries:
        _write_entry(body, entry)
    etree.indent(root, "  ")
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _write_entry(body: etree._Element, entry: Entry) -> None:
    concept = _add(body, "conceptEntry", id=_name_of(entry.id))
    _add(concept, "descrip", str(entry.kind), type="subjectField")
    if entry.provenance:
        _add(concept, "admin", entry.provenance, type="source")
    for name in _NOTED_TEXTS:
        if (value := getattr(entry, name)) and value is not Status.APPROVED:
            _add(concept, "note", f"{name}: {value}")
    for name in _NOTED_LISTS:
        for value in getattr(entry, name):
            _add(concept, "note", f"{name}: {value}")
    language = _add(concept, "langSec")
    language.set(_LANG, "en")
    _write_term(language, entry, "canonical", entry.canonical, "preferredTerm-admn-sts")
    for role, status in _STATUS.items():
        value = getattr(entry, role)
        for form in value if isinstance(value, tuple) else (value,) if value else ():
            _write_term(language, entry, role, form, status)


def _write_term(language: etree._Element, entry: Entry, role: str, form: str, status: str) -> None:
    term = _add(language, "termSec")
    _add(term, "term", form)
    _add(term, "termNote", status, type="administrativeStatus")
    if role == "surname":
        _add(term, "termNote", "shortForm", type="termType")
    if role in ("surname", "corruptions"):
        _add(term, "note", f"form: {role}")
    for flag in ("exact", "inside"):
        if form in getattr(entry, flag) and (flag == "exact" or role == "corruptions"):
            _add(term, "note", f"form: {flag}")


def _add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{_NS}}}{tag}" if parent.nsmap.get(None) else tag, attributes)
    child.text = text
    return child


def read(data: bytes) -> Iterator[tuple[int, object]]:
    """Line and record of every concept entry. Raises ValueError for what is no XML, or no TBX."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"no XML: {error}") from error
    if _tag(root) not in ("tbx", "martif"):
        raise ValueError(f"no TBX: the outermost element is {_tag(root)!r}")
    return ((e.sourceline or 0, _record(e)) for e in root.iter() if _tag(e) in _ENTRIES)


def _record(concept: etree._Element) -> object:
    record: dict[str, object] = {"id": _id_of(concept.get("id", ""))}
    lists: dict[str, list[str]] = {
        name: [] for name in (*_STATUS, *_NOTED_LISTS, "exact", "inside") if name != "surname"
    }
    strange = []
    for child in concept:
        text = _text(child)
        match _tag(child), child.get("type"):
            case "descrip", "subjectField":
                record["kind"] = text if text in set(EntryKind) else EntryKind.TERM
            case "admin", "source":
                record["provenance"] = text
            case "note", _:
                name, colon, value = text.partition(": ")
                if colon and name in _NOTED_TEXTS:
                    record[name] = value
                elif colon and name in _NOTED_LISTS:
                    lists[name].append(value)
                else:
                    strange.append(text)
    if strange and "note" not in record:
        record["note"] = " ".join(" ".join(strange).split())
    languages = [child for child in concept if _tag(child) in _LANGUAGES]
    english = [child for child in languages if (child.get(_LANG) or "en").lower().startswith("en")]
    for term in (e for language in english for e in language if _tag(e) in _TERMS):
        _read_term(term, record, lists)
    if "canonical" not in record and lists["aliases"]:  # tools that give no status: the first term is the name
        record["canonical"] = lists["aliases"].pop(0)
    return record | {name: value for name, value in lists.items() if value}


def _read_term(term: etree._Element, record: dict[str, object], lists: dict[str, list[str]]) -> None:
    form = next((_text(e) for e in term.iter() if _tag(e) == "term"), "")
    status = next((_text(e) for e in term.iter() if e.get("type") == "administrativeStatus"), "")
    notes = {
        _text(e).removeprefix("form: ") for e in term.iter() if _tag(e) == "note" and _text(e).startswith("form: ")
    }
    if status.startswith("preferredTerm") and "canonical" not in record:
        record["canonical"] = form
    elif "surname" in notes:
        record["surname"] = form
    else:
        lists["corruptions" if "corruptions" in notes else _READ.get(status, "aliases")].append(form)
    for flag in ("exact", "inside"):
        if flag in notes:
            lists[flag].append(form)


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _text(element: etree._Element) -> str:
    return "".join(element.itertext()).strip()


def _name_of(entry_id: str) -> str:
    """An id as XML wants it: letters, digits, dots and hyphens, a letter or underscore first; all else as _hex_.

    >>> _name_of("per-0001"), _name_of("7 up"), _id_of("_37__20_up")
    ('per-0001', '_37__20_up', '7 up')
    """
    rest = re.sub(r"[^A-Za-z0-9.-]", lambda m: f"_{ord(m[0]):x}_", entry_id)
    return re.sub(r"^[0-9.-]", lambda m: f"_{ord(m[0]):x}_", rest)


def _id_of(name: str) -> str:
    return re.sub(r"_([0-9a-f]{1,6})_", lambda m: chr(int(m[1], 16)) if int(m[1], 16) < 0x110000 else m[0], name)
