"""What is kept from night to night: a store of tallies, the log of its deliveries, and the places where they lie."""

from casequality.desk.keeping.deliveries import Entry
from casequality.desk.keeping.store import Store, is_store, store

__all__ = ["Entry", "Store", "is_store", "store"]
