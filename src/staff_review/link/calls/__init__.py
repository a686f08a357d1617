"""Calls: what they resolve to, what they do, and what stands around them."""
