"""Workbooks as they lie in their zip files: of Excel, and what a library leaves unsaid of those of OpenDocument."""
