"""The files of the program: what a name means in them, and how an expression is written."""
