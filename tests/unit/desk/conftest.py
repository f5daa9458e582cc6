from __future__ import annotations

from tests.factories.command_line import install  # noqa: F401  a fixture
