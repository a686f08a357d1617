"""FileFacts and catalog → Project; `linking` is the order of it."""
