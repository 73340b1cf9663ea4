"""What readers search for, counted by the day and tied to nobody."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchCount(models.Model):
    """How often something was searched for on a day, and what came of it.

    The row without a query counts the searches whose words are kept nowhere.
    """

    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=12)
    query = models.CharField(_("searched for"), max_length=100, blank=True)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    empty = models.PositiveIntegerField(_("found nothing"), default=0)
    clicks = models.PositiveIntegerField(_("clicks"), default=0)
    ranks = models.PositiveBigIntegerField(_("sum of the ranks of the clicks"), default=0)

    seen_by_readers = False

    class Meta:
        verbose_name = _("search by readers")
        verbose_name_plural = _("searches by readers")
        # Nobody writes one by hand.
        default_permissions = ["view"]
        constraints = [models.UniqueConstraint(fields=["day", "language", "query"], name="search_count_once")]

    def __str__(self):
        return self.query


class CountedFile(models.Model):
    """A file of searches whose lines are in the counts, until it is deleted: so none is counted twice."""

    name = models.CharField(max_length=80, unique=True)
    counted_on = models.DateField(auto_now_add=True)

    seen_by_readers = False

    def __str__(self):
        return self.name
