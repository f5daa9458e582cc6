from __future__ import annotations

from tests.factories.command_line import folder, install, run  # noqa: F401  fixtures
