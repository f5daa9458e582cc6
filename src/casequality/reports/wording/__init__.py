"""How figures, words and tables are written, in English and Danish."""
