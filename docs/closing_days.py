"""The table of closing days as the installed `holidays` package gives it: `python docs/closing_days.py`.

It prints them in the form of `src/casequality/days/closing_days.csv`, to review the shipped table against.
"""

from __future__ import annotations

import csv
import sys

from casequality.days.calendars import from_holidays


def main() -> None:
    """Print the table as the installed `holidays` package gives it."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["date", "da", "en", "calendars"])
    for closing in from_holidays():
        writer.writerow([closing.day, closing.da, closing.en, " ".join(closing.calendars)])


if __name__ == "__main__":
    main()
