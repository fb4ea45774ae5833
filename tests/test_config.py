from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from repair.config import Config, load_config
from repair.errors import ConfigError


def write(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, "utf-8")
    return path


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, "")) == load_config(None) == Config()


def test_values_are_read(tmp_path: Path) -> None:
    config = load_config(
        write(tmp_path, 'proposers = ["residue"]\n[gate]\napply_name = 0.99\n[glossary]\nfiles = ["a.jsonl"]')
    )
    assert config.proposers == ("residue",)
    assert config.gate.apply_name == 0.99
    assert config.glossary.files == (Path("a.jsonl"),)
    assert config.gate.apply_phrase == Config().gate.apply_phrase


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("pivots = 'ara'", "pivots: "),
        ("[gate]\napply = 0.5", "gate.apply: "),
        ("[gate]\napply_name = 1.5", "gate.apply_name: "),
        ("[gate]\nreview = -0.1", "gate.review: "),
        ("batch_size = 0", "batch_size: "),
        ("proposers = ['magic']", "proposers.0: "),
        ("[fluency]\ndevice = 'tpu'", "fluency.device: "),
        ("pivot = ", "not TOML"),
    ],
)
def test_errors_name_file_and_key(tmp_path: Path, text: str, fault: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert fault in str(caught.value)


def test_every_fault_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"batch_size.*; .*threads"):
        load_config(write(tmp_path, "batch_size = 0\nthreads = -1"))


@pytest.mark.parametrize("name", ["missing.toml", ""])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="no such configuration file"):
        load_config(tmp_path / name)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(b"pivot = '\xff\xfe'")
    with pytest.raises(ConfigError, match="not TOML"):
        load_config(path)


def test_a_config_is_frozen() -> None:
    with pytest.raises(ValidationError):
        Config().pivot = "rus"  # type: ignore[misc]


@pytest.mark.parametrize(
    "text",
    ["batch_size = 64", "threads = 2", "[fluency]\ndevice = 'cpu'", "[seq2seq]\ndevice = 'cuda'"],
)
def test_what_cannot_change_the_output_does_not_change_the_hash(tmp_path: Path, text: str) -> None:
    assert load_config(write(tmp_path, text)).hash == Config().hash


@pytest.mark.parametrize(
    "text",
    [
        "pivot = 'rus'",
        "proposers = ['residue']",
        "[gate]\nreview = 0.2",
        "[fluency]\nhorizon = 8",
        "[seq2seq]\nmodel = 'other'",
    ],
)
def test_what_can_change_the_output_changes_the_hash(tmp_path: Path, text: str) -> None:
    assert load_config(write(tmp_path, text)).hash != Config().hash
