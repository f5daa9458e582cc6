"""What laws are tried on: invented rows, the subject of a trial, and the completions of records in doubt."""
