"""Make the data of a site, in a process of its own: ``python -m tests.bench.making MODULE COUNT``.

The module's ``build(count, progress)`` is called in the empty database of the settings; progress is written to the
output, as the share that is done.
"""

import sys
from importlib import import_module

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    import_module(sys.argv[1]).build(int(sys.argv[2]), lambda share: print(f"{share:.3f}", flush=True))
    print("1.000", flush=True)
