"""Names that are known: entries, their forms, and the channel-aware lookup of a mangled name."""
