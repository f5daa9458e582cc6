"""What is in a file, what could be fed with it, and how a project file would say so."""

from casequality.desk.looking.look import Look, look

__all__ = ["Look", "look"]
