"""What is kept from night to night: a store of tallies, the log of its deliveries, and the places where they lie."""

from casequality.desk.keeping.deliveries import Entry, Moment, read_moment
from casequality.desk.keeping.kept import UNITS, StoredCounts, kept_of, key_of
from casequality.desk.keeping.lacking import change_of
from casequality.desk.keeping.stores import Store, open_store, store

__all__ = [
    "UNITS",
    "Entry",
    "Moment",
    "Store",
    "StoredCounts",
    "change_of",
    "kept_of",
    "key_of",
    "open_store",
    "read_moment",
    "store",
]
