"""The laws of metrics, a room for each kind of law."""

from casequality.testing.law_book.behaviour import Answer

__all__ = ["Answer"]
