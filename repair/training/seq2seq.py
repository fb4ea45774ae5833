"""Train the garbled-to-clean T5: tokenizer, pairs, batches, resumable optimisation, export.

The work folder holds `tokenizer/`, `pairs.jsonl`, `checkpoint.pt` (weights only) and, at the end, `model/`: a folder
that `AutoModelForSeq2SeqLM` loads.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any

import sentencepiece as spm
import torch
from transformers import T5Config, T5ForConditionalGeneration

from repair.training.data import NoiseSource, clean_sentences, garbled_pairs, news_articles
from repair.training.recipe import Seq2SeqRecipe

PAD, EOS, UNK = 0, 1, 2
Say = Callable[[str], None]
Pair = tuple[list[int], list[int], list[float]]


def train(recipe: Seq2SeqRecipe, news: Path, work: Path, source: NoiseSource, *, say: Say, excluded: set[str]) -> Path:
    """Run the recipe, resuming what the work folder already holds; return the folder of the trained model."""
    work.mkdir(parents=True, exist_ok=True)
    stamp = work / "recipe.hash"
    if stamp.exists() and stamp.read_text() != recipe.hash:
        say("the work folder holds another recipe: starting afresh")
        for old in ("spm.model", "pairs.jsonl", "checkpoint.pt"):
            (work / old).unlink(missing_ok=True)
    stamp.write_text(recipe.hash)
    tokenizer = _tokenizer(recipe, news, work, say)
    pairs = _pairs(recipe, news, work, source, excluded, say)
    model = _optimise(recipe, tokenizer, pairs, work, say)
    return export(model, work / "spm.model", work / "model")


def _tokenizer(recipe: Seq2SeqRecipe, news: Path, work: Path, say: Say) -> Any:
    path = work / "spm.model"
    if not path.exists():
        say("training the tokenizer")
        texts = (s for article in news_articles(news, seed=recipe.seed) for s in clean_sentences(article))
        spm.SentencePieceTrainer.train(
            sentence_iterator=islice(texts, recipe.tokenizer.sentences), model_prefix=str(work / "spm"), num_threads=2,
            vocab_size=recipe.tokenizer.vocab_size, model_type="unigram", byte_fallback=True, split_digits=True,
            character_coverage=0.9995, pad_id=PAD, eos_id=EOS, unk_id=UNK, bos_id=-1,
            normalization_rule_name="identity", remove_extra_whitespaces=False, minloglevel=2, hard_vocab_limit=False,
            max_sentence_length=2000,
        )  # fmt: skip
    return spm.SentencePieceProcessor(model_file=str(path))


def _pairs(recipe: Seq2SeqRecipe, news: Path, work: Path, source: NoiseSource, excluded: set[str], say: Say) -> Path:
    path = work / "pairs.jsonl"
    if not path.exists():
        say(f"garbling {recipe.pairs} sentences")
        partial = path.with_suffix(".partial")
        with partial.open("w", encoding="utf-8") as out:
            articles = news_articles(news, seed=recipe.seed + 1)
            for pair in garbled_pairs(articles, source, limit=recipe.pairs, excluded=excluded):
                out.write(json.dumps(pair, ensure_ascii=False) + "\n")
        partial.replace(path)
    return path


def encode_pair(tokenizer: Any, garbled: str, clean: str, changed_weight: float) -> Pair:
    """Token ids of source and target, and a loss weight per target token: `changed_weight` where the source differs."""
    source, target = tokenizer.encode(garbled), tokenizer.encode(clean)
    weights = [changed_weight] * len(target)
    for block in SequenceMatcher(a=source, b=target, autojunk=False).get_matching_blocks():
        weights[block.b : block.b + block.size] = [1.0] * block.size
        if (
            block.a > 0
            and block.b < len(target)
            and (block.b == 0 or weights[block.b - 1] == 1.0)
            and source[: block.a] != target[: block.b]
        ):
            weights[block.b] = max(weights[block.b], (1 + changed_weight) / 2)  # a deletion shows at the next token
    return [*source, EOS], [*target, EOS], [*weights, 1.0]


def _batches(recipe: Seq2SeqRecipe, pairs: list[Pair]) -> Iterator[list[Pair]]:
    """Endless batches of about `batch_tokens` padded target tokens, of like lengths, in an order fixed by the seed."""
    rng = random.Random(recipe.seed)
    while True:
        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]) + rng.random() * 6)
        batches: list[list[Pair]] = [[]]
        longest = 0
        for i in order:
            longest = max(longest, len(pairs[i][0]), len(pairs[i][1]))
            if batches[-1] and longest * (len(batches[-1]) + 1) > recipe.training.batch_tokens:
                batches.append([])
                longest = max(len(pairs[i][0]), len(pairs[i][1]))
            batches[-1].append(pairs[i])
        rng.shuffle(batches)
        yield from batches


def build(recipe: Seq2SeqRecipe, vocabulary: int) -> Any:
    """A fresh T5 (v1.1 style: gated GELU) of the recipe's size."""
    size = recipe.model
    make: Any = T5Config  # its stubs know no fields of the base class
    config = make(
        vocab_size=-(-vocabulary // 64) * 64, d_model=size.d_model, d_kv=size.d_model // size.heads, d_ff=size.d_ff,
        num_heads=size.heads, num_layers=size.encoder_layers, num_decoder_layers=size.decoder_layers,
        feed_forward_proj="gated-gelu", dropout_rate=0.05, tie_word_embeddings=True, pad_token_id=PAD, eos_token_id=EOS,
        decoder_start_token_id=PAD,
    )  # fmt: skip
    torch.manual_seed(recipe.seed)
    return T5ForConditionalGeneration(config)


def _optimise(recipe: Seq2SeqRecipe, tokenizer: Any, path: Path, work: Path, say: Say) -> Any:
    settings = recipe.training
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = build(recipe, tokenizer.get_piece_size()).to(device)
    say(f"{sum(p.numel() for p in model.parameters()) / 1e6:.1f}M parameters on {device}")
    # T5 starts from weights of very different scales: steps are relative to each (Shazeer & Stern 2018), or attention
    # saturates
    optimiser: Any = torch.optim.Adafactor(model.parameters(), lr=settings.learning_rate, weight_decay=0.0)
    checkpoint, step = work / "checkpoint.pt", 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        step = int(state["step"])
        say(f"resuming at step {step}")
    with path.open(encoding="utf-8") as lines:
        encoded = (
            encode_pair(tokenizer, garbled, clean, settings.changed_weight) for garbled, clean in map(json.loads, lines)
        )
        pairs = [pair for pair in encoded if max(len(pair[0]), len(pair[1])) <= recipe.max_tokens]
    say(f"{len(pairs)} pairs")
    began, total, tokens = time.monotonic(), 0.0, 0
    model.train()
    for batch in islice(_batches(recipe, pairs), step, settings.steps):
        for group in optimiser.param_groups:
            group["lr"] = settings.learning_rate * _schedule(step, settings.warmup, settings.steps)
        loss = _loss(model, batch, device)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        total, tokens = total + loss.item(), tokens + sum(len(t) for _, t, _ in batch)
        out_of_time = time.monotonic() - began > settings.minutes * 60
        if step % 50 == 0:
            say(f"step {step} loss {total / 50:.4f} {tokens / (time.monotonic() - began):.0f} target tokens/s")
            total = 0.0
        if step % settings.checkpoint_every == 0 or step == settings.steps or out_of_time:
            state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
            torch.save(state, checkpoint.with_suffix(".partial"))
            checkpoint.with_suffix(".partial").replace(checkpoint)
        if out_of_time:
            say(f"stopped after {settings.minutes} minutes at step {step}")
            break
    return model.eval()


def _schedule(step: int, warmup: int, steps: int) -> float:
    """Linear warm-up, then linear decay to 5%."""
    return min((step + 1) / warmup, max(0.05, 1 - 0.95 * step / steps))


def _loss(model: Any, batch: list[Pair], device: str) -> Any:
    def padded(rows: list[list[Any]], value: float, dtype: Any) -> Any:
        width = max(map(len, rows))
        return torch.tensor([row + [value] * (width - len(row)) for row in rows], dtype=dtype, device=device)

    source = padded([s for s, _, _ in batch], PAD, torch.long)
    target = padded([t for _, t, _ in batch], PAD, torch.long)
    weights = padded([w for _, _, w in batch], 0.0, torch.float32)
    with torch.autocast(device, dtype=torch.bfloat16):
        logits = model(input_ids=source, attention_mask=(source != PAD).long(), labels=target).logits
    losses = torch.nn.functional.cross_entropy(
        logits.float().flatten(0, 1), target.flatten(), reduction="none", label_smoothing=0.05
    )
    return (losses * weights.flatten()).sum() / weights.sum()


def export(model: Any, tokenizer_file: Path, folder: Path) -> Path:
    """Write weights (bfloat16 safetensors), configuration and tokenizer."""
    model.to(torch.bfloat16).save_pretrained(folder)
    (folder / "spiece.model").write_bytes(tokenizer_file.read_bytes())
    return folder
