"""The rewriter: any encoder-decoder folder, through CTranslate2 int8 where its conversion passes a self-test.

The self-test compares greedy outputs and their log-probabilities with transformers: CTranslate2 has converted some T5
variants silently wrong. A folder that fails runs through transformers instead.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import ctranslate2
import sentencepiece
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from repair.config import Seq2SeqConfig
from repair.errors import ResourceError
from repair.resources import DEFAULT_SEQ2SEQ, cache_folder, tree_hash

_BATCH_TOKENS = 1024
_MAX_TOKENS = 160  # longer sentences are returned as they are
_TESTS = (
    "The ministers agreed on the final dates of talks in the city.",
    "It is expected that police has arrested two men at Monday.",
    "He said that the economy of Britain grow slowly this year.",
)
_WORST = 0.35  # mean difference of log-probability per sequence (nats a token) that int8 rounding explains


class _Codec(Protocol):
    def encode(self, text: str) -> list[str]: ...

    def decode(self, tokens: Sequence[str]) -> str: ...


class _Pieces:
    """Our own tokenizers: a bare sentencepiece model."""

    def __init__(self, path: Path) -> None:
        self._model: Any = sentencepiece.SentencePieceProcessor(model_file=str(path))

    def encode(self, text: str) -> list[str]:
        return [*self._model.encode(text, out_type=str), "</s>"]

    def decode(self, tokens: Sequence[str]) -> str:
        kept = [t for t in tokens if t not in ("</s>", "<pad>", "<unk>")]
        return str(self._model.decode(kept))

    def ids(self, tokens: Sequence[str]) -> list[int]:
        return [int(self._model.piece_to_id(t)) for t in tokens]

    def pieces(self, ids: Sequence[int]) -> list[str]:
        return [str(self._model.id_to_piece(i)) for i in ids if i < self._model.get_piece_size()]


class _Auto:
    """Whatever tokenizer the folder brings."""

    def __init__(self, folder: Path) -> None:
        self._model: Any = AutoTokenizer.from_pretrained(str(folder))

    def encode(self, text: str) -> list[str]:
        return list(self._model.convert_ids_to_tokens(self._model(text)["input_ids"]))

    def decode(self, tokens: Sequence[str]) -> str:
        return str(self._model.decode(self._model.convert_tokens_to_ids(list(tokens)), skip_special_tokens=True))

    def ids(self, tokens: Sequence[str]) -> list[int]:
        return list(self._model.convert_tokens_to_ids(list(tokens)))

    def pieces(self, ids: Sequence[int]) -> list[str]:
        return list(self._model.convert_ids_to_tokens(list(ids)))


class Seq2SeqRewriter:
    """Rewrites sentences by beam search. Each sentence is decoded in batches fixed by the call alone."""

    def __init__(
        self, folder: Path, *, beams: int = 4, n_best: int = 2, threads: int = 0, engine: str = "auto"
    ) -> None:
        """Load a folder. `engine`: `auto`, `ctranslate2` or `transformers`. Raises ResourceError for a bad folder."""
        if not (folder / "config.json").is_file():
            raise ResourceError(
                f"{folder}: no model there (config.json is missing); name one in the config: [seq2seq] model"
            )
        self._codec = _Pieces(folder / "spiece.model") if _is_bare(folder) else _Auto(folder)
        self._beams, self._n_best = beams, min(n_best, beams)
        self._translator: Any = None
        self._model: Any = None
        if engine != "transformers":
            self._translator = _converted(folder, threads)
        if self._translator is None or (engine == "auto" and not _agrees(folder)):
            self._translator = None
            self._model = AutoModelForSeq2SeqLM.from_pretrained(str(folder), dtype=torch.float32).eval()
        self.engine = "ctranslate2" if self._translator else "transformers"

    def __call__(self, sentences: Sequence[str]) -> list[list[str]]:
        """The n best rewrites of every sentence, best first, without the sentence itself unless it is among them."""
        encoded = [self._codec.encode(s) for s in sentences]
        results: list[list[str]] = [[s] for s in sentences]
        wanted = [i for i, tokens in enumerate(encoded) if len(tokens) <= _MAX_TOKENS]
        wanted.sort(key=lambda i: (len(encoded[i]), i))
        for i, options in zip(wanted, self._decode([encoded[i] for i in wanted]), strict=True):
            results[i] = options
        return results

    def _decode(self, encoded: Sequence[list[str]]) -> list[list[str]]:
        if not encoded:
            return []
        if self._translator:
            # one sentence a batch row group: int8 scales are per row, so results do not depend on the neighbours
            found = self._translator.translate_batch(
                list(encoded), beam_size=self._beams, num_hypotheses=self._n_best, max_batch_size=_BATCH_TOKENS,
                batch_type="tokens", max_decoding_length=_MAX_TOKENS, repetition_penalty=1.0,
            )  # fmt: skip
            return [[self._codec.decode(h) for h in result.hypotheses] for result in found]
        rewrites = []
        for tokens in encoded:
            ids = torch.tensor([self._codec.ids(tokens)])
            with torch.inference_mode():
                made = self._model.generate(
                    ids,
                    num_beams=self._beams,
                    num_return_sequences=self._n_best,
                    max_new_tokens=_MAX_TOKENS,
                    do_sample=False,
                )
            rewrites.append([self._codec.decode(self._codec.pieces(row.tolist()[1:])) for row in made])
        return rewrites


def _is_bare(folder: Path) -> bool:
    return (folder / "spiece.model").is_file() and not (folder / "tokenizer_config.json").is_file()


def _cached(folder: Path) -> Path:
    files = [p for p in folder.iterdir() if p.is_file()]
    return cache_folder() / f"seq2seq-{tree_hash(files)}-int8"


def _converted(folder: Path, threads: int) -> Any:
    """A CTranslate2 translator of the folder, converted once into the cache; None where it cannot be converted."""
    target = _cached(folder)
    if not (target / "model.bin").exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            try:
                _convert(folder, Path(scratch) / "model")
            except (ValueError, NotImplementedError, AttributeError, KeyError, TypeError):
                return None
            if not target.exists():
                shutil.move(Path(scratch) / "model", target)
    return ctranslate2.Translator(str(target), device="cpu", intra_threads=threads)


def _convert(folder: Path, target: Path) -> None:
    if not _is_bare(folder):
        ctranslate2.converters.TransformersConverter(str(folder)).convert(str(target), quantization="int8")
        return
    from ctranslate2.converters.transformers import T5Loader

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "spiece.model"))
    model = AutoModelForSeq2SeqLM.from_pretrained(str(folder), dtype=torch.float32)
    loader = T5Loader()
    spec = loader.get_model_spec(model)
    vocabulary = [pieces.id_to_piece(i) for i in range(pieces.get_piece_size())]
    vocabulary += [f"<unused{i}>" for i in range(model.config.vocab_size - len(vocabulary))]
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "<pad>", "</s>", "<unk>"
    spec.config.decoder_start_token = "<pad>"
    target.mkdir(parents=True)
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(target))


def _agrees(folder: Path) -> bool:
    """Whether the conversion scores forced outputs as transformers does; the answer is kept beside the conversion."""
    verdict = _cached(folder) / "self_test.txt"
    if not verdict.exists():
        worst = conversion_error(folder)
        verdict.write_text(f"{'pass' if worst < _WORST else 'fail'} {worst:.4f}\n", "utf-8")
    return verdict.read_text("utf-8").startswith("pass")


def conversion_error(folder: Path) -> float:
    """Worst mean difference (nats a token) between CTranslate2 and transformers on forced copies of test sentences."""
    codec = _Pieces(folder / "spiece.model") if _is_bare(folder) else _Auto(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(str(folder), dtype=torch.float32).eval()
    translator = _converted(folder, 0)
    worst = 0.0
    for text in _TESTS:
        tokens = codec.encode(text)
        ids = torch.tensor([codec.ids(tokens)])
        with torch.inference_mode():
            logits = model(input_ids=ids, labels=ids).logits.log_softmax(-1)
        plain = logits[0].gather(1, ids[0][:, None])[:, 0].tolist()
        target = tokens[:-1] if tokens[-1] == "</s>" else tokens
        ours = translator.score_batch([tokens], [target])[0].log_probs
        gap = [abs(a - b) for a, b in zip(plain, ours, strict=False)]
        worst = max(worst, sum(gap) / max(1, len(gap)))
    return worst


def load_rewriter(config: Seq2SeqConfig, *, threads: int = 0) -> Seq2SeqRewriter:
    """The configured rewriter; `first` is the one that comes with the package."""
    folder = DEFAULT_SEQ2SEQ if config.model == "first" else Path(config.model)
    return Seq2SeqRewriter(folder, beams=config.beams, n_best=config.n_best, threads=threads)
