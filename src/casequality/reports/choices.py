"""How a goal's words were read: each choice with its alternatives, what each means, and the figure it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from casequality.goals import Judgement
from casequality.metrics.measurement import Measurement
from casequality.reports.vocabulary import consequence, standing
from casequality.reports.words import Said, said, say


@attrs.frozen(kw_only=True)
class Option:
    """One way to read a goal's words; `value` is the figure under it where that is known."""

    name: str
    means: Said
    chosen: bool
    value: Fraction | None = None


@attrs.frozen(kw_only=True)
class Choice:
    """A choice that was made, why there is one, and whether what was chosen is the literal reading."""

    name: str
    why: Said
    standing: str
    options: tuple[Option, ...]


def choices(
    judgement: Judgement, measured: Measurement | None, beside: Sequence[Measurement], lang: str
) -> Iterator[Choice]:
    """Yield the choices of a goal; `beside` measures the figure that is shown with one choice made otherwise."""
    if measured is None:
        return
    reading = measured.reading
    values = {_changed(reading.chosen, each.reading.chosen): _figure(judgement, each) for each in beside}
    if judgement.figure is not None and judgement.figure.value.exact is not None:
        values[()] = measured.in_unit(judgement.figure.value.exact)
    for name, choice in reading.metric.readings.items():
        chosen = reading.chosen[name]
        stands = standing(reading, name, lang, spelled_out=True)
        yield Choice(
            name=name,
            why=said(choice.why, lang),
            standing=f"{stands}, {say('assumed', lang)}" if name in reading.assumed else stands,
            options=tuple(
                Option(
                    name=option,
                    means=consequence(alternative, lang),
                    chosen=option == chosen,
                    value=values.get(() if option == chosen else ((name, option),)),
                )
                for option, alternative in choice.alternatives.items()
            ),
        )


def _changed(chosen: Mapping[str, str], other: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, option) for name, option in other.items() if chosen.get(name) != option)


def _figure(judgement: Judgement, other: Measurement) -> Fraction | None:
    """Return, under another reading, the figure that the judgement shows."""
    shown = judgement.figure
    for figure in other if shown else ():
        assert shown is not None
        if (figure.period, figure.facet, figure.groups) == (shown.period, shown.facet, shown.groups):
            return None if figure.value.exact is None else other.in_unit(figure.value.exact)
    return None
