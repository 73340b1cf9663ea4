"""Rebuild the search index, or compare it with what it is made of."""

from django.core.management import BaseCommand, CommandError
from wagtail.search.index import get_indexed_models

from search import engine, indexing, rebuilding
from search.models import Entry

WIDTH = 30
MOST_TOLD = 20


class Command(BaseCommand):
    help = "Bring the search index up to date (rebuild) or say what in it is wrong (verify); readers go on searching."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["rebuild", "verify"])

    def handle(self, *args, action, **options):
        self.is_repair, self.number_told = action == "rebuild", 0
        wrong = sum(self.look_at(model) for model in get_indexed_models())
        for kind, ids in rebuilding.left_over():
            wrong += len(ids)
            if self.is_repair:
                indexing.forget(kind, ids)
        if self.is_repair:
            engine.settle()
            self.stdout.write(f"{wrong} entries were brought up to date.")
        elif wrong:
            raise CommandError(f"{wrong} entries are wrong; run: manage.py search_index rebuild")
        else:
            self.stdout.write(f"All {Entry.objects.count()} entries are right.")

    def told(self, model, ids):
        """Name what is wrong, as far as somebody reads it; return how much it is."""
        items = indexing.outdated(indexing.stored(model, ids))
        for item in items[: max(0, MOST_TOLD - self.number_told)]:
            self.stdout.write(f"Wrong: {item._meta.verbose_name} {item.pk}, {item}")
        self.number_told += len(items)
        return len(items)

    def look_at(self, model):
        """Return how many things of a model do not stand in the index as they are.

        A rebuild that was ended goes on quickly: what is right is not written again.
        """
        total, done, wrong, after = max(1, model.get_indexed_objects().count()), 0, 0, None
        while ids := rebuilding.batch(model, after):
            after = ids[-1]
            wrong += rebuilding.repair(model, ids) if self.is_repair else self.told(model, ids)
            done = min(done + rebuilding.AT_ONCE, total)
            filled = "#" * (WIDTH * done // total)
            name = str(model._meta.verbose_name_plural)[:WIDTH]
            end = "\n" if done == total else "\r"
            self.stdout.write(f"{name:{WIDTH}} [{filled:.<{WIDTH}}] {done}/{total}, {wrong} wrong", ending=end)
        return wrong
