"""What is handed from one worker to the next: frozen data and nothing else."""
