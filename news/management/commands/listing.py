"""Rebuild or verify the read model of lists."""

from itertools import chain

from django.core.management import BaseCommand, CommandError

from delivery import generation, sites
from delivery.portions import portions
from news.models import ArticleListing, ArticlePage, ListingTerm, listing

BATCH = 500


class Command(BaseCommand):
    help = "Verify the rows that lists are read from against the articles, or rebuild them, without downtime."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["verify", "rebuild"])

    def handle(self, *args, action, **options):
        wrong, self.restricted = 0, sites.find_restricted_paths()
        articles = ArticlePage.objects.order_by("pk").select_related("kind", "alias_of")
        total = articles.count()
        for number, article in enumerate(chain.from_iterable(portions(articles, BATCH)), start=1):
            if not self.is_right(article):
                wrong += 1
                if action == "rebuild":
                    listing.refresh([article])
            if number % BATCH == 0 or number == total:
                self.stdout.write(
                    f"{number} of {total} articles, {wrong} wrong", ending="\r" if number < total else "\n"
                )
        if action == "rebuild":
            generation.bump()
            self.stdout.write(f"{wrong} rows were mended.")
        elif wrong:
            raise CommandError(f"{wrong} articles are listed wrongly; run: manage.py listing rebuild")

    def is_right(self, article):
        """Return whether an article's rows are those that it should have."""
        row = ArticleListing.objects.filter(pk=article.pk).first()
        if not listing.is_listed(article, self.restricted):
            return row is None
        if row is None:
            return False
        terms = ListingTerm.objects.filter(page_id=article.pk, index_id=row.index_id, published_on=row.published_on)
        wanted = listing.values_of(article, article.get_parent().pk)
        keys = listing.term_keys_of([article])[article.pk]
        is_row_right = all(getattr(row, name) == value for name, value in wanted.items())
        return is_row_right and set(terms.values_list("key", flat=True)) == keys
