"""Settings for the tests: nothing leaves the process, and nothing has to be set in the environment."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

folder = tempfile.mkdtemp(prefix="portal-test-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
Path(folder, "static").mkdir()

os.environ |= {
    "SECRET_KEY": "only-for-tests",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "PUBLIC_URL": "http://localhost",
    "EMAIL_URL": "memorymail://",
    "VAR_DIR": folder,
}

from portal.settings import *

DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file: the threads and processes of the browser tests cannot share transactions in a database in memory.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(folder, "test.sqlite3")}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
