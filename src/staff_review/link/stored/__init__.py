"""Rows of stores: how a query was built, what it loads along, and who reads the rest row by row."""
