"""A review's words on a change → a code host: read what stands there, decide what to say, say it, change it later."""
