"""Show or erase all that is stored about an e-mail address."""

from django.core.management import BaseCommand, CommandError

from core import privacy, traces


class Command(BaseCommand):
    help = "Write all that is stored about an e-mail address to the standard output as JSON, or erase it."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["export", "erase"])
        parser.add_argument("address", help="in any spelling")
        parser.add_argument("--yes", action="store_true", help="erase without asking")

    def handle(self, *args, action, address, yes, **options):
        local, _at, domain = address.strip().rpartition("@")
        if not (local and domain):
            raise CommandError("This is no e-mail address: it needs a name, an @ and a domain.")
        if action == "export":
            self.stdout.write(privacy.in_json(privacy.export_all(address)))
            return
        if not yes and input("Erase all that is stored about this address? It cannot be undone. [y/N] ") != "y":
            raise CommandError("Nothing was erased.")
        for name, number in privacy.erase_all(address).items():
            self.stdout.write(f"{name}: {number}")
        for user in traces.accounts(address):
            self.stderr.write(f"A staff account has this address and stays: number {user.pk}, see Settings, Users.")
