"""What is counted: the cells of a tally, the records in doubt beside them, and the bytes that a tally is stored in."""
