"""The text in documents, for the search: read by the worker whenever a file is new.

A file is read by a program of its own (``core.file_text``) with little memory, little time and none of the settings: it
comes from anywhere. A document remembers the hash of the file that its text was made of, and is not read twice.
"""

import json
import logging
import subprocess
import sys
from shutil import copyfileobj
from tempfile import TemporaryFile

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django_tasks import task

from core import file_text
from core.models.files import Document
from delivery import generation

logger = logging.getLogger("portal.extraction")
SECONDS = file_text.SECONDS
MEGABYTES = file_text.MEGABYTES
# Behind mail, and the pictures that readers wait for; before title cards.
AFTER_PICTURES = -45

# Sent with ``instance``, a document whose text is new, in the transaction that stores it.
document_text_changed = Signal()


def text_of(document):
    """Return the text in a document's file, or an empty string, with a line in the log where there ought to be some.

    Args:
        document: the ``core.Document``; a storage that cannot be reached raises its own errors.
    """
    kind = document.file_extension.lower()
    if kind not in file_text.READERS:
        return ""
    with TemporaryFile() as copy, document.open_file() as file:
        copyfileobj(file, copy)
        copy.seek(0)
        found = _answer(copy, kind)
    if found["reason"]:
        logger.warning("No text was read from document %s: %s", document.pk, found["reason"])
    return found["text"]


def _answer(file, kind):
    """Return {"text", "reason"} of a file, from another process."""
    # Isolated: neither the folder of the program nor the environment, with its passwords, is there for it.
    command = [sys.executable, "-I", file_text.__file__, kind, str(MEGABYTES)]
    try:
        ended = subprocess.run(
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, env={}, check=False
        )
        return json.loads(ended.stdout)
    except subprocess.TimeoutExpired:
        return {"text": "", "reason": f"not done after {SECONDS} seconds"}
    except ValueError:
        return {"text": "", "reason": f"the reading ended with {ended.returncode}"}


def unread():
    """Return the documents whose text is not that of their file."""
    return Document.objects.exclude(extracted_from=F("file_hash"))


@task(priority=AFTER_PICTURES)
def read(document_id):
    """Store the text of a document whose file is new (background task); what is in no file is an empty text.

    A file that the storage does not give is tried again by ``complete``.
    """
    document = unread().filter(pk=document_id).first()
    if document is None:
        return
    try:
        text = text_of(document)
    except Exception:
        # Storages fail in as many ways as there are makes of them.
        logger.exception("The file of document %s could not be opened", document_id)
        return
    with transaction.atomic():
        same = Document.objects.filter(pk=document_id, file_hash=document.file_hash)
        if same.update(extracted_text=text, extracted_from=document.file_hash):
            generation.bump()
            document_text_changed.send(Document, instance=document)


@task(priority=AFTER_PICTURES)
def complete():
    """Queue the reading of every document that was not read yet (background task)."""
    for document_id in unread().values_list("pk", flat=True):
        read.enqueue(document_id)
