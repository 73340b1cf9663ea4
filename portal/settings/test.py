"""Settings for the tests: nothing leaves the process, and nothing has to be set in the environment."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

folder = tempfile.mkdtemp(prefix="portal-test-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
Path(folder, "static").mkdir()
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("PUBLIC_URL", "http://localhost")
os.environ["VAR_DIR"] = folder
os.environ.setdefault("EMAIL_URL", "memorymail://")

from portal.settings import *
from portal.settings import DATABASES, STORAGES

DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because the threads of a live server have no transactions of their own in a database in memory.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(folder, "test.sqlite3")}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
