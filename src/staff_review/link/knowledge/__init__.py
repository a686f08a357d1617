"""What link asks of the catalog, and which version of a library is in use."""
