"""The fluency model: log-probabilities of a sentence given the one before it, and gains of candidate rewrites of it.

A causal language model reads `context + " " + sentence` once. Its key-value cache then serves every candidate, which is
computed only from its first differing token on, all candidates of a sentence in one batch: each row attends to the
shared prefix through a mask that hides what lies behind its own branching point. Batches never depend on anything but
the sentence, so that results are the same whatever the number of documents, threads or their order.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.cache_utils import DynamicCache
from transformers.utils import logging as transformers_logging

from repair.errors import ResourceError
from repair.types import Reading, Span

transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]

_REMEMBERED = 80  # sentences whose cache is kept (about 3 MB each): the search comes back to what detection has read
_ROWS = 24  # candidates computed at once: bounds memory (each row carries its logits over the vocabulary)


class FluencyModel:
    """A causal LM folder or hub id, on the GPU where there is one."""

    def __init__(self, name: str | Path, *, device: str = "auto", horizon: int = 16, context_tokens: int = 64) -> None:
        """Load the model.

        horizon: how many tokens behind an edit are scored again. context_tokens: how much of the previous sentence is
        read. Raises ResourceError where the model cannot be loaded.
        """
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(str(name))
            model: Any = AutoModelForCausalLM.from_pretrained(str(name), dtype=torch.float32)
        except (OSError, ValueError) as error:
            raise ResourceError(f"cannot load the language model {name}: {error}") from None
        self.device = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
        self._model = model.to(self.device).eval()
        self._horizon, self._context = horizon, context_tokens
        start = self._tokenizer.bos_token_id
        self._start = start if start is not None else self._tokenizer.eos_token_id
        self._opened: OrderedDict[tuple[str, str], OpenSentence] = OrderedDict()

    def read(self, context: str, sentence: str) -> Reading:
        """Score a sentence after its context (the previous sentence, or nothing)."""
        return self.open(context, sentence).reading

    def open(self, context: str, sentence: str) -> OpenSentence:
        """Read a sentence and keep its cache, to score candidates against it. The last few are remembered."""
        key = (context, sentence)
        opened = self._opened.pop(key, None) or OpenSentence(self, self._clip(context), sentence)
        self._opened[key] = opened
        if len(self._opened) > _REMEMBERED:
            self._opened.popitem(last=False)
        return opened

    def _clip(self, context: str) -> str:
        offsets = self._tokenizer(context, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
        return context[offsets[-self._context][0] :].lstrip() if len(offsets) > self._context else context

    def encode(self, context: str, sentence: str) -> tuple[list[int], list[Span], int]:
        """Token ids of start + context + sentence, spans of the sentence's tokens, index of the first of them."""
        lead = len(context) + 1 if context else 0
        text = f"{context} {sentence}" if context else sentence
        encoded = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        spans = []
        for start, end in encoded["offset_mapping"]:
            if end > lead:
                while start < end - 1 and text[start].isspace():
                    start += 1
                spans.append(Span(max(start, lead) - lead, end - lead))
        ids = [self._start, *encoded["input_ids"]]
        return ids, spans, len(ids) - len(spans)

    @torch.inference_mode()
    def forward(self, ids: list[int]) -> tuple[Any, Any]:
        """Log-probabilities over the vocabulary after each token, and the cache."""
        rows = torch.tensor([ids], device=self.device)
        output = self._model(rows, use_cache=True, past_key_values=DynamicCache())
        return output.logits[0].float().log_softmax(-1), output.past_key_values

    @torch.inference_mode()
    def branch(self, cache: Any, starts: Sequence[int], suffixes: Sequence[Sequence[int]]) -> list[list[float]]:
        """Log-probabilities of `suffix[1:]` for every branch; its first token stands at index `start` of the cache."""
        width, depth = max(map(len, suffixes)), cache.get_seq_length()
        ids = torch.tensor([[*s, *[self._start] * (width - len(s))] for s in suffixes], device=self.device)
        begin = torch.tensor(starts, device=self.device)
        positions = begin[:, None] + torch.arange(width, device=self.device)[None]
        shared = (torch.arange(depth, device=self.device)[None] < begin[:, None])[:, None, :].expand(-1, width, -1)
        own = torch.ones(width, width, dtype=torch.bool, device=self.device).tril()[None].expand(len(starts), -1, -1)
        visible = torch.cat([shared, own], dim=-1)[:, None]
        mask = torch.zeros(visible.shape, device=self.device).masked_fill(~visible, torch.finfo(torch.float32).min)
        copy = DynamicCache()
        for index, layer in enumerate(cache.layers):
            rows = len(starts)
            copy.update(layer.keys.expand(rows, -1, -1, -1), layer.values.expand(rows, -1, -1, -1), index)
        logits = self._model(ids, attention_mask=mask, position_ids=positions, past_key_values=copy).logits.float()
        scores = (logits[:, :-1].gather(2, ids[:, 1:, None])[..., 0] - logits[:, :-1].logsumexp(-1)).cpu().tolist()
        return [row[: len(s) - 1] for row, s in zip(scores, suffixes, strict=True)]


class OpenSentence:
    """A sentence that has been read, ready to score candidates that replace it."""

    def __init__(self, model: FluencyModel, context: str, sentence: str) -> None:
        self._model, self._context = model, context
        self._ids, spans, first = model.encode(context, sentence)
        after, self._cache = model.forward(self._ids)
        targets = torch.tensor(self._ids[1:], device=after.device)
        self._logprobs: list[float] = after[:-1].gather(1, targets[:, None])[:, 0].cpu().tolist()
        before = after[first - 1 : -1]
        entropies = (before.exp() * -before).sum(-1).cpu().tolist()
        self.reading = Reading(tuple(spans), tuple(self._logprobs[first - 1 :]), tuple(entropies))

    def gains(self, candidates: Sequence[str], horizon: int | None = None) -> list[float]:
        """Log-likelihood of each candidate minus the sentence's, in nats, over the tokens that an edit can reach."""
        reach = self._model._horizon if horizon is None else horizon
        plans = {i: plan for i, candidate in enumerate(candidates) if (plan := self._plan(candidate, reach))}
        gains = [0.0] * len(candidates)
        waiting = sorted(plans, key=lambda i: (len(plans[i][1]), i))
        for at in range(0, len(waiting), _ROWS):
            rows = waiting[at : at + _ROWS]
            starts = [plans[i][0] for i in rows]
            suffixes = [plans[i][1] for i in rows]
            for i, start, scores in zip(rows, starts, self._model.branch(self._cache, starts, suffixes), strict=True):
                old = sum(self._logprobs[start : plans[i][2] - 1])
                gains[i] = sum(scores) - old
        return gains

    def _plan(self, candidate: str, horizon: int) -> tuple[int, list[int], int] | None:
        """Index of the last shared token, the candidate's from it to the horizon, the end of the original's part."""
        new, old = self._model.encode(self._context, candidate)[0], self._ids
        if new == old:
            return None
        start = next((i for i, (a, b) in enumerate(zip(new, old, strict=False)) if a != b), min(len(new), len(old)))
        common = 0
        while common < min(len(new), len(old)) - start and new[-1 - common] == old[-1 - common]:
            common += 1
        kept = min(common, horizon)
        return start - 1, new[start - 1 : len(new) - common + kept], len(old) - common + kept
