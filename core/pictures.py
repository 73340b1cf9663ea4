"""The sizes in which pictures are shown, and the making of them before any reader comes.

One JPEG fallback of each shape is made when an image is saved; AVIF in all widths, and WebP in a few for browsers
without AVIF, are made by the worker. The finished files are listed on the image itself (``Image.pictures``), and only
finished files are ever shown.
"""

import logging
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from delivery import generation, sites
from delivery.portions import portions

logger = logging.getLogger("portal.pictures")


@dataclass(frozen=True)
class Shape:
    """A crop (width to height, or None for the picture's own) with the widths it is offered in, in pixels."""

    ratio: float | None
    widths: tuple
    webp_widths: tuple
    sizes: str
    fallback: int

    def offers(self):
        """Return the formats that a browser chooses from, the best first, as {format: widths}."""
        return {"avif": self.widths, "webp": self.webp_widths}

    def spec(self, width):
        return f"fill-{width}x{round(width / self.ratio)}" if self.ratio else f"width-{width}"


SHAPES = {
    "lead": Shape(16 / 9, (480, 800, 1200, 1600), (480, 1200), "(min-width: 60rem) 42rem, 100vw", 800),
    "card": Shape(
        3 / 2, (240, 360, 480, 720), (240, 480), "(min-width: 72rem) 23rem, (min-width: 44rem) 31vw, 7rem", 480
    ),
    "body": Shape(None, (480, 800, 1200), (480, 1200), "(min-width: 48rem) 42rem, 100vw", 800),
    "gallery": Shape(3 / 2, (240, 360, 480, 720), (240, 480), "(min-width: 48rem) 21rem, 50vw", 480),
    "portrait": Shape(1.0, (96, 192), (192,), "6rem", 192),
}
# What fills gaps may be thousands of pictures: issues of the newsletter go out before them.
AFTER_ISSUES = -30
AFTER_OTHERS = -40
HASH_LENGTH = 10
# Of the finished files. Under another name all are made anew, and the former ones removed: a file that readers were
# given never changes.
FOLDER = "images/sizes"
# Of the sizes that the admin shows of an image whose rights have ended: only of what is in "images" is for everybody.
CLOSED_FOLDER = "closed_images"
AT_ONCE = 200
SHARED_SPEC = "fill-1200x630|format-jpeg"


def today():
    """Return the day that readers have: while an editor's request is answered, the editor's zone is the current one."""
    return timezone.localdate(None, timezone.get_default_timezone())


def source_key(image):
    """Return what the finished files depend on: the file, its focal point and the way they are made."""
    focal = (image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height)
    return f"{FOLDER}|{image.file.name}|{focal}"


def fallback_specs():
    return sorted({f"{shape.spec(shape.fallback)}|format-jpeg" for shape in SHAPES.values()})


def specs_of(kind):
    """Return the specs of a format, avif or webp, of all shapes."""
    return sorted({f"{shape.spec(width)}|format-{kind}" for shape in SHAPES.values() for width in shape.offers()[kind]})


def quick_specs():
    return [*fallback_specs(), SHARED_SPEC, *specs_of("webp")]


def all_specs():
    return [*quick_specs(), *specs_of("avif")]


def make(image, specs):
    """Make renditions of an image and list them on it, in one write.

    Args:
        image: the ``core.Image``.
        specs: Wagtail filter specs; those that are listed already are skipped.

    Returns:
        the number of files listed: 0 of a file that is missing, broken or not to be shown any more.
    """
    if not image.rights_last:
        return 0
    # A file's name begins with the hash of its content (``core.Image.get_upload_to``), and its renditions' with that.
    begins = f"{FOLDER}/{PurePath(image.file.name).name[:HASH_LENGTH]}"
    # Of a former file, made before or after it was replaced, or in a former folder: Wagtail would take them for these.
    image.renditions.exclude(file__startswith=begins).delete()
    key = source_key(image)
    listed = image.pictures if image.pictures.get("key") == key else {"key": key, "files": {}}
    wanted = [spec for spec in specs if spec not in listed["files"]]
    try:
        renditions = image.get_renditions(*wanted) if wanted else {}
    except Exception:
        # Broken pictures fail in as many ways as there are formats, storages in some more.
        logger.exception("The pictures of image %s could not be made", image.pk)
        renditions = {}
    if wanted or listed is not image.pictures:
        files = {
            spec: [item.file.name, item.width, item.height]
            for spec, item in renditions.items()
            if item.file.name.startswith(begins)
        }
        listed = {"key": key, "files": listed["files"] | files}
        if not _list(image, listed):
            image.renditions.filter(file__in=[item.file.name for item in renditions.values()]).delete()
            return 0
    return len(listed["files"])


def _list(image, listed):
    """Write what an image lists; return whether: not if it has another file by now, and another task, or no rights."""
    with transaction.atomic():
        same = type(image).objects.filter(pk=image.pk, file=image.file.name).exclude(rights_expire_on__lt=today())
        if not same.update(pictures=listed):
            return False
        generation.bump()
    image.pictures = listed
    return True


@task()
def make_all(image_id):
    """Make every size of an image (background task).

    AVIF takes ten times as long as all others together: it waits until every image has those.
    """
    if _make(image_id, quick_specs()):
        make_best.enqueue(image_id)


@task(priority=AFTER_OTHERS)
def make_best(image_id):
    """Make what is left of the sizes of an image (background task)."""
    _make(image_id, all_specs())


def _make(image_id, specs):
    image = apps.get_model("core", "Image").objects.filter(pk=image_id).first()
    return make(image, specs) if image is not None else 0


def make_lost(image):
    """Queue the making of what an image lists and the storage no longer has; return how many files that is."""
    files = image.pictures.get("files", {})
    lost = {spec: name for spec, (name, *_size) in files.items() if not default_storage.exists(name)}
    if lost:
        left = {spec: file for spec, file in files.items() if spec not in lost}
        with transaction.atomic():
            image.renditions.filter(file__in=lost.values()).delete()
            type(image).objects.filter(pk=image.pk).update(pictures=image.pictures | {"files": left})
            generation.bump()
            # After the commit, and so after Wagtail's own tasks that delete files of these names.
            transaction.on_commit(lambda: make_all.using(priority=AFTER_ISSUES).enqueue(image.pk))
    return len(lost)


def withdraw(image):
    """Take away the finished files of an image whose rights have ended; what only the team sees stays."""
    files = image.renditions.exclude(file__startswith=f"{CLOSED_FOLDER}/")
    if not image.pictures and not files.exists():
        return
    with transaction.atomic():
        # Unless somebody gives it another day meanwhile.
        if type(image).objects.filter(pk=image.pk, rights_expire_on=image.rights_expire_on).update(pictures={}):
            files.delete()
            generation.bump()
            image.pictures = {}


def is_complete(image, specs):
    """Return whether these files of an image, as it is now, are finished."""
    return image.pictures.get("key") == source_key(image) and set(specs) <= set(image.pictures["files"])


def complete_all():
    """Queue the making of whatever is missing, as after a full disk; take away what may not be shown any more."""
    wanted = all_specs()
    for image in all_images():
        if not image.rights_last:
            withdraw(image)
        elif not is_complete(image, wanted):
            make_all.using(priority=AFTER_ISSUES).enqueue(image.pk)


def all_images():
    """Return all images, to be read while they are changed."""
    return chain.from_iterable(portions(apps.get_model("core", "Image").objects.order_by("pk"), AT_ONCE))


def prepare(image, at_once=True):
    """Start making an image's pictures: the fallbacks now, the rest by the worker."""
    if at_once:
        make(image, fallback_specs())
    make_all.enqueue(image.pk)


def sources(image, name):
    """Return how to show an image in a shape, or None while nothing is finished.

    Returns:
        {"src", "width", "height", "offers", "sizes"} with addresses of finished files only; offers is {format: srcset},
        the best first.
    """
    shape = SHAPES[name]
    files = _finished(image)
    fallback = files.get(f"{shape.spec(shape.fallback)}|format-jpeg")
    if fallback is None:
        return None
    offers = {kind: _srcset(files, shape, kind, widths) for kind, widths in shape.offers().items()}
    return {
        "src": address(fallback[0]),
        "width": fallback[1],
        "height": fallback[2],
        "offers": {kind: srcset for kind, srcset in offers.items() if srcset},
        "sizes": shape.sizes,
    }


def _srcset(files, shape, kind, widths):
    """Return the srcset of the finished files of a format; a small original has fewer sizes than were asked for."""
    found = {}
    for width in widths:
        if file := files.get(f"{shape.spec(width)}|format-{kind}"):
            found[file[1]] = f"{address(file[0])} {file[1]}w"
    return ", ".join(found[width] for width in sorted(found))


def _finished(image):
    """Return the finished files of an image that may still be shown."""
    return image.pictures.get("files", {}) if image and image.rights_last else {}


def state(image):
    """Return a hashable value that differs whenever an image would be shown otherwise."""
    files = _finished(image)
    # What was taken away may come back under other names.
    return hash((image.pictures["key"], *(name for name, _width, _height in files.values()))) if files else None


def shared(image):
    """Return the picture for shared links as {"url", "width", "height"}, its address in full, or None."""
    found = _finished(image).get(SHARED_SPEC)
    return {"url": sites.absolute(address(found[0])), "width": found[1], "height": found[2]} if found else None


def address(name):
    """Return the public address of a stored file."""
    return default_storage.url(name)
