"""`repair glossary` as an editor uses it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from repair.cli.main import main
from repair.glossary.model import Status, load_entries

Output = pytest.CaptureFixture[str]
Call = Callable[..., tuple[int, str, str]]
TEXT = "The envoy Steve Whitchov met Zorbulak Qintaru in Geneva. Whitchov left."


@pytest.fixture
def call(tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs a command on a glossary of its own and returns exit code, output and messages."""
    monkeypatch.setenv("MT_REPAIR_GLOSSARY", str(tmp_path / "glossary.db"))

    def run(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["glossary", *args])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def witkoff(call: Call) -> str:
    code, out, _ = call(
        "add",
        "Steve Witkoff",
        "--kind",
        "person",
        "--surname",
        "Witkoff",
        "--role",
        "envoy",
        "--approve",
        "--by",
        "anna",
    )
    assert code == 0
    return out.strip()


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """The output of a run that knew no name: two findings side by side, one alone, and a proposal left for review."""
    start = TEXT.index("Whitchov")
    places = [(start, start + 8), (TEXT.rindex("Whitchov"), TEXT.rindex("Whitchov") + 8)]
    places += [(TEXT.index(name), TEXT.index(name) + len(name)) for name in ("Zorbulak", "Qintaru")]
    findings = [{"start": a, "end": b, "kind": "name", "score": 0.6} for a, b in places]
    edit = {"start": start, "end": start + 8, "before": "Whitchov", "after": "Witkoff", "kind": "name",
            "origin": "glossary", "probability": 0.6, "verdict": "REVIEW", "reason": "", "evidence": {"entry": "p-1"}}  # fmt: skip
    record = {"id": "a", "text": TEXT, "repaired": TEXT, "edits": [edit], "findings": findings, "signature": {}}
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "repaired.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    return tmp_path / "out"


def test_an_entry_from_proposal_to_retirement(call: Call) -> None:
    code, out, err = call("add", "Kyiv", "--kind", "place", "--house", "Kiev", "--from", "2018", "--why", "usage")
    assert (code, out) == (0, "place-kyiv\n") and "proposed" in err and "usage" in err
    assert call("list", "--status", "approved")[1].splitlines() == ["id\tkind\tstatus\tcanonical\tforms\tnote"]
    assert call("approve", "Kyiv", "--by", "ben")[0] == 0
    assert call("edit", "place-kyiv", "--alias", "Kyyiv", "--note", "capital")[0] == 0
    assert call("approve", "Kyiv", "Kief", "--as", "forbidden")[0] == 0
    assert "like that already" in call("edit", "Kyiv", "--note", "capital")[2]
    _, out, err = call("list", "kyi")
    assert out.splitlines()[1].split("\t") == [
        "place-kyiv", "place", "approved", "Kyiv", "Kyyiv; not Kiev; not Kief", "capital"
    ]  # fmt: skip
    record = json.loads(call("show", "Kyiv", "--json")[1])
    assert record["version"] == 4 and record["valid_from"] == "2018" and record["forbidden"] == ["Kief"]
    assert call("edit", "Kyiv", "--drop", "Kyyiv", "--status", "retired")[0] == 0
    assert "aliases" not in call("show", "Kyiv")[1].partition("\n\n")[0]
    lines = call("history", "Kyiv")[1].splitlines()
    assert len(lines) == 5 and " ben: place-kyiv approved (status: proposed → approved)" in lines[3]
    assert json.loads(call("history", "--json", "--limit", "1")[1])["verdict"] == "retired"


def test_undo(call: Call, witkoff: str) -> None:
    call("approve", witkoff, "Whitchov")
    number = call("history", witkoff)[1].split()[0]
    assert call("undo", number, "--why", "somebody’s name")[0] == 0
    assert "corruptions" not in json.loads(call("show", witkoff, "--json")[1])
    code, _, err = call("undo", number)
    assert code == 1 and "taken back" in err
    assert call("undo", "99")[0] == 2


def test_a_conflict_shows_both_versions(call: Call, witkoff: str) -> None:
    call("edit", witkoff, "--note", "US envoy")
    code, _, err = call("edit", witkoff, "--note", "American envoy", "--version", "1")
    assert code == 1 and "nothing was written" in err
    assert "note: 'US envoy' against 'American envoy'" in err and "version 2" in err
    assert json.loads(call("show", witkoff, "--json")[1])["note"] == "US envoy"


def test_what_is_rejected_stays_so(call: Call, witkoff: str) -> None:
    assert call("approve", witkoff, "Whitaker")[0] == 0
    assert call("reject", witkoff, "Whitaker", "--why", "a name")[0] == 0
    code, _, err = call("approve", witkoff, "Whitaker")
    assert code == 2 and "'Whitaker' is rejected" in err
    assert call("reject", "-", "Shutterstock")[0] == 0
    code, _, err = call("add", "Shutterstock")
    assert code == 2 and "was rejected" in err
    assert call("reject", "-")[0] == 2
    assert call("reject", witkoff)[0] == 0 and '"status": "rejected"' in call("show", witkoff, "--json")[1]


def test_merge(call: Call, witkoff: str) -> None:
    call("add", "Steven Witkoff", "--corruption", "Whitchov", "--role", "negotiator", "--role", "envoy")
    assert call("merge", witkoff, "term-steven-witkoff")[0] == 0
    record = json.loads(call("show", witkoff, "--json")[1])
    assert record["aliases"] == ["Steven Witkoff"] and record["corruptions"] == ["Whitchov"]
    assert record["roles"] == ["envoy", "negotiator"]
    code, _, err = call("show", "Steven Witkoff")
    assert code == 2 and "several entries" in err
    assert call("merge", witkoff, witkoff)[0] == 2
    assert "retired" in call("list", "term-steven")[1]


def test_import_shows_first_and_sets_bad_rows_aside(call: Call, witkoff: str, tmp_path: Path) -> None:
    call("reject", witkoff, "Whitaker")
    rows = [
        {"id": "g-1", "canonical": "Kyiv", "kind": "place"},
        {"id": "g-2"},
        {"id": witkoff, "canonical": "Steve Witkoff", "kind": "person", "note": "envoy"},
    ]
    file = tmp_path / "names.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    code, out, err = call("import", str(file))
    assert code == 3 and out.splitlines() == [
        "+ g-1 Kyiv", f"~ {witkoff} surname: Witkoff → –", f"~ {witkoff} roles: envoy → –",
        f"~ {witkoff} note: – → envoy", f"~ {witkoff} provenance: editor → –",
    ]  # fmt: skip
    assert f"{file}:2: canonical is missing" in err and "nothing was written" in err
    assert "1 entries" in call("list")[2]
    assert call("import", str(file), "--yes")[0] == 3
    assert json.loads(call("show", witkoff, "--json")[1])["rejected"] == ["Whitaker"]
    file.write_text(json.dumps({**rows[2], "aliases": ["Whitaker"]}), "utf-8")
    code, _, err = call("import", str(file), "--yes")
    assert code == 3 and "was rejected for this entry" in err
    assert call("import")[0] == 2 and call("import", str(tmp_path / "none.csv"))[0] == 2


@pytest.mark.parametrize("ending", ["jsonl", "csv", "tbx"])
def test_export_of_import_is_the_same_file(call: Call, witkoff: str, tmp_path: Path, ending: str) -> None:
    call("add", "Kyiv", "--house", "Kiev", "--exact", "Kiev", "--to", "2030-01-31")
    call("reject", witkoff, "Whitaker")
    first, second = tmp_path / f"first.{ending}", tmp_path / f"second.{ending}"
    assert call("export", str(first))[0] == 0
    other = ["--db", str(tmp_path / "other.db")]
    assert call("import", str(first), "--yes", *other)[0] == 0
    assert call("export", str(second), *other)[0] == 0
    assert first.read_bytes() == second.read_bytes() != b""
    assert "0 new, 0 changed, 2 the same" in call("import", str(second))[2]


def test_the_export_is_a_glossary_for_runs(call: Call, witkoff: str, tmp_path: Path) -> None:
    call("reject", "-", "Shutterstock")
    call("export", str(tmp_path / "own.jsonl"))
    assert [(e.id, e.status) for e in load_entries([tmp_path / "own.jsonl"])] == [(witkoff, Status.APPROVED)]
    assert call("export", "-", "--status", "rejected")[1].count("\n") == 1
    assert call("export", str(tmp_path / "own.xlsx"))[0] == 2


def test_suggest_asks_once(call: Call, witkoff: str, ledger: Path) -> None:
    code, out, err = call("suggest", str(ledger))
    header, first, second = [row.split("\t") for row in out.splitlines()]
    assert code == 0 and header == ["name", "count", "documents", "may_be", "contexts"]
    assert (
        first[:4] == ["Whitchov", "2", "1", "Witkoff (p-1, 0.60)"] and "a: The envoy Steve [Whitchov] met" in first[4]
    )
    assert second[:3] == ["Zorbulak Qintaru", "1", "1"] and "2 unknown names, 3 places" in err
    call("approve", witkoff, "Whitchov")
    call("reject", "-", "Zorbulak Qintaru")
    assert call("suggest", str(ledger), "--json")[1] == ""
    assert call("suggest", str(ledger / "none"))[0] == 2


def test_a_rejected_guess_is_not_made_again(call: Call, ledger: Path) -> None:
    call("add", "Steve Witkoff", "--id", "p-1", "--kind", "person")
    assert json.loads(call("suggest", str(ledger), "--json")[1].splitlines()[0])["guesses"][0]["entry"] == "p-1"
    call("reject", "p-1", "Whitchov")
    guesses = [json.loads(line)["guesses"] for line in call("suggest", str(ledger), "--json")[1].splitlines()]
    assert "p-1" not in str(guesses)


def test_check_tries_an_entry_before_it_is_approved(call: Call, ledger: Path) -> None:
    call("add", "Zorbolac Kintaro", "--kind", "person", "--surname", "Kintaro", "--corruption", "Winter")
    code, out, _ = call("check", "Kintaro", "--run", str(ledger))
    assert code == 1 and "common word\tperson-zorbolac-kintaro\tWinter" in out
    assert "would be taken for it\tWinter" in out and "in the run\tZorbulak Qintaru" in out
    call("edit", "Kintaro", "--drop", "Winter")
    assert call("check", "Kintaro")[0] == 0 and call("check", "nobody")[0] == 2


def test_check_finds_collisions(call: Call) -> None:
    call("add", "Zorbolac Kintaro", "--alias", "Zorbo Corp")
    call("add", "Zorbo Corp", "--corruption", "Zorbolac Kintaro")
    code, out, _ = call("check")
    assert code == 1
    assert [line.split("\t")[:2] for line in out.splitlines()[1:]] == [
        ["collision", "term-zorbo-corp"],
        ["absorbs entry", "term-zorbo-corp"],
    ]


def test_replay_shows_what_the_changed_glossary_does_and_demotes(call: Call, witkoff: str, ledger: Path) -> None:
    call("approve", witkoff, "Whitchov")
    code, out, err = call("replay", str(ledger))
    rows = [row.split("\t") for row in out.splitlines()]
    assert code == 0 and ["gained", "a", "16", "Whitchov", "", "Steve Witkoff", witkoff] in rows
    assert "1 documents, 2 repairs differ, 0 stay" in err
    for form in ("Whitaker", "Wittke", "Witkam", "Witkop"):
        call("reject", witkoff, form)
    assert "demoted" not in call("replay", str(ledger), "--keep")[2]
    assert [line for line in call("stats")[1].splitlines() if line.startswith(witkoff)] == [f"{witkoff}\t1\t4\t0.20"]
    code, out, err = call("replay", str(ledger), "--json")
    assert "1 of 5 past decisions were right" in err and out == ""
    assert '"status": "proposed"' in call("show", witkoff, "--json")[1]


def test_stats(call: Call, witkoff: str) -> None:
    code, out, _ = call("stats")
    assert code == 0 and "person\tanna\t1" in out and "status\tapproved\t1" in out


def test_dropping_a_form_does_not_bring_a_rejected_one_back(call: Call, witkoff: str) -> None:
    call("reject", witkoff, "Whitaker")
    code, _, err = call("edit", witkoff, "--drop", "Whitaker")
    assert code == 0 and "like that already" in err
