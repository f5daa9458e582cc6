"""Intake: from a file, a frame, a stream or plain mappings to typed columns and findings."""
