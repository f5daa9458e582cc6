"""What plugins can offer, and how it is found without letting one plugin harm another."""

from casequality.host.discovery import catalogue_of, discover, discover_from_environment, survey
from casequality.host.hooks import API, Catalogue, Clash, Failure, Offer, Plugin, hookimpl
from casequality.host.loading import Loaded, returned

__all__ = [
    "API",
    "Catalogue",
    "Clash",
    "Failure",
    "Loaded",
    "Offer",
    "Plugin",
    "catalogue_of",
    "discover",
    "discover_from_environment",
    "hookimpl",
    "returned",
    "survey",
]
