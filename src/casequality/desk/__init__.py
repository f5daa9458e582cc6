"""What users call."""

from casequality.desk.measuring import measure
from casequality.desk.tallying import Tallies, load_tally, merge, tally

__all__ = ["Tallies", "load_tally", "measure", "merge", "tally"]
