"""The order in which the workers are called, for each thing that a door may ask for."""
