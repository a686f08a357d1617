"""Static review of back-end code for what takes distributed systems down."""

__version__ = "0.1.0"
