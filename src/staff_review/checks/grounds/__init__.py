"""What several checks weigh in the same way: who waits, what a loop is over, which edit mends a call."""
