from __future__ import annotations

from tests.factories.projects import example  # noqa: F401  a fixture
