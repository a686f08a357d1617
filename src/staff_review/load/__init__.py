"""The worker that reads the disk: files, cache, rules, settings and lock files into our nouns."""
