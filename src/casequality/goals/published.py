"""An assessment as it may leave the house: figures in their state, and verdicts that give nothing away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from casequality.errors import InputError
from casequality.evidence.disclosure import (
    WITHHELD,
    Disclosure,
    FigurePlace,
    Ledger,
    Policy,
    Shown,
    View,
    disclose,
    place_of,
)
from casequality.goals.assessment import Assessment
from casequality.goals.benchmarking import Compared
from casequality.goals.definition import Baseline, Ruling, Target, Verdict
from casequality.goals.judge import Judgement

ABOUT_FIGURES: Final = (Verdict.MET, Verdict.MISSED, Verdict.UNDECIDED, Verdict.NOT_SHOWN)
"""The verdicts that say something of counts; the others follow from the calendar, or from what was delivered."""


@attrs.frozen(kw_only=True, eq=False)
class PublishedJudgements:
    """Judgements under a policy. apart: the label by which the figures of one administration are told from others'.

    Bounds, records in doubt, reasons, margins, intervals, the sum of where rows went and findings are facts about the
    same records, so none of them is told.
    """

    disclosure: Disclosure
    views: Mapping[str, View] = attrs.field(repr=False)
    apart: tuple[tuple[str, str], ...] = ()

    def shown(self, judgement: Judgement, ruling: Ruling | None = None) -> Shown:
        """Return the state of a goal's figure, or of one of its parts."""
        asked = ruling or judgement
        if self._averaged(judgement, ruling):
            # the mean of its parts, of which each has its counts
            every = all(self.shown(judgement, part).state == "shown" for part in judgement.parts)
            return Shown("shown", exact=self.disclosure.policy.method == "suppress") if every else WITHHELD
        if asked.figure is None:
            return Shown("no cases") if self.disclosure.policy.zeros == "public" else WITHHELD
        if ruling is None and self._worst_of_withheld(judgement):
            return WITHHELD
        facet, period, groups = place_of(asked.figure)
        return self.disclosure.of(judgement.goal.id, (facet, period, (*groups, *self.apart)))

    def verdict(self, judgement: Judgement, ruling: Ruling | None = None) -> Verdict | None:
        """Return the verdict on a goal, or on one of its parts; None where it would tell of what is withheld."""
        asked = ruling or judgement
        told = self.shown(judgement, ruling)
        if asked.verdict not in ABOUT_FIGURES:
            # that there are no data is a count of none, which is a secret where the figure is
            return None if asked.verdict is Verdict.NO_DATA and told.state == "withheld" else asked.verdict
        averaged = self._averaged(judgement, ruling)
        combined = averaged or (ruling is None and judgement.goal.aggregate == "each")
        if combined and any(self.verdict(judgement, part) is None for part in judgement.parts):
            return None
        if averaged and any(self._few_in_doubt(part) for part in judgement.parts):
            return None
        if told.state == "withheld" or not told.exact or isinstance(judgement.goal.target, Baseline):
            return None
        return asked.verdict if combined or self._steady(judgement, asked, told) else None

    def _worst_of_withheld(self, judgement: Judgement) -> bool:
        """Say whether a goal's figure is that of its worst part, and which that is would tell of a part withheld."""
        places = [place_of(part.figure) for part in judgement.parts if part.figure is not None]
        worst = judgement.goal.aggregate == "each" and judgement.figure and place_of(judgement.figure) in places
        return bool(worst) and any(self.verdict(judgement, part) is None for part in judgement.parts)

    def _averaged(self, judgement: Judgement, ruling: Ruling | None) -> bool:
        """Say whether what is asked about is the mean of parts, and no figure of its own."""
        return ruling is None and judgement.goal.aggregate == "mean" and bool(judgement.parts)

    def _few_in_doubt(self, ruling: Ruling) -> bool:
        return 1 <= sum(ruling.doubt.values()) < self.disclosure.policy.threshold

    def _steady(self, judgement: Judgement, ruling: Ruling, told: Shown) -> bool:
        """Say whether the verdict would be the same for any small number of records in doubt, where they are few."""
        limit = self.disclosure.policy.threshold
        if not self._few_in_doubt(ruling):
            return True
        if not isinstance(ruling.target, Target) or "whole" not in told.counts:
            return False
        yes, whole, scale = told.counts["yes"], told.counts["whole"], judgement.unit.scale
        # with the fewest in doubt and with the most: with any number between it is the same then
        held = {
            ruling.target.over(scale * yes / (whole + more), scale * (yes + more) / (whole + more))
            for more in (1, limit - 1)
        }
        return held == {{Verdict.MET: True, Verdict.MISSED: False}.get(ruling.verdict)}

    def record(self) -> None:
        """Add the edition to the ledger that the policy names; do this before anything is published."""
        self.disclosure.record()

    def plain(self, judgement: Judgement) -> dict[str, Any]:
        goal = judgement.goal
        return {
            "goal": goal.id,
            "metric": goal.metric,
            "source": goal.source,
            "unit": judgement.unit.name,
            "target": "baseline" if goal.target is None else str(goal.target),
            "aggregate": goal.aggregate,
            **self._ruling(judgement, judgement),
            "parts": [self._ruling(judgement, part) for part in judgement.parts],
            "readings": dict(judgement.readings),
            "assumed_readings": list(judgement.assumed),
        }

    def _ruling(self, judgement: Judgement, ruling: Ruling) -> dict[str, Any]:
        part = None if ruling is judgement else ruling
        told, verdict = self.shown(judgement, part), self.verdict(judgement, part)
        exact = self.value(judgement, part)
        return {
            "period": ruling.period.label,
            "groups": dict(ruling.groups),
            "state": told.state,
            "verdict": WITHHELD.state if verdict is None else str(verdict),
            "value": None if exact is None else float(exact),
            "numerator": told.counts.get("yes"),
            "denominator": told.counts.get("whole"),
        }

    def value(self, judgement: Judgement, ruling: Ruling | None = None) -> Any:
        """Return what may be told of a figure in the metric's unit, exact; None where it is withheld."""
        asked, told = ruling or judgement, self.shown(judgement, ruling)
        if told.state == "shown" and self._averaged(judgement, ruling):
            return sum(self.value(judgement, part) for part in judgement.parts) / len(judgement.parts)
        if asked.figure is None or told.state != "shown":
            return None
        exact = told.number(asked.figure, self.views[judgement.goal.id].kind)
        return None if exact is None else exact * judgement.unit.scale


@attrs.frozen(kw_only=True, eq=False)
class PublishedAssessment(PublishedJudgements):
    """An assessment under a policy."""

    assessment: Assessment

    def to_dict(self) -> dict[str, Any]:
        """Return all that may be told as plain data."""
        whole, told = self.assessment, self.disclosure
        return {
            "title": whole.title,
            "period": whole.period.label,
            "as_of": whole.as_of,
            "zone": whole.zone,
            "publication": told.policy.to_dict(),
            "goals": [self.plain(judgement) for judgement in whole],
            "not_supplied": [each.to_dict() for each in whole.not_supplied],
            "measurements": {
                name: {"metric": measured.reading.metric.id, "figures": told.plain(self.views[name], measured)}
                for name, measured in whole.measurements.items()
            },
            "plugins": dict(whole.plugins),
            "recipient": whole.recipient.to_dict() if whole.recipient else None,
            "comments": [each.to_dict() for goal in whole for each in self._said_of(goal)],
            "general_work": work.to_dict() if (work := whole.general_work) else None,
        }

    def _said_of(self, judgement: Judgement) -> Iterator[Any]:
        """Yield the comments on a goal of which may be told that it was missed."""
        now, _ = self.assessment.said_of(judgement)
        if now and self.verdict(judgement) is Verdict.MISSED:
            yield now


@attrs.frozen(kw_only=True, eq=False)
class PublishedComparison:
    """Goals that several administrations handed in, under a policy.

    What is counted in different ways is withheld: what such figures tell of each other's records is not worked out.
    """

    compared: tuple[Compared, ...]
    disclosure: Disclosure
    views: Mapping[str, View] = attrs.field(repr=False)

    def each(self, compared: Compared) -> Iterator[tuple[str | None, Judgement, PublishedJudgements]]:
        """Yield each administration, and None for all together, with its judgement and what may be told of it."""
        for who, judgement in (*compared.each.items(), (None, compared.together)):
            apart = () if who is None else ((compared.by, who),)
            yield who, judgement, PublishedJudgements(disclosure=self.disclosure, views=self.views, apart=apart)

    def to_dict(self) -> dict[str, Any]:
        """Return all that may be told as plain data."""
        goals = []
        for compared in self.compared:
            told = [{"who": who, **told.plain(judgement)} for who, judgement, told in self.each(compared)]
            goals.append({"goal": compared.goal.id, "each": told[:-1], "together": told[-1]})
        return {"publication": self.disclosure.policy.to_dict(), "goals": goals}


def publish_assessment(assessment: Assessment, policy: Policy, ledger: Ledger | None = None) -> PublishedAssessment:
    """Return an assessment as it may be published: all of its goals together, since their records are the same.

    ledger: instead of the file that the policy names.
    """
    views = {name: _view(assessment, name) for name in assessment.measurements}
    told = disclose([*views.values()], policy, as_of=assessment.as_of, ledger=ledger)
    return PublishedAssessment(assessment=assessment, disclosure=told, views=views)


def publish_comparison(
    compared: Sequence[Compared], policy: Policy, ledger: Ledger | None = None
) -> PublishedComparison:
    """Return what may be published of goals side by side: all of them and of all administrations together."""
    alike = [(each, each.tally, each.reading) for each in compared if each.tally and each.reading]
    moments = sorted({tally.assumed.as_of for _, tally, _ in alike})
    if len(moments) > 1:
        raise InputError(
            "Figures that are published together are of different moments",
            got=", ".join(moments),
            remedy="let all count as of the same moment, or publish one goal after the other with a ledger",
        )
    views = {
        each.goal.id: View(
            name=each.goal.id,
            tally=tally,
            reading=reading,
            places=tuple(dict.fromkeys(_places(each))),
            source=each.goal.source,
        )
        for each, tally, reading in alike
    }
    told = disclose([*views.values()], policy, as_of="".join(moments), ledger=ledger)
    return PublishedComparison(compared=tuple(compared), disclosure=told, views=views)


def _places(compared: Compared) -> Iterator[FigurePlace]:
    for who, judgement in (*compared.each.items(), (None, compared.together)):
        for ruling in (judgement, *judgement.parts):
            if ruling.figure is not None:
                facet, period, groups = place_of(ruling.figure)
                yield facet, period, groups if who is None else (*groups, (compared.by, who))


def _view(assessment: Assessment, name: str) -> View:
    judgement, measured = assessment[name], assessment.measurements[name]
    figures = [each.figure for each in (judgement, *judgement.parts) if each.figure is not None]
    earlier = assessment.earlier.get(name)
    places: dict[FigurePlace, None] = dict.fromkeys(map(place_of, figures))
    for each in filter(None, (measured, earlier)):
        places |= dict.fromkeys(View.of(name, each).places)
    return View(
        name=name,
        tally=measured.tally,
        reading=measured.reading,
        places=tuple(places),
        source=judgement.goal.source,
    )
