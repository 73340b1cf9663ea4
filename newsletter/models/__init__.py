"""Subscribers and the issues that they get."""

from newsletter.models.deliveries import Delivery, IssueCount
from newsletter.models.issues import Digest, Issue, IssueArticle
from newsletter.models.subscribers import Frequency, Subscriber, Suppression

__all__ = ["Delivery", "Digest", "Frequency", "Issue", "IssueArticle", "IssueCount", "Subscriber", "Suppression"]
