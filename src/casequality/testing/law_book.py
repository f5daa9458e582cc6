"""Every law of the kit by its name."""

from __future__ import annotations

from typing import Final

from casequality.testing import behaviour, counting, declared, doubtful, magnitudes, moments, oracles
from casequality.testing.law import Law
from casequality.testing.subject import Subject

laws: Final[tuple[Law[Subject], ...]] = (
    Law("empty", "no records give no data, and no failure", counting.empty, conclusive=True),
    Law("declared-columns", "only declared columns are read, the same for any records", declared.declared_columns),
    Law("row-order", "the order of the records makes no difference", counting.row_order),
    Law("splitting", "read in parts or as a whole, the counts are the same", counting.splitting),
    Law("duplication", "every record twice gives the same share and twice the count", counting.duplication),
    Law("adds-up", "every row that is read has one outcome or is set aside", counting.adds_up),
    Law("monotone", "one more met case never makes a share worse", counting.monotone),
    Law("bounds", "whatever records in doubt turn out to be, figures stay within their bounds", doubtful.bounds),
    Law("exact", "a statistic of one's own does not round", doubtful.exact),
    Law("numbers", "numbers are taken whole, up to what the type holds", magnitudes.numbers),
    Law("whole-weeks", "all dates moved by the same whole weeks change nothing", moments.whole_weeks),
    Law("later-as-of", "time alone does not change a yes or a no", moments.later_as_of),
    Law("hidden-future", "nothing after the as-of is seen", moments.hidden_future),
    Law("naive-times", "days are those of the zone, and naive times are refused", moments.naive_times),
    Law("reachable", "every declared outcome occurs", declared.reachable, conclusive=True),
    Law("readings-matter", "every reading changes some figure", declared.readings_matter, conclusive=True),
    Law("parameters-matter", "every field changes something", declared.parameters_matter, conclusive=True),
    Law("unknown-codes", "labels are declared, and unknown ones refused", declared.unknown_codes, conclusive=True),
    Law("unit-and-range", "figures lie within what their unit allows", declared.unit_and_range),
    Law("titles", "texts are there in English and Danish", declared.titles, conclusive=True),
    Law("citation", "the source is named", declared.citation, conclusive=True),
    Law("unchanged-input", "the columns are left as they were", behaviour.unchanged_input),
    Law("determinism", "the same records give the same answer", behaviour.determinism),
    Law("round-trip", "metric, tally and figures survive pickle and JSON", behaviour.round_trip, conclusive=True),
    Law("purity", "no clock, network, file, environment or chance is reached for", behaviour.purity),
    Law("oracle", "the author's own slow answer is the same", oracles.oracle),
)
"""All laws of a metric, the plainest first."""
