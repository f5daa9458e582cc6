"""What is counted: the outcomes and cells of a tally, the records in doubt beside them, and its bytes."""
