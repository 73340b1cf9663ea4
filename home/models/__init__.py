"""The page types of home, one file an idea."""

from home.models.pages import HomePage, StandardPage
from home.models.statement import AccessibilityPage

__all__ = ["AccessibilityPage", "HomePage", "StandardPage"]
