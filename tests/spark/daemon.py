"""Spark's daemon with everything imported beforehand: each Python worker is a copy of it, and the tests lose many."""

import pandas  # noqa: F401
import pyarrow.parquet  # noqa: F401
from pyspark.daemon import manager

import casequality.desk
import casequality.engines.spark.engine  # noqa: F401

if __name__ == "__main__":
    manager()
