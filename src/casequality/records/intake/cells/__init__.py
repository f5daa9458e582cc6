"""The cells of a source's columns, in the few forms that fields are made of."""
