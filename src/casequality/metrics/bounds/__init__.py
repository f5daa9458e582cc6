"""Between what a figure lies while records are in doubt: what each may be, and the least and greatest of each."""
