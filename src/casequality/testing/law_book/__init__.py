"""The laws of the kit, a room for each kind of law."""

from casequality.testing.law_book.behaviour import Answer
from casequality.testing.law_book.record_laws import RecordsSubject

__all__ = ["Answer", "RecordsSubject"]
