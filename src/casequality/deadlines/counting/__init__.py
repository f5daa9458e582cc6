"""How days are counted: terms, office hours, pauses, the rules of counting, and the ledger that shows every day."""
