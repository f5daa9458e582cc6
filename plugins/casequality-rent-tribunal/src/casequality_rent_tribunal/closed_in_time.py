"""The share of cases closed within four months."""

import attrs

import casequality as cq
from casequality_rent_tribunal.records import TribunalCase
from casequality_rent_tribunal.sources import GOALS

OTHER_ENDINGS = {"settled": "endt med forlig", "withdrawn": "trukket tilbage", "dismissed": "afvist"}
"""How a case can end without a decision, with the Danish for it."""
ENDINGS = {**OTHER_ENDINGS, "ending_not_stated": "udfald ikke oplyst"}
"""How a closed case can be told apart from one that was decided; of one whose ending is not stated nobody can tell."""
STATES = {"in_time": cq.YES, "early": cq.YES, "late": cq.NO}
WHEN = {
    "in_time": ("in time", "rettidigt"),
    "early": ("in time, not yet due", "rettidigt, frist ikke udløbet"),
    "late": ("late", "for sent"),
}
ALL_CLOSED = {
    "en": "the goal speaks of all cases, and of closing them",
    "da": "målet taler om alle sager og om at afslutte dem",
}


def _ending(name: str) -> cq.Choice:
    out = {f"{name}_{state}": cq.OUT for state in STATES}
    unknown = {f"ending_not_stated_{state}": cq.UNKNOWN for state in STATES}
    case = f"en sag, der er {OTHER_ENDINGS[name]},"
    says = {
        "closed": {"en": f"a {name} case counts as closed", "da": f"{case} tæller som afsluttet"},
        "left_out": {
            "en": f"a {name} case is left out, and of one whose ending is not stated nobody knows whether it is",
            "da": f"{case} holdes ude, og om en, hvis udfald ikke er oplyst, ved ingen, om den skal",
        },
    }
    return cq.choose(literal="closed", why=ALL_CLOSED, says=says, closed={}, left_out=out | unknown)


@attrs.frozen
class ClosedInTime(cq.Metric):
    """Share of cases closed within four months of being brought."""

    id = "rent-tribunal.closed-in-time"
    version = 2
    title = {"en": "Closed within four months", "da": "Afsluttet inden for fire måneder"}
    unit = cq.units.SHARE
    higher_is_better = True
    records = TribunalCase
    citation = GOALS
    limits = {
        "en": "The source does not say from which event the four months run; they are counted from the day of receipt.",
        "da": "Kilden siger ikke, fra hvilken begivenhed de fire måneder løber; de er talt fra modtagelsesdagen.",
    }
    outcomes = cq.outcomes(
        **{f"{ending}_{state}": role for ending in ENDINGS for state, role in STATES.items()}, **cq.SETTLED
    )
    words = {"deadline": {"en": "deadline", "da": "frist"}} | {
        f"{ending}_{state}": {"en": f"{ending.replace('_', ' ')}, {en}", "da": f"{danish}, {da}"}
        for ending, danish in ENDINGS.items()
        for state, (en, da) in WHEN.items()
    }
    readings = cq.readings(
        settled=_ending("settled"),
        withdrawn=_ending("withdrawn"),
        dismissed=_ending("dismissed"),
        cohort=cq.cohort(
            "received",
            "closed",
            "matured",
            why={
                "en": "the goal does not say whether a period holds the cases received in it or those closed in it",
                "da": "målet siger ikke, om en periode omfatter de sager, der er modtaget i den, eller dem, der er "
                "afsluttet i den",
            },
        ),
    )
    deadline: str = "copenhagen/rent-tribunal-goal"

    def contribute(self, cases: TribunalCase, as_of: cq.AsOf) -> cq.Contribution:
        """Return each case's state against the goal, told apart by how it ended."""
        states = as_of.settle(as_of.due(self.deadline, cases.received_on), cases.closed_on)
        told_apart = {"in_time": states["in_time"], "early": states["in_time_early"], "late": states["late"]}
        endings = {ending: cases.ending == ending for ending in OTHER_ENDINGS} | {
            "ending_not_stated": cases.ending.missing
        }
        ended = {
            f"{ending}_{state}": its & rows for ending, its in endings.items() for state, rows in told_apart.items()
        }
        return cq.Contribution(
            on=cases.received_on, until=cases.closed_on, outcome=self.outcomes.pick(**ended, **states)
        )

    def owed(self, cases: TribunalCase, as_of: cq.AsOf) -> cq.Owed:
        """Return when each case is due by the goal."""
        return cq.Owed(due=as_of.due(self.deadline, cases.received_on), done=cases.closed_on)
