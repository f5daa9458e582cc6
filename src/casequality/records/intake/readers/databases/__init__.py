"""Databases as sources: what is asked and where, and what the values of each mean."""

from casequality.records.intake.readers.databases.query import Database, is_database, queried

__all__ = ["Database", "is_database", "queried"]
