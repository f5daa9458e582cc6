"""`python -m casequality` is the command line."""

from casequality.cli import program

program()
