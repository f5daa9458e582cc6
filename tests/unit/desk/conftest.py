from __future__ import annotations

from tests.factories.command_line import install  # noqa: F401  a fixture
from tests.factories.projects import example  # noqa: F401  a fixture
