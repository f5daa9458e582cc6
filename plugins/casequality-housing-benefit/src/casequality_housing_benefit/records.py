"""Applications for benefits, with the notices that their deadline will not be kept."""

from __future__ import annotations

import casequality as cq
from casequality_case_flow import Notice

__all__ = ["BenefitCase", "Notice"]


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
