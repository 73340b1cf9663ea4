"""Bring the gettext catalogues up to date with code and templates, and compile them."""

from django.core.management import BaseCommand, CommandError

from portal import catalogues


class Command(BaseCommand):
    help = "Extract the interface's strings into locale/, compile the catalogues, and say what is left to translate."

    def handle(self, *args, **options):
        try:
            found = catalogues.extract()
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        catalogues.compile_all()
        for language, catalogue in found.items():
            missing, fuzzy = len(catalogue.untranslated_entries()), len(catalogue.fuzzy_entries())
            self.stdout.write(f"{language}: {len(catalogue)} strings, {missing} missing, {fuzzy} fuzzy")
