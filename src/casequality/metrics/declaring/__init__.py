"""What an author writes: a metric, its statistic and readings, and what it may ask of deadlines and of the as-of."""
