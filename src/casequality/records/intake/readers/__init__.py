"""One reader for each kind of source: it offers the names of the columns, and their cells batch by batch."""
