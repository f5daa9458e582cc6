"""Applications for benefits, and the notices that their deadline will not be kept."""

from __future__ import annotations

import casequality as cq


class Notice(cq.Records, name="notices"):
    """One notice to the applicant that the deadline cannot be kept.

    promised_on: when a decision can be expected, as the notice says. written: "no" for a notice by telephone or in
    person, where the source registers those too.
    """

    case = cq.key()
    sent_on = cq.day()
    promised_on = cq.day(missing="no date given", planned=True)
    written = cq.flag(missing="in writing")


class BenefitCase(cq.Records, name="benefit_cases"):
    """One application for a benefit.

    kind: child_allowance is the ordinary and the extra one (børnetilskud), adoption_allowance adoptionstilskud,
    advance_child_support the advance payment of child support (forskudsvis udbetaling af børnebidrag),
    housing_benefit boligsikring and boligydelse, deposit_loan the loan for a deposit (beboerindskud).
    """

    case = cq.key()
    kind = cq.code("child_allowance", "adoption_allowance", "advance_child_support", "housing_benefit", "deposit_loan")
    received_on = cq.day()
    decided_on = cq.day(missing="not decided")
    withdrawn_on = cq.day(missing="not withdrawn")
    notices = cq.many(Notice)
