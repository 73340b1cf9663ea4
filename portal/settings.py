"""Production settings; test settings relax them, so that forgetting something fails safe.

Every value that an operator sets comes from the environment and stands in docs/operations.md.
"""

from pathlib import Path
from urllib.parse import urlsplit

from portal import addresses, caches, databases, front_caches, languages, mailing, stores, translators
from portal.environment import Environment, Refused

env = Environment()
BASE_DIR = Path(__file__).resolve().parents[1]
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise Refused("VAR_DIR", f"is {VAR_DIR}, which cannot be made ({error.strerror}).") from None
# `make run` keeps its choices here; what the environment says comes first.
if (VAR_DIR / "portal.env").exists():
    Environment.read_env(VAR_DIR / "portal.env")

env.require("SECRET_KEY", "ALLOWED_HOSTS")

SECRET_KEY = env("SECRET_KEY")
ADDRESS_KEY = env("ADDRESS_KEY", default=SECRET_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")

PUBLIC_URL = addresses.read(env("PUBLIC_URL", default=""), ALLOWED_HOSTS, is_http_allowed=env.flag("ALLOW_HTTP"))
public = urlsplit(PUBLIC_URL)
IS_HTTPS = public.scheme == "https"

INSTALLED_APPS = [
    *("portal", "home", "news", "contact", "newsletter", "search", "translation", "core", "delivery"),
    "wagtail_localize",
    "wagtail_localize.locales",
    *(f"wagtail.contrib.{name}" for name in ("redirects", "routable_page", "settings", "typed_table_block")),
    "wagtail.api.v2",
    *(f"wagtail.{name}" for name in ("embeds", "sites", "users", "snippets", "documents", "images", "search", "admin")),
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "django_tasks",
    "django_tasks_db",
    *(f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages", "staticfiles")),
]

MIDDLEWARE = [
    "delivery.middleware.HealthMiddleware",
    "delivery.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "delivery.maintenance.MaintenanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "delivery.middleware.UrlLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "delivery.redirects.RedirectMiddleware",
]

ROOT_URLCONF = "portal.urls"
loaders = ["delivery.loaders.IndentFreeLoader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [VAR_DIR / "look/templates", BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", loaders)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.language",
            ],
            "builtins": ["core.templatetags.portal", "django.templatetags.i18n"],
        },
    }
]

# Data -------------------------------------------------------------------------------------
database_url = env("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/portal.sqlite3")
DATABASES = {"default": databases.read(database_url, seconds=env.number("CONN_MAX_AGE", default=600))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = caches.read(env("CACHE_URL", default=""), folder=VAR_DIR / "pages")
PAGE_CACHE_MB = env.number("PAGE_CACHE_MB", default=64)
WAGTAILFRONTENDCACHE = front_caches.read(env("FRONT_CACHE_URL", default=""))
FRONT_CACHE_SECONDS = env.number("FRONT_CACHE_SECONDS", default=60) if WAGTAILFRONTENDCACHE else 0
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"

mail_url = env("EMAIL_URL", default=f"filemail:///{VAR_DIR}/mail")
EMAIL_BACKEND = "core.mail.QueuedEmailBackend"
vars().update(mailing.read(mail_url, timeout=10, webhook_secret=env("WEBHOOK_SECRET", default="")))
if "ANYMAIL" in vars():
    INSTALLED_APPS.append("anymail")
NEWSLETTER_COUNTS = env.flag("NEWSLETTER_COUNTS")
NEWSLETTER_PER_MINUTE = env.number("NEWSLETTER_PER_MINUTE", default=600)
# No date is so many days ago as a slip of the hand can name.
KEEP_ENQUIRIES_DAYS = env.number("KEEP_ENQUIRIES_DAYS", default=730, most=36_500)
KEEP_SPAM_DAYS = env.number("KEEP_SPAM_DAYS", default=30, most=36_500)
mail_host = f"[IPv6:{public.hostname}]" if "[" in public.netloc else public.hostname
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("MAIL_FROM", default=f"portal@{mail_host}")
MAIL_ADDRESS = mailing.address("MAIL_FROM", DEFAULT_FROM_EMAIL)
MAIL_BOUNCES = mailing.address("MAIL_BOUNCES", env("MAIL_BOUNCES", default=MAIL_ADDRESS))
MAILBOX_URL = mailing.mailbox(env("MAILBOX_URL", default=""))

# Files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [folder for folder in (VAR_DIR / "look/static", BASE_DIR / "static") if folder.is_dir()]
MEDIA_URL = "/media/"
MEDIA_ROOT, uploads = stores.read(env("STORAGE_URL", default=""), folder=VAR_DIR / "media")
STORAGES = {"default": uploads, "staticfiles": {"BACKEND": "delivery.storage.HashedStaticFiles"}}

# People -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL, LOGIN_REDIRECT_URL = "wagtailadmin_login", "wagtailadmin_home"

# Languages --------------------------------------------------------------------------------
LANGUAGES = languages.read(env.list("LANGUAGES", default=["en", "cy", "ar"]))
LANGUAGE_CODE = LANGUAGES[0][0]
WAGTAIL_CONTENT_LANGUAGES = WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = env.time_zone("TIME_ZONE", default="Europe/London")
# Pressing "Translate" must never publish the untranslated text (docs/decisions/0004).
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
MACHINE_TRANSLATION_URL = translators.read(env("MACHINE_TRANSLATION_URL", default=""))

# Wagtail ----------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Portal"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_ENABLE_UPDATE_CHECK = WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILUSERS_PASSWORD_REQUIRED = False
WAGTAIL_PASSWORD_REQUIRED_TEMPLATE = WAGTAILDOCS_PASSWORD_REQUIRED_TEMPLATE = "core/password_required.html"
WAGTAILIMAGES_IMAGE_MODEL = "core.Image"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_AVIF_QUALITY, WAGTAILIMAGES_WEBP_QUALITY = 55, 78
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILDOCS_DOCUMENT_MODEL = "core.Document"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_MAX_UPLOAD_SIZE, WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024, 100 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "mp3", "mp4", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backend"}}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
rich_text = ["bold", "italic", "link", "document-link", "ol", "ul", "superscript", "subscript"]
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {"WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea", "OPTIONS": {"features": rich_text}}
}

# Transport --------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_SSL_REDIRECT = IS_HTTPS
# Hosts below this one are not Portal's to promise https for (W005, W021); the admin shows pages in frames (W019).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W019", "security.W021"]
SECURE_REFERRER_POLICY, X_FRAME_OPTIONS = "strict-origin-when-cross-origin", "SAMEORIGIN"
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", default=0)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
EDITORS_SOCKET = env("EDITORS_SOCKET", default="")

# Templates say at DEBUG all that a page was given, and so what readers wrote.
levels = {"portal": "INFO", "django.template": "INFO", "django_tasks": "WARNING"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {name: {"level": level} for name, level in levels.items()},
}

if env("SENTRY_DSN", default=""):
    from portal import error_reports

    error_reports.begin(env("SENTRY_DSN"))
