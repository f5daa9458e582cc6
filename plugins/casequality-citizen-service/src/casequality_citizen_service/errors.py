"""Cases with errors: in any class, and in each class by itself."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

import casequality as cq
from casequality_citizen_service.records import PASSPORT_ERRORS, CheckedCase, LicenceCase, PassportCase
from casequality_citizen_service.sources import ERRORS, LICENCES
from casequality_citizen_service.words import BASIS, CHECKED


@attrs.frozen
class CasesWithErrors(cq.Metric):
    """Share of the checked cases that hold an error; several errors in one case count once.

    An administration brings its own classes: a subclass of `FoundError` that declares the labels, one of `CheckedCase`
    that holds it, and one of this metric with the case type as `records`.
    error_classes: the classes of which each is a facet of its own; the facet without a name is any error.
    """

    records = CheckedCase
    unit = cq.units.SHARE
    higher_is_better = False
    words = CHECKED
    limits = {
        "en": "Of the cases checked. Intervals hold for cases drawn by chance and checked alike; how they were drawn "
        "and who decides what an error is are not in the records.",
        "da": "For de kontrollerede sager. Intervaller gælder for sager, der er tilfældigt udtrukket og kontrolleret "
        "ens; hvordan de er udtrukket, og hvem der afgør, hvad en fejl er, fremgår ikke af data.",
    }
    outcomes = cq.outcomes(not_checked=cq.OUT, with_errors=cq.YES, without_errors=cq.NO)
    readings = cq.readings(
        basis=cq.choose(
            usual="sample",
            why={
                "en": "the source says 'en årlig kvalitetsmåling' and not whether it is of a sample or of every case",
                "da": "kilden siger »en årlig kvalitetsmåling« og ikke, om den er en stikprøve eller alle sager",
            },
            says=BASIS,
            samples={"sample": ("not_checked",)},
            sample={},
            census={"not_checked": cq.UNKNOWN},
        ),
    )
    error_classes: tuple[str, ...] = ()

    def contribute(self, cases: CheckedCase, as_of: cq.AsOf, /) -> Mapping[str, cq.Contribution]:
        """Return whether each case was checked and holds an error, of any class and of each."""
        return {"": self._found(cases), **{each: self._found(cases, each) for each in self.error_classes}}

    def _found(self, cases: CheckedCase, error_class: str | None = None) -> cq.Contribution:
        errors = cases.errors
        found = errors.any(None if error_class is None else errors.rows.error_class == error_class)
        not_checked = np.isnat(cases.checked_on) & cases.known("checked_on")
        return cq.Contribution(
            on=cases.handled_on,
            outcome=self.outcomes.pick(not_checked=not_checked, with_errors=found),
            certain=not_checked | found,
        )


@attrs.frozen
class PassportErrors(CasesWithErrors):
    """Share of the checked passport cases that hold an error in any of the goal's four classes."""

    id = "citizen-service.passport-errors"
    version = 1
    title = {"en": "Passport cases with errors", "da": "Sager om pas med fejl"}
    citation = ERRORS
    records = PassportCase
    error_classes: tuple[str, ...] = PASSPORT_ERRORS


@attrs.frozen
class LicenceErrors(CasesWithErrors):
    """Share of the checked driving licence cases that hold an error, for a first measurement without a target."""

    id = "citizen-service.licence-errors"
    version = 1
    title = {"en": "Driving licence cases with errors", "da": "Sager om kørekort med fejl"}
    citation = LICENCES
    records = LicenceCase
