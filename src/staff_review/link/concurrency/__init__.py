"""What runs side by side or in turn, and what a task holds while it waits."""
