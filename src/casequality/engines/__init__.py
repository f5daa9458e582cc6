"""Who carries a measurement through the data, and how."""

from casequality.engines.counting import assumed_by
from casequality.engines.engine import Engine, InProcess, Progress, find_engine, known_engine

__all__ = ["Engine", "InProcess", "Progress", "assumed_by", "find_engine", "known_engine"]
