"""Who carries a measurement through the data, and how."""

from casequality.engines.counting import asked_as, assumed_by
from casequality.engines.engine import Engine, InProcess, Progress, find_engine, known_engine

__all__ = ["Engine", "InProcess", "Progress", "asked_as", "assumed_by", "find_engine", "known_engine"]
