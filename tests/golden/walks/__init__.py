"""Plain walks through the corpus, record by record, in the standard library alone: where its figures come from.

Nothing of casequality is imported here. The rules that a walk counts by are written down a second time, on purpose.
"""
