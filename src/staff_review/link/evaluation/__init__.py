"""What an expression can be when it is evaluated."""
