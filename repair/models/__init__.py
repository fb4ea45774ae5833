"""Neural models: fluency (causal LM) and rewriting (seq2seq). The only importers of torch, transformers, ctranslate2."""
