"""Neural models: fluency (causal LM), rewriting (seq2seq). The only importers of torch, transformers, ctranslate2."""
