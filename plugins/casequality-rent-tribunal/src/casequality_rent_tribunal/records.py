"""What a rent tribunal registers of its cases."""

import casequality as cq


class TribunalCase(cq.Records, name="tribunal_cases"):
    """One case brought before the rent tribunal."""

    case = cq.key()
    received_on = cq.day()
    closed_on = cq.day(missing="still open")
    ending = cq.code("decided", "settled", "withdrawn", "dismissed", known_with="closed_on")
