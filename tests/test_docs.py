"""The documentation is complete and true: commands, options, keys, formats and examples are those of the code."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import repair
from repair.channel.lexicon import COLUMNS, RATES, parse_set
from repair.cli.main import app
from repair.config import Config, load_config
from repair.glossary.model import _LISTS, _TEXTS, EntryKind, parse_entry
from repair.inflection import Pos
from repair.references import check_record
from repair.report.record import repair_from_record
from repair.types import Kind, Origin, Verdict
from tests.cli.conftest import Reader

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "eval" / "README.md"])
README = (ROOT / "README.md").read_text("utf-8")
ALL = "\n".join(page.read_text("utf-8") for page in PAGES)


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands(typer.main.get_command(app)))


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def test_the_walk_finds_the_commands() -> None:
    assert {"run", "detect", "score", "prepare", "train seq2seq", "bench passages"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_an_example(name: str) -> None:
    command = COMMANDS[name]
    assert command.help and command.help.strip()
    assert command.epilog and command.epilog.startswith("Example: ") and f"repair {name}" in command.epilog


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help(name: str) -> None:
    assert [p.name for p in COMMANDS[name].params if p.name != "help" and not getattr(p, "help", None)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert f"repair {name}" in ALL


@pytest.mark.parametrize("name", ["run", "detect", "score", "prepare"])
def test_every_option_of_the_main_commands_is_in_the_readme(name: str) -> None:
    options = {opt for p in COMMANDS[name].params for opt in p.opts if opt.startswith("--") and opt != "--help"}
    assert {opt for opt in options if opt not in README} - {"--out", "--config"} == set()


def command_lines() -> list[str]:
    shown = "\n".join(blocks(ALL, "sh")) + "\n" + "\n".join(c.epilog.replace("·", "\n") for c in COMMANDS.values())
    return re.findall(r"(?:^|\| |: )(repair [a-z].*?)(?:\s{2,}.*|\s+#.*)?$", shown, re.MULTILINE)


@pytest.mark.parametrize("line", command_lines())
def test_every_shown_command_line_exists(line: str) -> None:
    words = line.split()[1:]
    name = " ".join(words[:2]) if " ".join(words[:2]) in COMMANDS else words[0]
    known = {opt for p in COMMANDS[name].params for opt in (*p.opts, *p.secondary_opts)} | {"-h", "--help"}
    used = {word for word in words if re.fullmatch(r"--?[a-z][\w-]*", word)}
    assert used <= known


@pytest.mark.parametrize("file", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(file: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", file.read_text("utf-8"))
    local = [t for t in targets if not t.startswith(("http://", "https://"))]
    later = {"eval/RESULTS.md", "../eval/RESULTS.md"}  # made by `repair bench passages`
    assert [t for t in local if t not in later and not (file.parent / t).exists()] == []


# --- configuration ---------------------------------------------------------------------------------------------------


def leaves(values: dict[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        found |= leaves(value, f"{path}{key}.") if isinstance(value, dict) else {f"{path}{key}": value}
    return found


def test_the_default_configuration_is_the_default() -> None:
    written = leaves(tomllib.loads((ROOT / "configs" / "default.toml").read_text("utf-8")))
    assert written == leaves(Config().model_dump(mode="json"))


@pytest.mark.parametrize("file", sorted((ROOT / "configs").glob("*.toml")), ids=lambda p: p.name)
def test_every_configuration_loads(file: Path) -> None:
    load_config(file)


def test_the_readme_names_real_keys(tmp_path: Path) -> None:
    examples = blocks(README, "toml")
    assert examples
    for example in examples:
        (tmp_path / "own.toml").write_text(example, "utf-8")
        load_config(tmp_path / "own.toml")
    assert {name for name in Config.model_fields if name not in README} == set()


# --- formats ---------------------------------------------------------------------------------------------------------


def test_the_lexicon_page_is_true() -> None:
    text = page("lexicon.md")
    assert all(f"`{word}`" in text for word in (*COLUMNS, *Pos, *RATES))
    for block in blocks(text, "tsv"):
        header, *rows = block.splitlines()
        assert tuple(header.split("\t")) == COLUMNS
        assert len([parse_set([cell.strip() for cell in row.split("\t")]) for row in rows]) == 3


def test_the_glossary_page_is_true() -> None:
    text = page("glossary.md")
    assert all(f"`{word}`" in text for word in (*_TEXTS, *_LISTS, *EntryKind))
    assert [parse_entry(json.loads(block)).canonical for block in blocks(text, "json")] == ["Steve Witkoff"]


def test_the_pages_name_kinds_origins_and_verdicts() -> None:
    assert all(f"`{word}`" in page("pipeline.md") for word in (*Kind, *Origin, *Verdict))
    assert all(f"`{word}`" in page("evaluation.md") for word in Kind)
    assert all(f"`{word}`" in README for word in Verdict)


def test_the_example_record_of_the_evaluation_page_is_sound() -> None:
    [block] = blocks(page("evaluation.md"), "json")
    check_record(json.loads(block))


def test_the_example_record_of_the_readme_replays() -> None:
    [block] = blocks(README, "json")
    record = json.loads(block)
    text = record["text"]
    for edit in reversed([e for e in record["edits"] if e["verdict"] == "APPLY"]):
        assert text[edit["start"] : edit["end"]] == edit["before"]
        text = text[: edit["start"]] + edit["after"] + text[edit["end"] :]
    assert text == record["repaired"] != record["text"]
    assert repair_from_record(record).text == record["repaired"]


# --- Python ----------------------------------------------------------------------------------------------------------


def test_the_readme_example_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("repair.build.load_fluency", lambda config: Reader({}))
    [example] = blocks(README, "python")
    exec(compile(example, "README.md", "exec"), {})
    assert "met at a summit in Geneva" in capsys.readouterr().out


def test_the_package_exports_what_it_says() -> None:
    assert all(hasattr(repair, name) for name in repair.__all__)
    assert all(f"{name}" in README for name in ("repair.load", "Repair"))


def test_the_changelog_has_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"## [{version}] - " in (ROOT / "CHANGELOG.md").read_text("utf-8")
