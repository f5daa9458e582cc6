"""How a measurement is carried through the data; so far in one process."""
