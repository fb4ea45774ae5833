"""Two entries for one name made one."""

from __future__ import annotations

from dataclasses import replace

from repair.glossary.model import Entry

_OWN = ("aliases", "corruptions", "house", "forbidden", "roles", "exact", "inside")


def merged(keep: Entry, other: Entry) -> Entry:
    """`keep` with the forms and roles of `other`, whose name becomes an alias; what `keep` says of a form stands.

    >>> from repair.glossary.model import EntryKind
    >>> kyiv = Entry("g-1", "Kyiv", EntryKind.PLACE, house=("Kiev",))
    >>> merged(kyiv, Entry("g-2", "Kiev", EntryKind.PLACE, aliases=("Kyyiv",))).aliases
    ('Kyyiv',)
    """
    placed = {*keep.right_forms, *keep.wrong_forms, *keep.rejected}
    more: dict[str, tuple[str, ...]] = {}
    for name in _OWN:
        theirs = (*((other.canonical, other.surname) if name == "aliases" else ()), *getattr(other, name))
        ours = getattr(keep, name)
        if name in ("roles", "exact", "inside"):
            more[name] = tuple(dict.fromkeys((*ours, *theirs)))
        else:
            added = [form for form in dict.fromkeys(theirs) if form and form not in placed]
            placed |= {*added}
            more[name] = (*ours, *added)
    whole = replace(keep, **more, note=keep.note or other.note)  # type: ignore[arg-type]
    forms = {*whole.right_forms, *whole.wrong_forms}
    exact = tuple(form for form in whole.exact if form in forms)
    return replace(whole, exact=exact, inside=tuple(form for form in whole.inside if form in whole.corruptions))
