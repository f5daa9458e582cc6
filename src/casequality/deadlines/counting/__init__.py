"""How days are counted: terms, office hours, pauses, duties, the rules of counting, and the ledger of every day."""
