"""Portal's own settings, for a site of the benchmarks: all of them share one folder of static files."""

import os

from portal import settings as portal

vars().update({name: value for name, value in vars(portal).items() if name.isupper()})

if os.environ["BENCH_STATIC"]:
    STATIC_ROOT = os.environ["BENCH_STATIC"]
else:
    # A short run does not take the time to compress them.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    STORAGES = portal.STORAGES | {"staticfiles": plain}
