"""The kit's laws for the goal sets, with the metrics of the plugins that are installed."""

from __future__ import annotations

import casequality.testing as kit
import casequality_copenhagen as plugin

TestPlugin = kit.every_law(plugin)
