"""The arrows of `architecture.md`: a file imports only from lower layers, and few may import the heavy libraries."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "repair"
LAYERS = (
    "types errors",
    "config edits records writing text inflection resources references",
    "channel",
    "glossary models",
    "stages",
    "pipeline score",
    "report training",
    "build jobs",
    "bench web api",
    "cli __init__",
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names.split()}
HEAVY = {"torch", "transformers", "ctranslate2"}
HEAVY_PARTS = {"models", "training"}
FILES = sorted(p.relative_to(PACKAGE) for p in PACKAGE.rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every imported dotted name and its line, also inside functions; relative imports are refused."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"line {node.lineno}: relative import")
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def part(file: Path) -> str:
    """The module or package directly below `repair` that a file belongs to."""
    return file.with_suffix("").parts[0]


def target(name: str) -> str | None:
    """The part of our package that a dotted name leads to; None for other people's packages."""
    first, *rest = name.split(".")
    if first != "repair":
        return None
    return rest[0] if rest and rest[0] in RANK else "__init__" if not rest or _defined_in_init(rest[0]) else rest[0]


def _defined_in_init(name: str) -> bool:
    return not (PACKAGE / name).is_dir() and not (PACKAGE / f"{name}.py").is_file()


def violations(file: Path, source: str) -> list[str]:
    here = part(file)
    found = []
    for name, line in imports(ast.parse(source)):
        there = target(name)
        if there is not None and there != here and RANK[there] >= RANK[here]:
            found.append(f"{file}:{line}: {here} (layer {RANK[here]}) imports {there} (layer {RANK[there]})")
    return found


def top_level(tree: ast.Module) -> set[int]:
    """Lines of imports that run when the module is imported: those in no function."""
    lines = {line for _, line in imports(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines -= {line for _, line in imports(node)}
    return lines


def heavy_imports(file: Path, source: str) -> list[str]:
    if part(file) in HEAVY_PARTS:
        return []
    tree = ast.parse(source)
    eager = top_level(tree)
    return [
        f"{file}:{line}: {name}"
        for name, line in imports(tree)
        if name.split(".")[0] in HEAVY and not (part(file) == "build" and name == "torch" and line not in eager)
    ]


@pytest.mark.parametrize("file", FILES, ids=str)
def test_every_file_has_a_layer(file: Path) -> None:
    assert part(file) in RANK


@pytest.mark.parametrize("file", FILES, ids=str)
def test_imports_point_down(file: Path) -> None:
    assert violations(file, (PACKAGE / file).read_text("utf-8")) == []


@pytest.mark.parametrize("file", [f for f in FILES if f.parent.parts[:2] != ("glossary", "store")], ids=str)
def test_only_the_store_knows_its_database(file: Path) -> None:
    found = list(imports(ast.parse((PACKAGE / file).read_text("utf-8"))))
    assert [name for name, _ in found if name.split(".")[0] in {"sqlalchemy", "alembic"}] == []
    if part(file) not in {"cli", "web", "bench"}:
        assert [name for name, _ in found if name.startswith("repair.glossary.store")] == []


@pytest.mark.parametrize("file", FILES, ids=str)
def test_heavy_libraries_stay_where_they_belong(file: Path) -> None:
    assert heavy_imports(file, (PACKAGE / file).read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("file", "source", "faults"),
    [
        ("edits.py", "from repair.types import Edit", 0),
        ("edits.py", "from repair.text import words", 1),
        ("inflection.py", "import repair.text", 1),
        ("types.py", "from repair.errors import RepairError", 1),
        ("channel/noise.py", "from repair.channel.lexicon import Lexicon\nfrom repair import edits", 0),
        ("channel/noise.py", "from repair.glossary.match import Matcher", 1),
        ("glossary/match.py", "from repair.models import fluency", 1),
        ("stages/gate.py", "def f():\n    from repair.pipeline import run", 1),
        ("build.py", "from repair import something_of_the_surface", 1),
        ("__init__.py", "def repair(text):\n    from repair.build import build_stages", 0),
    ],
)
def test_the_check_sees_what_it_should(file: str, source: str, faults: int) -> None:
    assert len(violations(Path(file), source)) == faults


@pytest.mark.parametrize(
    ("file", "source", "faults"),
    [
        ("models/fluency.py", "import torch", 0),
        ("training/seq2seq.py", "from transformers import T5Config", 0),
        ("build.py", "def f():\n    import torch", 0),
        ("build.py", "import torch", 1),
        ("build.py", "def f():\n    import transformers", 1),
        ("stages/search.py", "def f():\n    import torch.nn", 1),
        ("cli/main.py", "from ctranslate2 import Generator", 1),
    ],
)
def test_the_heavy_check_sees_what_it_should(file: str, source: str, faults: int) -> None:
    assert len(heavy_imports(Path(file), source)) == faults


def test_relative_imports_are_refused() -> None:
    with pytest.raises(ValueError, match="relative import"):
        violations(Path("stages/gate.py"), "from . import search")
