from __future__ import annotations

from tests.factories.command_line import folder, install, run  # noqa: F401  fixtures
from tests.factories.projects import example  # noqa: F401  a fixture
