"""Facts as typed, read-only columns: what a record type declares, and what is wrong with the rows of a source."""
