"""The command line as its users call it: outputs, exit codes, streams, faults."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from repair.cli.main import main
from tests.conftest import ToyFluency

ROOT = Path(__file__).parents[2]
TEXT = """Oliver/EPA/ShutterstockMeanwhile, the top in Geneva failed.
President Trump sent his envoy, Steve Witkeov, to Moscow.
Share
Nothing is wrong here.
إرسال التعليق
"""
RECORD = {"id", "text", "repaired", "edits", "findings", "signature"}
EDIT = {"start", "end", "before", "after", "kind", "origin", "probability", "verdict", "reason", "evidence"}
FINDING = {"start", "end", "kind", "score"}
EVIDENCE = {
    "entry",
    "sense_set",
    "sense",
    "gain",
    "prior",
    "cost",
    "margin",
    "surprisal",
    "rivals",
    "articles",
    "mangled",
    "damage",
    "agreed",
    "support",
}
NOTHING: dict[str, object] = {"edits": [], "findings": [], "signature": {}}
KINDS = {"phrase", "name", "grammar", "residue"}
ORIGINS = {"glossary", "lexicon", "grammar", "seq2seq", "names", "residue"}
VERDICTS = {"APPLY", "REVIEW", "DROP"}


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def lines(*values: object) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, "utf-8")
    return path


# --- run -------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("toy_model")
def test_run_writes_four_outputs(article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["run", str(article), "-o", str(out)]) == 0
    assert set(tree(out)) == {"repaired.jsonl", "text/article.txt", "report.html", "manifest.json"}
    [record] = records(out / "repaired.jsonl")
    assert record["id"] == "article" and record["text"] == TEXT
    assert (out / "text" / "article.txt").read_text("utf-8") == record["repaired"]
    repaired = str(record["repaired"])
    assert "Shutterstock" not in repaired and "إرسال" not in repaired and "Share" not in repaired
    assert "Steve Witkoff" in repaired and "the summit in Geneva" in repaired
    assert "Nothing is wrong here." in repaired
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert set(manifest) >= {"documents", "words", "edits", "set_aside", "input", "signature"}
    assert manifest["documents"] == 1 and manifest["set_aside"] == 0 and set(manifest["edits"]) == VERDICTS
    captured = capsys.readouterr()
    assert captured.out == "" and "1 documents" in captured.err and str(out / "report.html") in captured.err


@pytest.mark.usefixtures("toy_model")
def test_the_record_is_the_contract(article: Path, tmp_path: Path) -> None:
    assert main(["run", str(article), "-o", str(tmp_path / "out")]) == 0
    [record] = records(tmp_path / "out" / "repaired.jsonl")
    assert set(record) == RECORD
    signature = record["signature"]
    assert isinstance(signature, dict) and {"mt-repair", "config", "fluency", "gate"} <= set(signature)
    assert isinstance(record["edits"], list) and isinstance(record["findings"], list)
    assert record["edits"] and record["findings"]
    for finding in record["findings"]:
        assert set(finding) == FINDING
        assert 0 <= finding["start"] <= finding["end"] <= len(TEXT)
        assert finding["kind"] in KINDS and 0 <= finding["score"] <= 1
    for edit in record["edits"]:
        assert set(edit) == EDIT
        assert TEXT[edit["start"] : edit["end"]] == edit["before"] != edit["after"]
        assert edit["kind"] in KINDS and edit["origin"] in ORIGINS and edit["verdict"] in VERDICTS
        assert 0 <= edit["probability"] <= 1 and edit["reason"]
        assert isinstance(edit["evidence"], dict) and set(edit["evidence"]) <= EVIDENCE


@pytest.mark.usefixtures("toy_model")
def test_the_applied_edits_give_the_repaired_text(article: Path, tmp_path: Path) -> None:
    assert main(["run", str(article), "-o", str(tmp_path / "out")]) == 0
    [record] = records(tmp_path / "out" / "repaired.jsonl")
    text = str(record["text"])
    edits = [e for e in record["edits"] if e["verdict"] == "APPLY"]  # type: ignore[attr-defined]
    for edit in sorted(edits, key=lambda e: -e["start"]):
        text = text[: edit["start"]] + edit["after"] + text[edit["end"] :]
    assert text == record["repaired"]


@pytest.mark.usefixtures("toy_model")
def test_a_second_pass_applies_nothing(article: Path, tmp_path: Path) -> None:
    assert main(["run", str(article), "-o", str(tmp_path / "one")]) == 0
    assert main(["run", str(tmp_path / "one" / "text"), "-o", str(tmp_path / "two")]) == 0
    assert json.loads((tmp_path / "two" / "manifest.json").read_text("utf-8"))["edits"]["APPLY"] == 0


@pytest.mark.usefixtures("toy_model")
def test_json_goes_to_stdout_and_messages_do_not(
    article: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["run", str(article), "-o", str(tmp_path / "out"), "--json"]) == 0
    captured = capsysbinary.readouterr()
    assert captured.out == (tmp_path / "out" / "repaired.jsonl").read_bytes()
    assert b"report" in captured.err


@pytest.mark.usefixtures("toy_model")
def test_run_reads_stdin(stdin: Callable[[bytes], None], tmp_path: Path) -> None:
    stdin(TEXT.encode())
    assert main(["run", "-", "-o", str(tmp_path / "text")]) == 0
    assert records(tmp_path / "text" / "repaired.jsonl")[0]["id"] == "stdin"
    stdin(lines({"id": "a", "text": "One."}, {"id": "b", "text": "Two."}).encode())
    assert main(["run", "-", "-o", str(tmp_path / "json")]) == 0
    assert [r["id"] for r in records(tmp_path / "json" / "repaired.jsonl")] == ["a", "b"]


@pytest.mark.usefixtures("toy_model")
def test_fields_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("key,body\n7,The top failed.\n", "utf-8")
    out = tmp_path / "out"
    assert main(["run", str(tmp_path / "a.csv"), "-o", str(out), "--id-field", "key", "--text-field", "body"]) == 0
    assert records(out / "repaired.jsonl")[0]["repaired"] == "The summit failed."


@pytest.mark.usefixtures("toy_model")
def test_a_glossary_can_be_added(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ilmatar Grebnov spoke to Zzyxqa Quorl. Grebnof left.", "utf-8")
    entry = {"id": "x-1", "canonical": "Zzyxqa Quorrel", "kind": "person", "corruptions": ["Zzyxqa Quorl"]}
    (tmp_path / "own.jsonl").write_text(lines(entry), "utf-8")
    out = tmp_path / "out"
    assert main(["run", str(tmp_path / "a.txt"), "-o", str(out), "--glossary", str(tmp_path / "own.jsonl")]) == 0
    [record] = records(out / "repaired.jsonl")
    assert "Zzyxqa Quorrel" in str(record["repaired"])


def batch(path: Path) -> Path:
    texts = [TEXT, "The top failed.", "Nothing is wrong here.", "Getty ImagesThe top went on.", "Share\nThe end."]
    path.write_text(lines(*({"id": f"d{i}", "text": t} for i, t in enumerate(texts * 2))), "utf-8")
    return path


@pytest.mark.usefixtures("toy_model")
def test_the_same_bytes_whatever_the_batch_and_the_threads(tmp_path: Path) -> None:
    given = batch(tmp_path / "batch.jsonl")
    plans = [[], [], ["--batch-size", "1"], ["--batch-size", "7"], ["--threads", "1"], ["--threads", "2"]]
    trees = []
    for number, options in enumerate(plans):
        out = tmp_path / str(number)
        assert main(["run", str(given), "-o", str(out), *options]) == 0
        trees.append(tree(out))
    assert len(trees[0]) == 13
    assert all(other == trees[0] for other in trees)


@pytest.mark.usefixtures("toy_model")
def test_running_twice_into_one_folder_gives_the_same(tmp_path: Path) -> None:
    given, out = batch(tmp_path / "batch.jsonl"), tmp_path / "out"
    assert main(["run", str(given), "-o", str(out)]) == 0
    first = tree(out)
    assert main(["run", str(given), "-o", str(out)]) == 0
    assert tree(out) == first


@pytest.mark.usefixtures("toy_model")
@pytest.mark.parametrize("doc_id", ["../../x", "/etc/passwd", "..", ".", "a/b", "con\\..\\x", "~", "é", "x" * 400])
def test_a_hostile_id_stays_in_its_folder(tmp_path: Path, doc_id: str) -> None:
    given, out = tmp_path / "in" / "a.jsonl", tmp_path / "deep" / "down" / "out"
    given.parent.mkdir()
    given.write_text(lines({"id": doc_id, "text": "The end."}), "utf-8")
    assert main(["run", str(given), "-o", str(out)]) == 0
    [text] = (out / "text").iterdir()
    assert text.is_file() and (len(doc_id) > 200 or unquote(text.name) == f"{doc_id}.txt")
    outside = {p for p in tmp_path.rglob("*") if p.is_file() and out not in p.parents}
    assert outside == {given}


# --- documents that are set aside ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("toy_model")
def test_duplicate_ids_are_set_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = tmp_path / "a.jsonl"
    given.write_text(lines({"id": "x", "text": "One."}, {"id": "x", "text": "Two."}), "utf-8")
    out = tmp_path / "out"
    assert main(["run", str(given), "-o", str(out)]) == 3
    assert [r["text"] for r in records(out / "repaired.jsonl")] == ["One."]
    [aside] = records(out / "set_aside.jsonl")
    assert str(aside["reason"]).startswith(f"{given}:2: ") and "'x'" in str(aside["reason"])
    assert f"set aside: {aside['reason']}" in capsys.readouterr().err
    assert json.loads((out / "manifest.json").read_text("utf-8"))["set_aside"] == 1
    given.write_text(lines({"id": "x", "text": "One."}), "utf-8")
    assert main(["run", str(given), "-o", str(out)]) == 0
    assert not (out / "set_aside.jsonl").exists()


@pytest.mark.usefixtures("toy_model")
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b""),
        ("a.txt", b"caf\xe9"),
        ("a.txt", b"a\0b"),
        ("a.jsonl", b'{"id": "1"\n'),
        ("a.jsonl", b'{"id": "1"}\n'),
        ("a.jsonl", b'{"id": "1", "text": "\\ud800"}\n'),
        ("a.jsonl", b'{"id": "1", "text": 5}\n'),
        ("a.jsonl", b'[1]\n'),
        ("a.jsonl.gz", b"no archive"),
    ],
)  # fmt: skip
def test_a_bad_document_is_set_aside_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes
) -> None:
    (tmp_path / "bad").mkdir()
    bad, good = tmp_path / "bad" / name, tmp_path / "good.txt"
    bad.write_bytes(data)
    good.write_text("The top failed.", "utf-8")
    assert main(["run", str(bad), str(good), "-o", str(tmp_path / "out")]) == 3
    assert [r["id"] for r in records(tmp_path / "out" / "repaired.jsonl")] == ["good"]
    assert f"set aside: {bad}" in capsys.readouterr().err


# --- usage and configuration -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "x.txt"],
        ["run", "--nonsense"],
        ["nonsense"],
        ["run", "x.txt", "-o", "out", "--batch-size", "0"],
        ["run", "x.txt", "-o", "out", "--threads", "many"],
        ["score", "out"],
        ["train"],
        ["bench"],
    ],
)
def test_usage_errors(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert "Usage: " in captured.out + captured.err


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("mt-repair 0.")
    assert main(["run", "--help"]) == 0
    assert "Example: repair run" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("toml", "key"),
    [("speed = 9", "speed"), ("[gate]\napply = 0.5", "gate.apply"), ("[gate]\nreview = 7", "gate.review")],
)
@pytest.mark.parametrize("command", ["run", "detect"])
def test_a_bad_configuration_names_file_and_key(
    article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, toml: str, key: str
) -> None:
    config = tmp_path / "own.toml"
    config.write_text(toml, "utf-8")
    assert main([command, str(article), "-o", str(tmp_path / "out"), "-c", str(config)]) == 2
    assert f"repair: {config}: {key}: " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("toy_model")
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["run", "nowhere.txt", "-o", "out"], "nowhere.txt"),
        (["detect", "nowhere.txt", "-o", "out.jsonl"], "nowhere.txt"),
        (["run", "article.txt", "-o", "out", "-c", "nowhere.toml"], "nowhere.toml"),
        (["run", "article.txt", "-o", "out", "--glossary", "nowhere.jsonl"], "nowhere.jsonl"),
        (["run", "article.txt", "-o", "article.txt"], "article.txt"),
        (["run", "page.html", "-o", "out"], "page.html"),
        (["run", "columns.csv", "-o", "out"], "columns.csv"),
        (["score", "nowhere", "--references", "references.jsonl"], "nowhere"),
        (["score", "run.jsonl", "--references", "nowhere"], "nowhere"),
    ],
)
def test_what_is_missing_or_of_no_use_is_named(
    article: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    named: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("page.html").write_text("<p>", "utf-8")
    Path("columns.csv").write_text("a,b\n1,2\n", "utf-8")
    Path("run.jsonl").write_text(lines(dict.fromkeys(("id", "text", "repaired"), "x") | NOTHING), "utf-8")
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("repair: ") and named in error and "Traceback" not in error
    assert not Path("out", "repaired.jsonl").exists()


# --- detect ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("toy_model")
def test_detect_text(article: Path, tmp_path: Path) -> None:
    out = tmp_path / "findings.jsonl"
    assert main(["detect", str(article), "-o", str(out)]) == 0
    [record] = records(out)
    assert set(record) == {"id", "findings"} and record["id"] == "article"
    findings = record["findings"]
    assert isinstance(findings, list) and all(set(f) == FINDING for f in findings)
    assert {"phrase", "name", "residue"} <= {f["kind"] for f in findings}
    assert "Witkeov" in {TEXT[f["start"] : f["end"]].split()[-1] for f in findings if f["kind"] == "name"}


TOKENS = [{"id": "s1", "tokens": ["The", "top", "failed", "."]}, {"id": 2, "tokens": ["Fine", "."]}]


def check_tokens(found: list[dict[str, object]]) -> None:
    assert [r["id"] for r in found] == ["s1", 2]
    for record, given in zip(found, TOKENS, strict=True):
        assert set(record) == {"id", "bad", "score"}
        bad, score = record["bad"], record["score"]
        assert isinstance(bad, list) and len(bad) == len(given["tokens"])  # type: ignore[arg-type]
        assert all(0 <= p <= 1 for p in bad) and isinstance(score, float) and 0 <= score <= 1
    first = found[0]["bad"]
    assert isinstance(first, list) and first.index(max(first)) == 1


@pytest.mark.usefixtures("toy_model", "detector_weights")
def test_detect_tokens(tmp_path: Path) -> None:
    given, out = tmp_path / "tokens.jsonl", tmp_path / "bad.jsonl"
    given.write_text(lines(*TOKENS), "utf-8")
    assert main(["detect", str(given), "-o", str(out)]) == 0
    check_tokens(records(out))


@pytest.mark.usefixtures("toy_model", "detector_weights")
def test_detect_streams(stdin: Callable[[bytes], None], capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    stdin(lines(*TOKENS).encode())
    assert main(["detect", "-", "-o", "-"]) == 0
    check_tokens([json.loads(line) for line in capsysbinary.readouterr().out.splitlines()])
    stdin(lines({"id": "a", "text": 'He said "tokens": the top failed.'}).encode())
    assert main(["detect", "-", "-o", "-"]) == 0
    assert set(json.loads(capsysbinary.readouterr().out)) == {"id", "findings"}


@pytest.mark.usefixtures("toy_model", "detector_weights")
def test_detect_sets_aside_what_it_cannot_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, out = tmp_path / "tokens.jsonl", tmp_path / "bad.jsonl"
    odd: list[object] = [{"id": "e", "tokens": []}, {"id": "f", "tokens": [""]}, {"tokens": ["a"]}, 7, TOKENS[0]]
    given.write_text(lines(*TOKENS, *odd), "utf-8")
    assert main(["detect", str(given), "-o", str(out)]) == 3
    check_tokens(records(out))
    error = capsys.readouterr().err
    assert all(f"set aside: {given}:{number}: " in error for number in range(3, 8))


@pytest.mark.usefixtures("toy_model")
def test_detect_notices_an_id_of_another_file(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.txt").write_text("The end.", "utf-8")
    out = tmp_path / "out.jsonl"
    assert main(["detect", str(tmp_path / "a" / "same.txt"), str(tmp_path / "b" / "same.txt"), "-o", str(out)]) == 3
    assert [r["id"] for r in records(out)] == ["same"]


# --- score -----------------------------------------------------------------------------------------------------------


REFERENCE = {
    "id": "p.01", "passage": "p", "topic": "politics", "lead": "", "text": "The top failed.",
    "reference": "The summit failed.",
    "repairs": [{"start": 4, "end": 7, "before": "top", "good": ["summit"], "kind": "phrase", "pivot": "قمة"}],
}  # fmt: skip


@pytest.fixture
def scored(toy_model: ToyFluency, tmp_path: Path) -> tuple[Path, Path]:
    given, references = tmp_path / "p.txt", tmp_path / "references.jsonl"
    given.write_text("The top failed.", "utf-8")
    references.write_text(lines(REFERENCE), "utf-8")
    assert main(["run", str(given), "-o", str(tmp_path / "out")]) == 0
    return tmp_path / "out", references


def test_score(scored: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, references = scored
    capsys.readouterr()
    assert main(["score", str(out), "--references", str(references), "--html", str(tmp_path / "s.html")]) == 0
    table = capsys.readouterr().out
    assert all(word in table for word in ("phrase", "TER", "chrF", "BLEU", "precision", "harm"))
    assert (tmp_path / "s.html").read_text("utf-8").lstrip().startswith("<!")


def test_score_as_json(scored: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    out, references = scored
    capsys.readouterr()
    assert main(["score", str(out / "repaired.jsonl"), "--references", str(references), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["kinds"]["phrase"]["made"] == 1 and report["all"]["harm"] == 0
    assert {t["metric"] for t in report["texts"]} == {"TER", "chrF", "BLEU"}


def test_score_refuses_another_text(scored: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    out, references = scored
    references.write_text(
        lines(REFERENCE | {"lead": "", "text": "A top failed.", "reference": "A top failed.", "repairs": []}), "utf-8"
    )
    assert main(["score", str(out), "--references", str(references)]) == 2
    assert "document p is not the text" in capsys.readouterr().err
    references.write_text(lines(REFERENCE | {"passage": "q"}), "utf-8")
    assert main(["score", str(out), "--references", str(references)]) == 2
    assert "no passage there" in capsys.readouterr().err


# --- as a program ----------------------------------------------------------------------------------------------------


def program(*arguments: str, cwd: Path = ROOT, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "repair.cli.main", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=cwd, input=given, capture_output=True, check=False, env=environment, timeout=300)


def test_as_a_program(tmp_path: Path) -> None:
    version = program("--version", cwd=tmp_path)
    assert version.returncode == 0 and version.stdout.startswith(b"mt-repair ") and version.stderr == b""
    missing = program("run", "nowhere.txt", "-o", "out", cwd=tmp_path)
    assert missing.returncode == 2 and missing.stdout == b"" and b"nowhere.txt" in missing.stderr
    assert b"Traceback" not in missing.stderr


SHIM = """
import sys
import repair.build
from repair.cli.main import main
from tests.conftest import ToyFluency
repair.build.load_fluency = lambda config: ToyFluency({"top": 14.0})
sys.exit(main(sys.argv[1:]))
"""


def test_a_reader_that_has_had_enough(tmp_path: Path) -> None:
    given = tmp_path / "many.jsonl"
    given.write_text(lines(*({"id": str(i), "text": "The end. " * 400} for i in range(60))), "utf-8")
    command = [sys.executable, "-c", SHIM, "run", str(given), "-o", str(tmp_path / "out"), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        assert json.loads(process.stdout.readline())["id"] == "0"
        process.stdout.close()
        error = process.stderr.read()
    assert process.returncode == 1 and b"Traceback" not in error and b"BrokenPipe" not in error
    assert not (tmp_path / "out" / "repaired.jsonl").exists()


@pytest.mark.slow
def test_the_seed_passage_with_the_real_model(tmp_path: Path) -> None:
    one = program("run", "seeds/", "-o", str(tmp_path / "one"))
    assert one.returncode == 0, one.stderr.decode()
    [record] = records(tmp_path / "one" / "repaired.jsonl")
    repaired = str(record["repaired"])
    for residue in ("Shutterstock", "EPA", "Reuters/", "Read this article", "إرسال", "ichef.bbci"):
        assert residue not in repaired
    assert "gone off the rails" in repaired and "Meanwhile, Trump’s locomotive" in repaired
    [summit] = [e for e in record["edits"] if (e["before"], e["after"]) == ("top", "summit")]
    assert summit["verdict"] in ("APPLY", "REVIEW")  # found and ranked first; how sure it is depends on the weights
    two = program("run", str(tmp_path / "one" / "text"), "-o", str(tmp_path / "two"))
    assert two.returncode == 0, two.stderr.decode()
    assert json.loads((tmp_path / "two" / "manifest.json").read_text("utf-8"))["edits"]["APPLY"] == 0
    assert (tmp_path / "two" / "text").is_dir()
